// SPDX-License-Identifier: Apache-2.0
// Exports, the Rich header and the debug directory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "formats/pe/debug.h"
#include "formats/pe/exports.h"
#include "formats/pe/image_builder.h"
#include "formats/pe/rich.h"

namespace vitrine::pe {
namespace {

// Functions at 0x1800, nowhere, and a forward; "first", "third" and a second
// name for the first.
ByteVector WithExports(uint32_t function_count, uint32_t name_count) {
  ImageBuilder builder;
  const uint32_t directory = builder.next_rva();
  builder.Put(ByteVector(40));
  const uint32_t forward = builder.PutText("NTDLL.Sleep");
  const uint32_t end = builder.next_rva();
  CodeWriter functions, names, ordinals;
  for (const uint32_t rva : {0x1080u, 0u, forward}) functions.U32(rva);
  for (const char* name : {"first", "third", "again"}) {
    names.U32(builder.PutText(name));
  }
  for (const uint16_t ordinal : std::to_array<uint16_t>({0, 2, 0}))
    ordinals.U16(ordinal);
  const uint32_t library = builder.PutText("demo.dll");
  const uint32_t function_table = builder.Put(std::move(functions));
  const uint32_t name_table = builder.Put(std::move(names));
  const uint32_t ordinal_table = builder.Put(std::move(ordinals));
  builder.SetDirectory(Directory::kExport, directory, end - directory);
  ByteVector file = builder.Build();
  CodeWriter header;
  for (const uint32_t field :
       {0u, 0x1234u, 0u, library, 5u, function_count, name_count,
        function_table, name_table, ordinal_table}) {
    header.U32(field);
  }
  const ByteVector bytes = header.Take();
  std::copy(bytes.begin(), bytes.end(),
            file.begin() + (directory - 0x1000 + 0x200));
  return file;
}

TEST(ExportsTest, ReadsFunctionsNamesAndForwards) {
  const ByteVector file = WithExports(3, 3);
  const auto image = Parse(file);
  ASSERT_TRUE(image.ok());
  const Exports exports = ReadExports(image.value());
  EXPECT_EQ(exports.timestamp, 0x1234u);
  EXPECT_EQ(exports.library_name, "demo.dll");
  ASSERT_EQ(exports.functions.size(), 3u);
  EXPECT_EQ(exports.functions[0].name, "first");
  EXPECT_EQ(exports.functions[0].ordinal, 5u);
  EXPECT_EQ(exports.functions[0].offset, 0x280u);
  EXPECT_EQ(exports.functions[1].name, std::nullopt);
  EXPECT_EQ(exports.functions[1].rva, 0u);
  EXPECT_EQ(exports.functions[2].forward, "NTDLL.Sleep");
  EXPECT_EQ(exports.functions[2].offset, std::nullopt);
}

TEST(ExportsTest, TablesThatEndAfterTheFileAreNone) {
  for (const auto& [functions, names] :
       {std::pair{2000u, 3u}, std::pair{3u, 2000u}}) {
    const ByteVector file = WithExports(functions, names);
    const auto image = Parse(file);
    ASSERT_TRUE(image.ok());
    const Exports exports = ReadExports(image.value());
    EXPECT_TRUE(exports.functions.empty());
    EXPECT_EQ(exports.library_name, "demo.dll");
  }
}

TEST(ExportsTest, NoDirectoryNoExports) {
  const ByteVector file = ImageBuilder().Build();
  const auto image = Parse(file);
  ASSERT_TRUE(image.ok());
  EXPECT_EQ(ReadExports(image.value()).timestamp, std::nullopt);
}

// A file whose PE header is at 0x100, so that there is room before it.
ByteVector WithRichHeader(uint32_t key) {
  ByteVector file = ImageBuilder().Build();
  file.insert(file.begin() + 0x40, 0xc0, 0);
  CodeWriter rich;
  for (const uint32_t word :
       {0x536e6144u, 0u, 0u, 0u, 0x01046b14u, 3u, 0x00010000u, 7u}) {
    rich.U32(word ^ key);
  }
  rich.U32(0x68636952);
  rich.U32(key);
  const ByteVector bytes = rich.Take();
  std::copy(bytes.begin(), bytes.end(), file.begin() + 0x80);
  file[0x3c] = 0;
  file[0x3d] = 1;
  return file;
}

TEST(RichTest, UnmasksTools) {
  const ByteVector file = WithRichHeader(0x12345678);
  const auto image = Parse(file);
  ASSERT_TRUE(image.ok());
  const auto rich = ReadRichHeader(image.value());
  ASSERT_TRUE(rich);
  EXPECT_EQ(rich->offset, 0x80u);
  EXPECT_EQ(rich->key, 0x12345678u);
  EXPECT_EQ(rich->raw.size(), 32u);
  EXPECT_EQ(AsText(Bytes(rich->clear).first(4)), "DanS");
  ASSERT_EQ(rich->tools.size(), 2u);
  EXPECT_EQ(rich->tools[0].id, 0x104);
  EXPECT_EQ(rich->tools[0].version, 0x6b14);
  EXPECT_EQ(rich->tools[0].count, 3u);
  EXPECT_EQ(ToHex(*rich->versions), "146b040100000100");
}

TEST(RichTest, AHeaderShorterThanItsPrefixHasNoVersions) {
  ByteVector file = WithRichHeader(0x12345678);
  const auto versions = [&file] {
    const auto image = Parse(file);
    CHECK(image.ok());
    return ReadRichHeader(image.value())->versions;
  };
  // The end moves forward, to 16 and to 12 bytes after the start.
  std::copy_n(file.begin() + 0xa0, 8, file.begin() + 0x90);
  ASSERT_TRUE(versions());
  EXPECT_TRUE(versions()->empty());
  std::copy_n(file.begin() + 0xa0, 8, file.begin() + 0x8c);
  EXPECT_FALSE(versions());
}

TEST(RichTest, NeedsBothItsEnds) {
  ByteVector file = WithRichHeader(0x12345678);
  file[0x80] ^= 1;
  auto image = Parse(file);
  ASSERT_TRUE(image.ok());
  EXPECT_FALSE(ReadRichHeader(image.value()));
  const ByteVector without = ImageBuilder().Build();
  image = Parse(without);
  EXPECT_FALSE(ReadRichHeader(image.value()));
}

ByteVector WithDebugEntry(std::string_view record) {
  ImageBuilder builder;
  const uint32_t data = builder.Put(AsBytes(record));
  CodeWriter entry;
  for (const uint32_t field : {0u, 0u, 0u, 2u, 100u, data, 0u}) {
    entry.U32(field);
  }
  builder.SetDirectory(Directory::kDebug, builder.Put(std::move(entry)), 28);
  return builder.Build();
}

TEST(DebugTest, ReadsPathsOfAllKinds) {
  for (const auto& [record, path] :
       {std::pair{std::string("RSDS") + std::string(20, 'g') + "c:\\a.pdb",
                  "c:\\a.pdb"},
        std::pair{std::string("NB10") + std::string(12, 'g') + "b.pdb",
                  "b.pdb"},
        std::pair{std::string("MTOC") + std::string(16, 'g') + "/c.dll",
                  "/c.dll"}}) {
    const ByteVector file = WithDebugEntry(record + '\0');
    const auto image = Parse(file);
    ASSERT_TRUE(image.ok());
    EXPECT_EQ(PdbPath(image.value()), path);
  }
  const ByteVector file = WithDebugEntry("XXXX");
  const auto image = Parse(file);
  EXPECT_EQ(PdbPath(image.value()), std::nullopt);
}

}  // namespace
}  // namespace vitrine::pe
