// SPDX-License-Identifier: Apache-2.0
#include "formats/dotnet/dotnet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "base/text.h"
#include "formats/dotnet/assembly.h"
#include "formats/dotnet/classes.h"
#include "formats/dotnet/tables.h"

namespace vitrine::dotnet {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// An assembly written by hand, a row or more of most tables.
class DotnetTest : public testing::Test {
 protected:
  DotnetTest() {
    std::ifstream in(
        std::string(VITRINE_SOURCE_DIR) + "/fuzz/corpus/dotnet_fuzz/demo",
        std::ios::binary);
    CHECK(in.good());
    file_.assign(std::istreambuf_iterator<char>(in), {});
  }

  Result<Image> Open() {
    const auto pe = pe::Parse(file_);
    CHECK(pe.ok());
    return Parse(file_, pe.value());
  }

  // Where the only "BSJB" is.
  size_t Root() const { return std::string_view(AsText(file_)).find("BSJB"); }

  ByteVector file_;
};

std::string Narrow(Bytes utf16) {
  std::string text;
  for (size_t i = 0; i < utf16.size(); i += 2) {
    text += static_cast<char>(utf16[i]);
  }
  return text;
}

TEST_F(DotnetTest, FindsStreams) {
  const auto image = Open();
  ASSERT_TRUE(image.ok());
  EXPECT_EQ(image.value().version, "v4.0.30319");
  std::vector<std::string_view> names;
  for (const Stream& stream : image.value().streams) {
    names.push_back(stream.name);
  }
  EXPECT_THAT(names, ElementsAre("#~", "#Strings", "#US", "#GUID", "#Blob"));
  EXPECT_EQ(image.value().streams[0].offset, 748u);
}

TEST_F(DotnetTest, RefusesWhatHasNoMetadata) {
  file_[Root()] = 'X';
  EXPECT_FALSE(Open().ok());
}

TEST_F(DotnetTest, RefusesEndlessVersions) {
  file_[Root() + 13] = 1;
  EXPECT_FALSE(Open().ok());
}

TEST_F(DotnetTest, ReadsWhatTheAssemblySaysOfItself) {
  const auto image = Open();
  const auto pe = pe::Parse(file_);
  const Tables tables(image.value());
  EXPECT_EQ(ModuleName(tables), "demo.dll");
  const auto assembly = ReadAssembly(tables);
  ASSERT_TRUE(assembly);
  EXPECT_EQ(assembly->name, "demo");
  EXPECT_EQ(assembly->culture, "de");
  EXPECT_EQ(assembly->version.revision, 4);
  const auto refs = ReadAssemblyRefs(tables);
  ASSERT_EQ(refs.size(), 1u);
  EXPECT_EQ(refs[0].name, "mscorlib");
  EXPECT_EQ(ToHex(*refs[0].public_key_or_token), "b77a5c561934e089");
  EXPECT_THAT(ModuleRefs(tables), ElementsAre("kernel32"));
  EXPECT_EQ(TypeLibrary(tables), "guid");
  EXPECT_THAT(Guids(tables),
              ElementsAre("03020100-0504-0706-0809-0a0b0c0d0e0f"));
  EXPECT_THAT(FieldOffsets(pe.value(), tables), ElementsAre(0x210u));
  const auto resources =
      ReadEmbeddedResources(image.value(), pe.value(), tables);
  ASSERT_EQ(resources.size(), 1u);
  EXPECT_EQ(resources[0].name, "demo.resources");
  EXPECT_EQ(AsText(Clip(file_, *resources[0].offset, *resources[0].size)),
            "resource");
}

TEST_F(DotnetTest, ResourcesWithoutABaseCountFromBeforeTheFile) {
  const auto before = pe::Parse(file_);
  ASSERT_TRUE(before.ok());
  const auto header = pe::RvaToOffset(
      before.value(),
      before.value().directory(pe::Directory::kComDescriptor).address);
  ASSERT_TRUE(header);
  file_[*header + 27] = 0x7f;  // No section is there.
  const auto image = Open();
  const auto pe = pe::Parse(file_);
  const Tables tables(image.value());
  const auto at = tables.Cell(Table::kManifestResource, 1, 0);
  const auto resources =
      ReadEmbeddedResources(image.value(), pe.value(), tables);
  ASSERT_EQ(resources.size(), 1u);
  EXPECT_EQ(resources[0].offset,
            at == 0 ? std::nullopt : std::optional<uint64_t>(at + 3));
}

TEST_F(DotnetTest, ReadsStringsOfCodeAndConstants) {
  const auto image = Open();
  const Tables tables(image.value());
  const auto strings = UserStrings(tables);
  ASSERT_EQ(strings.size(), 2u);
  EXPECT_EQ(Narrow(strings[0]), "hello");
  EXPECT_EQ(Narrow(strings[1]), "x");
  const auto constants = StringConstants(tables);
  ASSERT_EQ(constants.size(), 1u);
  EXPECT_EQ(Narrow(constants[0]), "const");
}

TEST_F(DotnetTest, SpellsClassesAndTypes) {
  const auto image = Open();
  const Tables tables(image.value());
  const auto classes = ReadClasses(tables);
  ASSERT_EQ(classes.size(), 3u);

  const Class& outer = classes[0];
  EXPECT_EQ(outer.full_name, "Demo.Space.Outer");
  EXPECT_EQ(outer.visibility, "public");
  EXPECT_TRUE(outer.is_abstract);
  EXPECT_THAT(outer.generic_parameters, ElementsAre("TClass"));
  EXPECT_THAT(outer.base_types,
              ElementsAre("System.Object",
                          "System.Collections.Generic.IEnumerable<TClass>"));
  ASSERT_EQ(outer.methods.size(), 2u);
  EXPECT_EQ(outer.methods[0].return_type, "void");
  EXPECT_EQ(outer.methods[0].parameters[0].name, "text");
  EXPECT_EQ(outer.methods[0].parameters[1].type, "int[]");
  const Method& make = outer.methods[1];
  EXPECT_TRUE(make.is_static);
  EXPECT_EQ(make.return_type, "T");
  EXPECT_EQ(make.parameters[0].type, "ref TClass");
  EXPECT_EQ(make.parameters[1].type,
            "System.Collections.Generic.IEnumerable<string>");

  EXPECT_EQ(classes[1].full_name, "Demo.Space.Outer.Nested");
  EXPECT_EQ(classes[1].name_space, "Demo.Space.Outer");
  EXPECT_EQ(classes[1].visibility, "private");
  ASSERT_EQ(classes[1].methods.size(), 1u);
  EXPECT_EQ(classes[1].methods[0].return_type, std::nullopt);

  EXPECT_TRUE(classes[2].is_interface);
  EXPECT_THAT(classes[2].base_types, IsEmpty());
  const Method& odd = classes[2].methods[0];
  EXPECT_EQ(odd.return_type, "int[3,]");
  EXPECT_EQ(odd.parameters[0].type, "FnPtr<bool(IntPtr)>");
  EXPECT_EQ(odd.parameters[1].type, "Ptr<char>");
}

TEST_F(DotnetTest, TooManyRowsHideWhatFollows) {
  const auto at = Open().value().streams[0].offset;
  // The second row count: of TypeRef.
  file_[at + 24 + 4] = 0x99;
  file_[at + 24 + 5] = 0x3a;  // 15001.
  const auto image = Open();
  const Tables tables(image.value());
  EXPECT_EQ(ModuleName(tables), "demo.dll");
  EXPECT_FALSE(tables.is_whole());
  EXPECT_EQ(tables.row_count(Table::kTypeDef), 0u);
  EXPECT_THAT(ReadClasses(tables), IsEmpty());
}

TEST(PackedTest, HasThreeSizes) {
  const auto read = [](ByteVector bytes) { return ReadPacked(bytes); };
  EXPECT_EQ(read({0x7f})->value, 0x7fu);
  EXPECT_EQ(read({0x81, 0x02})->value, 0x102u);
  EXPECT_EQ(read({0xc0, 0x01, 0x00, 0x02})->value, 0x10002u);
  EXPECT_EQ(read({0xc0, 0x01, 0x00, 0x02})->size, 4u);
  EXPECT_FALSE(read({}));
  EXPECT_FALSE(read({0x81}));
  EXPECT_FALSE(read({0xe0, 0, 0, 0}));
}

}  // namespace
}  // namespace vitrine::dotnet
