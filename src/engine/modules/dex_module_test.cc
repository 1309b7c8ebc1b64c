// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "engine/modules/all_modules.h"
#include "engine/modules/module_tester.h"
#include "formats/dex/dex_builder.h"

namespace vitrine::engine::modules {
namespace {

Value S(std::string_view value) { return value; }

// Stands for an expression: a text that must occur.
class Contains : public RegexMatcher {
 public:
  explicit Contains(std::string_view part) : part_(part) {}
  bool Matches(std::string_view text) const override {
    return text.find(part_) != std::string_view::npos;
  }

 private:
  std::string_view part_;
};

class DexModuleTest : public testing::Test {
 protected:
  dex::Sample sample_;
  ByteVector bytes_ = sample_.Build();
};

TEST_F(DexModuleTest, ShowsTablesAndMembers) {
  ModuleTester dex(kDexModule, bytes_);
  EXPECT_EQ(Text(dex.Top("header")[0].value()),
            Text(dex.Top("DEX_FILE_MAGIC_035").value()));
  EXPECT_EQ(dex.Top("string_ids").size(), 6u);
  EXPECT_EQ(Text(dex.Item("string_ids", 0, "value")), "<init>");
  EXPECT_EQ(Int(dex.Item("string_ids", 0, "size")), 6);
  EXPECT_EQ(Int(dex.Item("type_ids", 1, "descriptor_idx")), 2);
  EXPECT_EQ(Int(dex.Item("class_defs", 0, "super_class_idx")),
            Int(dex.Top("NO_INDEX").value()));
  EXPECT_EQ(Int(dex.Item("class_data_item", 0, "virtual_methods_size")), 1);
  EXPECT_EQ(Int(dex.Top("map_list")[0].value()), 2);
  EXPECT_EQ(Int(dex.Top("number_of_fields").value()), 1);
  EXPECT_EQ(Text(dex.Item("field", 0, "class_name")), "LA;");
  EXPECT_EQ(Text(dex.Item("field", 0, "name")), "f");
  EXPECT_EQ(Text(dex.Item("field", 0, "proto")), "I");
  EXPECT_EQ(Int(dex.Item("field", 0, "static")), 1);
  EXPECT_EQ(Int(dex.Top("number_of_methods").value()), 2);
  EXPECT_EQ(Text(dex.Item("method", 1, "name")), "run");
  EXPECT_EQ(Text(dex.Item("method", 1, "proto")), "V");
  EXPECT_EQ(Int(dex.Item("method", 1, "virtual")), 1);
  const Node code = dex.Top("method")[0][8];
  EXPECT_EQ(Int(code[5].value()), 2);
  EXPECT_EQ(Text(code[6].value()).size(), 4u);
  EXPECT_EQ(dex.Top("method")[1][8].size(), 0u);
}

TEST_F(DexModuleTest, FindsMethodsAndClasses) {
  ModuleTester dex(kDexModule, bytes_);
  EXPECT_EQ(Int(dex.Call("has_method", {S("run")})), 1);
  EXPECT_EQ(Int(dex.Call("has_method", {S("ru")})), 0);
  EXPECT_EQ(Int(dex.Call("has_method", {S("LA;"), S("run")})), 1);
  EXPECT_EQ(Int(dex.Call("has_method", {S("LB;"), S("run")})), 0);
  EXPECT_EQ(Int(dex.Call("has_class", {S("LA;")})), 1);
  EXPECT_EQ(Int(dex.Call("has_class", {S("A")})), 0);
  const Contains run("ru");
  const Contains a("A");
  const Contains other("other");
  const auto expression = [](const Contains& matcher) {
    return Value(static_cast<const RegexMatcher*>(&matcher));
  };
  EXPECT_EQ(Int(dex.Call("has_method", {expression(run)})), 1);
  EXPECT_EQ(Int(dex.Call("has_method", {expression(other)})), 0);
  EXPECT_EQ(Int(dex.Call("has_method", {expression(a), expression(run)})), 1);
  EXPECT_EQ(Int(dex.Call("has_method", {expression(other), expression(run)})),
            0);
  EXPECT_EQ(Int(dex.Call("has_class", {expression(a)})), 1);
}

TEST_F(DexModuleTest, NamesToMatchAreLimited) {
  // Both methods get a name of 33 MiB.
  constexpr uint32_t kSize = 33u << 20;
  for (const size_t i : {0u, 5u}) {
    const auto offset = static_cast<uint32_t>(bytes_.size());
    for (size_t b = 0; b < 4; ++b) {
      bytes_[sample_.strings_at + 4 * i + b] =
          static_cast<uint8_t>(offset >> (8 * b));
    }
    for (const unsigned shift : {0u, 7u, 14u}) {
      bytes_.push_back(static_cast<uint8_t>(kSize >> shift | 0x80));
    }
    bytes_.push_back(kSize >> 21);
    bytes_.resize(bytes_.size() + kSize);
  }
  ModuleTester dex(kDexModule, bytes_);
  const Contains run("run");
  const Value expression(static_cast<const RegexMatcher*>(&run));
  EXPECT_TRUE(IsUndefined(dex.Call("has_method", {expression})));
  EXPECT_EQ(Int(dex.Call("has_method", {S("run")})), 0);
}

TEST_F(DexModuleTest, OtherFilesHaveNone) {
  ModuleTester dex(kDexModule, AsBytes("dex\n035"));
  EXPECT_TRUE(IsUndefined(dex.Call("has_method", {S("run")})));
  EXPECT_TRUE(IsUndefined(dex.Top("number_of_methods").value()));
}

// As YARA: a string whose item lies outside leaves a hole, and counts are
// missing where a class's data cannot be read.
TEST_F(DexModuleTest, DamagedFilesAreShownInPart) {
  for (size_t i = 0; i < 4; ++i) {
    bytes_[sample_.strings_at + 4 + i] = 0xff;
    bytes_[sample_.class_def_at + 24 + i] = 0xff;
  }
  ModuleTester dex(kDexModule, bytes_);
  EXPECT_EQ(dex.Top("string_ids").size(), 6u);
  EXPECT_TRUE(IsUndefined(dex.Item("string_ids", 1, "value")));
  EXPECT_EQ(Text(dex.Item("string_ids", 2, "value")), "LA;");
  EXPECT_EQ(dex.Top("class_defs").size(), 1u);
  EXPECT_TRUE(IsUndefined(dex.Top("number_of_methods").value()));
}

}  // namespace
}  // namespace vitrine::engine::modules
