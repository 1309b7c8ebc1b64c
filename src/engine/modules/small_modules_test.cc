// SPDX-License-Identifier: Apache-2.0
// string, time, console, magic and cuckoo; values as YARA 4.5.4 has them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>

#include "engine/modules/all_modules.h"
#include "engine/modules/limits.h"
#include "engine/modules/magic_module.h"
#include "engine/modules/module_tester.h"

namespace vitrine::engine::modules {
namespace {

using std::literals::string_view_literals::operator""sv;
using testing::ElementsAre;
using testing::HasSubstr;

Value I(int64_t value) { return value; }
Value S(std::string_view value) { return value; }
Value F(double value) { return value; }

TEST(StringModule, ReadsIntegers) {
  ModuleTester module(kStringModule, {});
  struct Case {
    std::string_view text;
    int64_t value;
  };
  const Case cases[] = {{"1234", 1234},
                        {"-1", -1},
                        {" +1", 1},
                        {"0x10", 16},
                        {"-0x10", -16},
                        {"010", 8},
                        {"\t\n\v\f\r12", 12},
                        {"1\0z"sv, 1},
                        {"9223372036854775807", INT64_MAX},
                        {"-9223372036854775808", INT64_MIN}};
  for (const Case& c : cases) {
    EXPECT_EQ(Int(module.Call("to_int", {S(c.text)})), c.value) << c.text;
  }
  for (const std::string_view bad :
       {""sv, "   -"sv, " +0x"sv, "0x"sv, "FOO"sv, "10A20"sv, "12 "sv, "08"sv,
        "+ 1"sv, "0b11"sv, "\0"sv, "9223372036854775808"sv,
        "-9223372036854775809"sv}) {
    EXPECT_TRUE(IsUndefined(module.Call("to_int", {S(bad)}))) << bad;
  }
  EXPECT_EQ(Int(module.Call("to_int", {S("zz"), I(36)})), 1295);
  EXPECT_EQ(Int(module.Call("to_int", {S("10"), I(8)})), 8);
  EXPECT_EQ(Int(module.Call("to_int", {S("010"), I(0)})), 8);
  for (const int64_t base : {int64_t{-1}, int64_t{1}, int64_t{37}, INT64_MAX}) {
    EXPECT_TRUE(IsUndefined(module.Call("to_int", {S("1"), I(base)})));
  }
}

TEST(StringModule, LengthCountsZeros) {
  ModuleTester module(kStringModule, {});
  EXPECT_EQ(Int(module.Call("length", {S("AXS\0ERS"sv)})), 7);
  EXPECT_EQ(Int(module.Call("length", {S("")})), 0);
}

TEST(TimeModule, NowIsNow) {
  ModuleTester module(kTimeModule, {});
  const int64_t before = std::time(nullptr);
  const int64_t now = Int(module.Call("now"));
  EXPECT_LE(before - 1, now);
  EXPECT_LE(now, std::time(nullptr) + 1);
}

TEST(ConsoleModule, WritesLines) {
  ModuleTester module(kConsoleModule, {});
  EXPECT_EQ(Int(module.Call("log", {S("a\0b\n\xff\"\\"sv)})), 1);
  module.Call("log", {S("m\x01: "), S("x\x01y")});
  module.Call("log", {I(-5)});
  module.Call("log", {S("n: "), I(5)});
  module.Call("log", {F(1.5)});
  module.Call("log", {S("f: "), F(123456789.123456789)});
  module.Call("hex", {I(255)});
  module.Call("hex", {S("h:"), I(-1)});
  EXPECT_THAT(module.context.console(),
              ElementsAre("a\\x00b\\x0a\\xff\"\\", "m\x01: x\\x01y", "-5",
                          "n: 5", "1.500000", "f: 123456789.123457", "0xff",
                          "h:0xffffffffffffffff"));
}

TEST(ConsoleModule, LinesAreLimited) {
  ModuleTester module(kConsoleModule, {});
  for (size_t i = 0; i < kConsoleLinesMax + 10; ++i) {
    EXPECT_EQ(Int(module.Call("log", {S("x")})), 1);
  }
  EXPECT_EQ(module.context.console().size(), kConsoleLinesMax + 1);
  EXPECT_THAT(module.context.console().back(), HasSubstr("dropped"));
}

TEST(MagicModule, NamesTypes) {
  if (!PrepareMagic()) GTEST_SKIP() << "no database of libmagic here";
  ModuleTester module(kMagicModule, AsBytes("%PDF-1.5\n"));
  EXPECT_THAT(std::string(Text(module.Call("type"))), HasSubstr("PDF"));
  EXPECT_EQ(Text(module.Call("mime_type")), "application/pdf");
  EXPECT_THAT(std::string(Text(module.Call("type"))), HasSubstr("PDF"));
  ModuleTester nothing(kMagicModule, {});
  EXPECT_EQ(Text(nothing.Call("type")), "empty");
}

TEST(CuckooModule, NothingHappened) {
  Object object({}, FileType::kANY);
  ModuleContext context(kCuckooModule, object);
  for (const Field& group : kCuckooModule.fields) {
    ASSERT_EQ(group.type, Type::kStruct);
    for (const Field& function : group.fields) {
      for (const Overload& overload : function.overloads) {
        EXPECT_EQ(Int(overload.method(context, Node(), {})), 0)
            << function.name;
      }
    }
  }
}

}  // namespace
}  // namespace vitrine::engine::modules
