// SPDX-License-Identifier: Apache-2.0
#include "formats/pe/imports.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/pe/image_builder.h"

namespace vitrine::pe {
namespace {

using testing::ElementsAre;

uint32_t PutHint(ImageBuilder& builder, std::string_view name) {
  CodeWriter hint;
  hint.U16(0);
  hint.Raw(AsBytes(name));
  hint.U8(0);
  return builder.Put(std::move(hint));
}

uint32_t PutThunks(ImageBuilder& builder, std::vector<uint32_t> thunks) {
  CodeWriter out;
  for (const uint32_t thunk : thunks) out.U32(thunk);
  out.U32(0);
  return builder.Put(std::move(out));
}

struct Descriptor {
  uint32_t names, library, addresses;
};

Imports Read(ImageBuilder& builder, std::vector<Descriptor> descriptors) {
  CodeWriter out;
  for (const Descriptor& d : descriptors) {
    for (const uint32_t field : {d.names, 0u, 0u, d.library, d.addresses}) {
      out.U32(field);
    }
  }
  for (int i = 0; i < 5; ++i) out.U32(0);
  builder.SetDirectory(Directory::kImport, builder.Put(std::move(out)), 20);
  // Names of libraries are views of the file.
  static std::vector<ByteVector> files;
  files.push_back(builder.Build());
  const auto image = Parse(files.back());
  CHECK(image.ok());
  return ReadImports(image.value());
}

std::vector<std::string> NamesOf(const ImportedLibrary& library) {
  std::vector<std::string> names;
  for (const auto& function : library.functions) names.push_back(function.name);
  return names;
}

TEST(ImportsTest, ReadsNamesOrdinalsAndSlots) {
  ImageBuilder builder;
  const uint32_t thunks = PutThunks(
      builder, {PutHint(builder, "WSAStartup"), 0x80000001, 0x800003e7});
  const Imports imports =
      Read(builder, {{thunks, builder.PutText("WS2_32.dll"), 0x5000}});
  ASSERT_EQ(imports.libraries.size(), 1u);
  EXPECT_EQ(imports.libraries[0].name, "WS2_32.dll");
  EXPECT_THAT(NamesOf(imports.libraries[0]),
              ElementsAre("WSAStartup", "accept", "ord999"));
  EXPECT_EQ(imports.libraries[0].functions[1].rva, 0x5004u);
  EXPECT_EQ(imports.libraries[0].functions[1].ordinal, 1);
  EXPECT_EQ(imports.libraries[0].functions[0].ordinal, std::nullopt);
  EXPECT_EQ(ImphashText(imports),
            "ws2_32.wsastartup,ws2_32.accept,ws2_32.ord999");
}

TEST(ImportsTest, TakesAddressesWhereThereAreNoNames) {
  ImageBuilder builder;
  const uint32_t thunks = PutThunks(builder, {PutHint(builder, "Foo")});
  const uint32_t library = builder.PutText("a.ocx");
  const Imports imports =
      Read(builder, {{0, library, thunks}, {0x99999, library, thunks}});
  ASSERT_EQ(imports.libraries.size(), 2u);
  EXPECT_EQ(ImphashText(imports), "a.foo,a.foo");
}

TEST(ImportsTest, LeavesOutWhatIsNoName) {
  ImageBuilder builder;
  const uint32_t good = PutHint(builder, "Good");
  const uint32_t thunks =
      PutThunks(builder, {PutHint(builder, "not a name"), PutHint(builder, ""),
                          0x99999, 0x80010001, good});
  const uint32_t one = PutThunks(builder, {good});
  const Imports imports =
      Read(builder, {{one, builder.PutText("a\"b.dll"), 0x5000},
                     {one, builder.PutText(std::string(256, 'x')), 0x5000},
                     {PutThunks(builder, {}), builder.PutText("e.dll"), 0x5000},
                     {thunks, builder.PutText("b.dll"), 0x5000},
                     {one, 0, 0x5000},
                     {one, builder.PutText("after.dll"), 0x5000}});
  ASSERT_EQ(imports.libraries.size(), 1u);
  EXPECT_THAT(NamesOf(imports.libraries[0]), ElementsAre("Good"));
}

TEST(ImportsTest, DelayedImportsEndWhereAddressesEnd) {
  for (const bool is_old : {false, true}) {
    ImageBuilder builder;
    const uint32_t base = is_old ? 0x400000 : 0;
    const uint32_t names = PutThunks(
        builder,
        {base + PutHint(builder, "A b"), base + PutHint(builder, "Second")});
    const uint32_t addresses = PutThunks(builder, {1});
    const uint32_t library = builder.PutText("user32.dll");
    CodeWriter out;
    for (const uint32_t field :
         {is_old ? 0u : 1u, base + library, 0u, base + addresses, base + names,
          0u, 0u, 0u, 0u, 0u}) {
      out.U32(field);
    }
    builder.SetDirectory(Directory::kDelayImport, builder.Put(std::move(out)),
                         64);
    const ByteVector file = builder.Build();
    const auto image = Parse(file);
    ASSERT_TRUE(image.ok());
    const Imports imports = ReadDelayedImports(image.value());
    ASSERT_EQ(imports.libraries.size(), 1u);
    EXPECT_THAT(NamesOf(imports.libraries[0]), ElementsAre("A b"));
    EXPECT_EQ(imports.libraries[0].functions[0].rva, addresses);
  }
}

TEST(ImportsTest, ClamavKnowsPlainNamesOf32Bits) {
  const auto text_of = [](bool is_64, std::string_view function,
                          uint32_t directory_size) {
    ImageBuilder builder(is_64);
    const uint32_t thunks = PutThunks(builder, {PutHint(builder, function), 0});
    CodeWriter out;
    for (const uint32_t field : {thunks, 0u, 0u, builder.PutText("a.b.dll"),
                                 thunks, 0u, 0u, 0u, 0u, 0u}) {
      out.U32(field);
    }
    builder.SetDirectory(Directory::kImport, builder.Put(std::move(out)),
                         directory_size);
    const ByteVector file = builder.Build();
    return ClamavImphashText(Parse(file).value());
  };
  EXPECT_EQ(text_of(false, "Foo", 40), "a.b.dll.foo");
  EXPECT_EQ(text_of(false, "Foo@8", 40), std::nullopt);
  EXPECT_EQ(text_of(false, "Foo", 20), std::nullopt);
  EXPECT_EQ(text_of(true, "Foo", 40), std::nullopt);
}

TEST(ImportsTest, StopsAtItsLimit) {
  ImageBuilder builder;
  const uint32_t thunks =
      PutThunks(builder, std::vector<uint32_t>(20000, 0x80000001));
  const Imports imports =
      Read(builder, {{thunks, builder.PutText("a.dll"), 0x5000}});
  EXPECT_TRUE(imports.cut);
  EXPECT_EQ(imports.function_count, 16384u);
}

}  // namespace
}  // namespace vitrine::pe
