// SPDX-License-Identifier: Apache-2.0
#include "base/json_writer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace vitrine {
namespace {

std::string Quoted(std::string_view text) {
  return JsonWriter().String(text).Take();
}

TEST(JsonWriter, SetsCommasWhereTheyBelong) {
  JsonWriter json;
  json.BeginObject().Member("a", 1).Key("b").BeginArray();
  json.Number(1u).String("x").BeginObject().EndObject();
  json.BeginArray().EndArray().Bool(false).EndArray();
  json.Member("c", "d").Member("e", true).EndObject();
  EXPECT_EQ(json.Take(), R"({"a":1,"b":[1,"x",{},[],false],"c":"d","e":true})");
}

TEST(JsonWriter, CanBeUsedAgainAfterTake) {
  JsonWriter json;
  json.BeginArray().Number(1).EndArray();
  EXPECT_EQ(json.Take(), "[1]");
  json.BeginArray().Number(2).EndArray();
  EXPECT_EQ(json.Take(), "[2]");
}

TEST(JsonWriter, EscapesWhatJsonReserves) {
  EXPECT_EQ(Quoted("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(Quoted(std::string_view("\0\n\r\t\x1b\x7f", 6)),
            R"("\u0000\n\r\t\u001b\u007f")");
}

TEST(JsonWriter, KeepsUtf8) {
  EXPECT_EQ(Quoted("\xc3\xa6\xf0\x9f\x8c\x8d"), "\"\xc3\xa6\xf0\x9f\x8c\x8d\"");
}

TEST(JsonWriter, SpellsOtherBytes) {
  EXPECT_EQ(Quoted("a\xff\xc3"), R"("a\\xff\\xc3")");
  EXPECT_EQ(Quoted("\xed\xa0\x80"), R"("\\xed\\xa0\\x80")");
}

TEST(JsonWriter, WritesNumbersWhole) {
  JsonWriter json;
  json.BeginArray();
  json.Number(std::numeric_limits<uint64_t>::max());
  json.Number(std::numeric_limits<int64_t>::min());
  json.Fixed(0.0625, 3).Fixed(-1e20, 1).Fixed(std::nan(""), 2).EndArray();
  EXPECT_EQ(json.Take(),
            "[18446744073709551615,-9223372036854775808,0.062,"
            "-100000000000000000000.0,null]");
}

TEST(JsonWriterDeathTest, AbortsOnMisuse) {
  EXPECT_DEATH(JsonWriter().BeginObject().Number(1), "");
  EXPECT_DEATH(JsonWriter().BeginArray().Key("a"), "");
  EXPECT_DEATH(JsonWriter().BeginArray().EndObject(), "");
  EXPECT_DEATH(JsonWriter().BeginArray().Take(), "");
  EXPECT_DEATH(JsonWriter().Number(1).Number(2), "");
}

}  // namespace
}  // namespace vitrine
