// SPDX-License-Identifier: Apache-2.0
#include "formats/dex/dex.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/dex/dex_builder.h"
#include "formats/dex/limits.h"

namespace vitrine::dex {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class DexTest : public testing::Test {
 protected:
  File Parsed() const {
    auto file = Parse(bytes_);
    EXPECT_TRUE(file.ok());
    return std::move(file).value();
  }
  std::string_view Text(const String& item) const {
    return AsText(bytes_).substr(item.text_offset, item.units);
  }
  void Put32(size_t at, uint32_t value) {
    for (size_t i = 0; i < 4; ++i) {
      bytes_[at + i] = static_cast<uint8_t>(value >> (8 * i));
    }
  }

  Sample sample_;
  ByteVector bytes_ = sample_.Build();
};

TEST_F(DexTest, ReadsHeaderAndTables) {
  const File file = Parsed();
  EXPECT_EQ(file.header.magic, std::string_view("dex\n035\0", 8));
  EXPECT_EQ(file.header.checksum, 0x12345678u);
  EXPECT_EQ(file.header.file_size, bytes_.size());
  const auto strings = StringOffsetsOf(file);
  ASSERT_TRUE(strings.has_value());
  ASSERT_THAT(*strings, SizeIs(6));
  EXPECT_EQ(Text(*StringAt(file, (*strings)[0])), "<init>");
  EXPECT_EQ(Text(*StringAt(file, (*strings)[5])), "run");
  EXPECT_THAT(*TypesOf(file), testing::ElementsAre(1, 2, 3));
  EXPECT_EQ(ProtosOf(file)->at(0).return_type, 2u);
  EXPECT_EQ(FieldIdsOf(file)->at(0).name, 4u);
  EXPECT_EQ(MethodIdsOf(file)->at(1).name, 5u);
  EXPECT_EQ(ClassDefsOf(file)->at(0).super_class, 0xffffffffu);
  const auto map = MapOf(file);
  ASSERT_TRUE(map.has_value());
  ASSERT_THAT(map->items, SizeIs(2));
  EXPECT_EQ(map->items[1].type, 0x1000);
}

TEST_F(DexTest, ReadsClassDataAndCode) {
  const File file = Parsed();
  uint32_t budget = 3;
  const auto data =
      ClassDataAt(file, static_cast<uint32_t>(sample_.class_data_at), budget);
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(budget, 0u);
  EXPECT_FALSE(data->cut);
  ASSERT_THAT(data->static_fields, SizeIs(1));
  EXPECT_EQ(data->static_fields[0].access_flags, 9u);
  ASSERT_THAT(data->direct_methods, SizeIs(1));
  EXPECT_EQ(data->direct_methods[0].code_offset, sample_.code_at);
  ASSERT_THAT(data->virtual_methods, SizeIs(1));
  EXPECT_EQ(data->virtual_methods[0].index, 1u);
  const auto code = CodeAt(file, data->direct_methods[0].code_offset);
  ASSERT_TRUE(code.has_value());
  EXPECT_EQ(code->registers_size, 1);
  ASSERT_TRUE(code->instructions.has_value());
  EXPECT_THAT(*code->instructions, SizeIs(4));
}

TEST_F(DexTest, MembersEndWithTheBudget) {
  const File file = Parsed();
  uint32_t budget = 2;
  const auto data =
      ClassDataAt(file, static_cast<uint32_t>(sample_.class_data_at), budget);
  ASSERT_TRUE(data.has_value());
  EXPECT_TRUE(data->cut);
  EXPECT_EQ(budget, 0u);
  EXPECT_THAT(data->virtual_methods, IsEmpty());
}

TEST_F(DexTest, AnIndexThatLeadsNowhereEndsItsList) {
  bytes_[sample_.class_data_at + 2] = 2;  // Two direct methods, of which
  bytes_[sample_.class_data_at + 6] = 2;  // the first is number 2 of 2.
  const File file = Parsed();
  uint32_t budget = kMembersMax;
  const auto data =
      ClassDataAt(file, static_cast<uint32_t>(sample_.class_data_at), budget);
  ASSERT_TRUE(data.has_value());
  EXPECT_TRUE(data->cut);
  ASSERT_THAT(data->direct_methods, SizeIs(1));
  EXPECT_EQ(data->direct_methods[0].index, 2u);
}

TEST_F(DexTest, TablesOutsideTheFileAreNone) {
  const size_t sizes[] = {56, 64, 72, 80, 88, 96};
  for (const size_t at : sizes) Put32(at, 0x40000000);
  const File file = Parsed();
  EXPECT_FALSE(StringOffsetsOf(file).has_value());
  EXPECT_FALSE(TypesOf(file).has_value());
  EXPECT_FALSE(ProtosOf(file).has_value());
  EXPECT_FALSE(FieldIdsOf(file).has_value());
  EXPECT_FALSE(MethodIdsOf(file).has_value());
  EXPECT_FALSE(ClassDefsOf(file).has_value());
}

TEST_F(DexTest, OffsetsOutsideTheFileLeadNowhere) {
  const File file = Parsed();
  uint32_t budget = kMembersMax;
  for (const uint32_t offset :
       {static_cast<uint32_t>(bytes_.size()), 0xfffffff0u, 0xffffffffu}) {
    EXPECT_FALSE(StringAt(file, offset).has_value());
    EXPECT_FALSE(ClassDataAt(file, offset, budget).has_value());
    EXPECT_FALSE(CodeAt(file, offset).has_value());
  }
}

TEST_F(DexTest, EveryPrefixIsRead) {
  const ByteVector whole = bytes_;
  for (size_t size = 0; size < whole.size(); ++size) {
    bytes_.assign(whole.begin(), whole.begin() + static_cast<long>(size));
    const auto file = Parse(bytes_);
    ASSERT_EQ(file.ok(), size >= 112) << size;
    if (!file.ok()) continue;
    const auto map = MapOf(file.value());
    EXPECT_TRUE(!map || map->items.size() < map->size) << size;
  }
}

TEST_F(DexTest, RefusesOtherVersions) {
  bytes_[6] = '4';
  EXPECT_EQ(Parse(bytes_).error().code, Code::kInvalid);
  bytes_[6] = '9';
  EXPECT_TRUE(Parse(bytes_).ok());
  bytes_[7] = 1;
  EXPECT_EQ(Parse(bytes_).error().code, Code::kInvalid);
}

}  // namespace
}  // namespace vitrine::dex
