// SPDX-License-Identifier: Apache-2.0
#include "formats/pe/resources.h"

#include <gtest/gtest.h>

#include "formats/pe/icons.h"
#include "formats/pe/image_builder.h"
#include "formats/pe/version_info.h"

namespace vitrine::pe {
namespace {

constexpr uint32_t kFlag = 0x80000000;

// Builds one tree; offsets in it are of its start.
class Tree {
 public:
  uint32_t Directory(std::vector<std::pair<uint32_t, uint32_t>> entries,
                     uint32_t characteristics = 0) {
    const auto at = static_cast<uint32_t>(out_.size());
    for (const uint32_t field : {characteristics, 0x1234u, 0x00040003u}) {
      out_.U32(field);
    }
    out_.U16(0);
    out_.U16(static_cast<uint16_t>(entries.size()));
    for (const auto& [name, child] : entries) {
      out_.U32(name);
      out_.U32(child);
    }
    return at;
  }
  uint32_t Data(uint32_t rva, uint32_t size) {
    const auto at = static_cast<uint32_t>(out_.size());
    for (const uint32_t field : {rva, size, 0u, 0u}) out_.U32(field);
    return at;
  }
  uint32_t Text(std::string_view text) {
    const auto at = static_cast<uint32_t>(out_.size());
    out_.U16(static_cast<uint16_t>(text.size()));
    for (const char c : text) out_.U16(static_cast<uint8_t>(c));
    while (out_.size() % 4 != 0) out_.U8(0);
    return at;
  }
  void Patch(uint32_t at, uint32_t value) { out_.PatchU32(at, value); }
  ByteVector Take() { return out_.Take(); }

 private:
  CodeWriter out_;
};

ByteVector WithTree(ImageBuilder& builder, Tree& tree) {
  const ByteVector bytes = tree.Take();
  builder.SetDirectory(Directory::kResource, builder.Put(Bytes(bytes)),
                       static_cast<uint32_t>(bytes.size()));
  return builder.Build();
}

// type / 1 / 1033 = `content`.
ByteVector WithResource(uint32_t type, Bytes content) {
  ImageBuilder builder;
  const uint32_t rva = builder.Put(content);
  Tree tree;
  const uint32_t size = 24;  // Of a directory with one entry.
  tree.Directory({{type, kFlag | size}});
  tree.Directory({{1, kFlag | (2 * size)}});
  tree.Directory({{1033, 3 * size}});
  tree.Data(rva, static_cast<uint32_t>(content.size()));
  return WithTree(builder, tree);
}

TEST(ResourcesTest, WalksThreeLevels) {
  const ByteVector file = WithResource(10, AsBytes("payload!"));
  const auto image = Parse(file);
  ASSERT_TRUE(image.ok());
  const auto resources = ReadResources(image.value());
  ASSERT_TRUE(resources);
  EXPECT_EQ(resources->timestamp, 0x1234u);
  EXPECT_EQ(resources->version.major, 3);
  ASSERT_EQ(resources->entries.size(), 1u);
  const Resource& resource = resources->entries[0];
  EXPECT_EQ(resource.type.id, 10);
  EXPECT_EQ(resource.name->id, 1);
  EXPECT_EQ(resource.language->id, 1033);
  EXPECT_EQ(AsText(DataOf(image.value(), resource)), "payload!");
}

TEST(ResourcesTest, NamesAreTextsOrNegativeOutsideTheFile) {
  ImageBuilder builder;
  Tree tree;
  tree.Directory({{0, 0}, {kFlag | 0x7fff, 0}});
  const uint32_t text = tree.Text("AB");
  const uint32_t data = tree.Data(0x1000, 4);
  tree.Patch(16, kFlag | text);
  tree.Patch(20, data);
  tree.Patch(28, data);
  const ByteVector file = WithTree(builder, tree);
  const auto image = Parse(file);
  const auto resources = ReadResources(image.value());
  ASSERT_EQ(resources->entries.size(), 2u);
  EXPECT_TRUE(resources->entries[0].type.is_text);
  EXPECT_EQ(AsText(resources->entries[0].type.text),
            std::string_view("A\0B\0", 4));
  EXPECT_LT(resources->entries[1].type.id, 0);
  EXPECT_FALSE(resources->entries[0].language);
}

TEST(ResourcesTest, LoopsEndAtTheThirdLevel) {
  ImageBuilder builder;
  Tree tree;
  tree.Directory({{1, kFlag}, {2, kFlag}});
  // Every path of three leads to the directory, taken for a description.
  const ByteVector file = WithTree(builder, tree);
  const auto image = Parse(file);
  const auto resources = ReadResources(image.value());
  EXPECT_EQ(resources->entries.size(), 8u);
}

TEST(ResourcesTest, WideTreesAreCut) {
  ImageBuilder builder;
  Tree tree;
  // Every entry leads back to the root: 100 * 100 * 100 paths.
  tree.Directory(std::vector<std::pair<uint32_t, uint32_t>>(100, {1, kFlag}));
  const ByteVector file = WithTree(builder, tree);
  const auto image = Parse(file);
  const auto resources = ReadResources(image.value());
  EXPECT_TRUE(resources->cut);
  EXPECT_LE(resources->entries.size(), 65536u);
}

TEST(ResourcesTest, DirectoriesThatAreNoneHaveNoEntries) {
  ImageBuilder builder;
  Tree tree;
  tree.Directory({{1, 24}}, 7);
  tree.Data(0x1000, 4);
  const ByteVector file = WithTree(builder, tree);
  const auto image = Parse(file);
  EXPECT_TRUE(ReadResources(image.value())->entries.empty());
}

// Of the version resource: sizes, type, key, value, children; aligned.
ByteVector VersionNode(std::string_view key, std::string_view value,
                       const ByteVector& children, bool is_text) {
  CodeWriter out;
  out.U16(0);
  out.U16(static_cast<uint16_t>(is_text && !value.empty() ? value.size() + 1
                                                          : value.size()));
  out.U16(is_text);
  for (const char c : key) out.U16(static_cast<uint8_t>(c));
  out.U16(0);
  while (out.size() % 4 != 0) out.U8(0);
  if (is_text) {
    for (const char c : value) out.U16(static_cast<uint8_t>(c));
    if (!value.empty()) out.U16(0);
  } else {
    out.Raw(AsBytes(value));
  }
  out.Raw(children);
  ByteVector bytes = out.Take();
  bytes[0] = static_cast<uint8_t>(bytes.size());
  bytes[1] = static_cast<uint8_t>(bytes.size() >> 8);
  while (bytes.size() % 4 != 0) bytes.push_back(0);
  return bytes;
}

ByteVector operator+(ByteVector a, const ByteVector& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

ByteVector VersionResource() {
  const std::string fixed =
      std::string("\xbd\x04\xef\xfe", 4) + std::string(48, '\0');
  const ByteVector strings = VersionNode("CompanyName", "Acme", {}, true) +
                             VersionNode("Comments", "", {}, true) +
                             VersionNode("FileVersion", "1.2.3", {}, true);
  return VersionNode(
      "VS_VERSION_INFO", fixed,
      VersionNode("VarFileInfo", "", {}, true) +
          VersionNode("StringFileInfo", "",
                      VersionNode("040904b0", "", strings, true), true),
      false);
}

TEST(VersionInfoTest, ReadsStringsInOrder) {
  const ByteVector file = WithResource(16, VersionResource());
  const auto image = Parse(file);
  const auto resources = ReadResources(image.value());
  const auto strings = ReadVersionInfo(image.value(), *resources);
  ASSERT_EQ(strings.size(), 3u);
  EXPECT_EQ(strings[0].key, "CompanyName");
  EXPECT_EQ(strings[0].value, "Acme");
  EXPECT_EQ(strings[1].value, "");
  EXPECT_EQ(strings[2].value, "1.2.3");
  EXPECT_EQ(file[strings[0].offset], 'C');
  const auto offsets = WholeVersionStrings(image.value(), *resources);
  ASSERT_EQ(offsets.size(), 3u);
  EXPECT_EQ(offsets[2], strings[2].offset);
  EXPECT_EQ(Layout(image.value()).version_strings, offsets);
}

TEST(VersionInfoTest, WrongSizesHideStringsFromClamavOnly) {
  ByteVector resource = VersionResource();
  resource[0] = 0;
  resource[1] = 0;
  const ByteVector file = WithResource(16, resource);
  const auto image = Parse(file);
  const auto resources = ReadResources(image.value());
  EXPECT_EQ(ReadVersionInfo(image.value(), *resources).size(), 3u);
  EXPECT_TRUE(WholeVersionStrings(image.value(), *resources).empty());
}

TEST(IconsTest, FindsPicturesOfGroups) {
  ImageBuilder builder;
  CodeWriter group;
  for (const uint16_t word : std::to_array<uint16_t>({0, 1, 2}))
    group.U16(word);
  for (const uint16_t id : std::to_array<uint16_t>({7, 8})) {
    group.U8(0);  // 256 wide.
    group.U8(32);
    group.U16(0);
    group.U16(1);
    group.U16(8);
    group.U32(4);
    group.U16(id);
  }
  const uint32_t group_rva = builder.Put(std::move(group));
  const uint32_t icon_rva = builder.Put(AsBytes("ICON"));
  Tree tree;
  tree.Directory({{3, kFlag | 32}, {14, kFlag | 56}});
  tree.Directory({{7, kFlag | 80}});
  tree.Directory({{1, kFlag | 104}});
  tree.Directory({{0, 128}});
  tree.Directory({{0, 144}});
  tree.Data(icon_rva, 4);
  tree.Data(group_rva, 34);
  const ByteVector file = WithTree(builder, tree);
  const auto image = Parse(file);
  const auto icons = ReadIcons(image.value(), 100);
  ASSERT_EQ(icons.size(), 1u);  // There is no picture 8.
  EXPECT_EQ(icons[0].id, 7);
  EXPECT_EQ(icons[0].width, 256u);
  EXPECT_EQ(icons[0].height, 32u);
  EXPECT_EQ(icons[0].bits_per_pixel, 8);
  EXPECT_EQ(AsText(icons[0].data), "ICON");
  EXPECT_TRUE(ReadIcons(image.value(), 0).empty());
}

}  // namespace
}  // namespace vitrine::pe
