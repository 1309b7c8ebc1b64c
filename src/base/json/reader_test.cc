// SPDX-License-Identifier: Apache-2.0
#include "base/json/reader.h"

#include <gtest/gtest.h>

#include "base/json/limits.h"
#include "base/json/writer.h"

namespace vitrine::json {
namespace {

constexpr size_t kEnough = 1 << 24;

Result<Value> ReadText(std::string_view text) {
  return Read(AsBytes(text), kEnough);
}

// What is wrong with `text`, or "" if nothing.
std::string Complaint(std::string_view text) {
  const auto value = ReadText(text);
  return value.ok() ? "" : value.error().message;
}

TEST(JsonReader, ReadsEveryKind) {
  const auto value = ReadText(
      R"( {"b":[1,-2,true,false,null,"x\n\u00e9\ud83d\ude00"],"a":{}} )");
  ASSERT_TRUE(value.ok());
  const Value expected(
      Object{{"a", Object{}},
             {"b", Array{1, -2, true, false, Value(), "x\n\u00e9\U0001f600"}}});
  EXPECT_EQ(value.value(), expected);
}

TEST(JsonReader, TakesAnyValueAtTheTop) {
  EXPECT_EQ(ReadText("7").value(), Value(7));
  EXPECT_EQ(ReadText("\"\"").value(), Value(""));
  EXPECT_EQ(ReadText("null").value(), Value());
}

TEST(JsonReader, RefusesADuplicateKeyAtAnyDepth) {
  EXPECT_EQ(Complaint(R"({"a":1,"b":2,"a":1})"), "an object has a key twice");
  EXPECT_EQ(Complaint(R"([{"x":{"a":1,"\u0061":2}}])"),
            "an object has a key twice");
  EXPECT_EQ(Complaint(R"([{"a":1},{"a":1}])"), "");
}

TEST(JsonReader, RefusesNumbersThatAreNotPlainIntegers) {
  for (const char* text : {"1.0", "1e3", "1E3", "0.5", "-1.5"}) {
    EXPECT_EQ(Complaint(text), "a number is no integer") << text;
  }
  EXPECT_EQ(Complaint("-0"), "the number -0");
  for (const char* text : {"01", "+1", ".5", "1.", "0x1", "--1", "NaN", "-"}) {
    EXPECT_NE(Complaint(text), "") << text;
  }
}

TEST(JsonReader, HoldsIntegersTo2ToThe53) {
  EXPECT_EQ(ReadText("9007199254740992").value(), Value(kIntegerMax));
  EXPECT_EQ(ReadText("-9007199254740992").value(), Value(-kIntegerMax));
  for (const char* text : {"9007199254740993", "-9007199254740993",
                           "9223372036854775808", "18446744073709551615"}) {
    EXPECT_EQ(Complaint(text), "a number is beyond 2^53") << text;
  }
  EXPECT_NE(Complaint("99999999999999999999999999"), "");
}

TEST(JsonReader, RefusesWhatIsNotUtf8) {
  EXPECT_NE(Complaint("\"\xff\""), "");
  EXPECT_NE(Complaint("\"\xc0\xaf\""), "") << "overlong";
  EXPECT_NE(Complaint("\"\xed\xa0\x80\""), "") << "a surrogate in UTF-8";
  EXPECT_NE(Complaint(R"("\ud800")"), "") << "half a pair";
  EXPECT_NE(Complaint(R"("\udc00\ud800")"), "") << "the wrong way round";
  EXPECT_NE(Complaint("{\"\xff\":1}"), "");
}

TEST(JsonReader, RefusesWhatOnlyOthersTake) {
  for (const char* text :
       {"", " ", "[1,]", "{\"a\":1,}", "{a:1}", "'a'", "[1]x", "[1][2]",
        "// a\n1", "/**/1", "\"a\nb\"", "\"\\x41\"", "\"\t\"", "[1 2]", "[",
        "{\"a\"}", "tru",
        "\xef\xbb\xbf"
        "1"}) {
    EXPECT_NE(Complaint(text), "") << text;
  }
  EXPECT_NE(Complaint(std::string_view("1\0", 2)), "");
}

TEST(JsonReader, StopsAt16Levels) {
  const std::string sixteen =
      std::string(kDepthMax, '[') + std::string(kDepthMax, ']');
  EXPECT_EQ(Complaint(sixteen), "");
  const auto deeper = ReadText("[" + sixteen + "]");
  ASSERT_FALSE(deeper.ok());
  EXPECT_EQ(deeper.error().code, Code::kLimit);
  EXPECT_EQ(ReadText(std::string(1000000, '[')).error().code, Code::kLimit);
}

TEST(JsonReader, StopsAtItsSize) {
  EXPECT_TRUE(Read(AsBytes("[1]"), 3).ok());
  EXPECT_EQ(Read(AsBytes("[1]"), 2).error().code, Code::kLimit);
}

TEST(JsonReader, StopsAtTooManyValues) {
  std::string text = "[0";
  for (size_t i = 2; i < kValuesMax; ++i) text += ",0";
  EXPECT_EQ(Complaint(text + "]"), "");
  EXPECT_EQ(ReadText(text + ",0]").error().code, Code::kLimit);
}

TEST(JsonWriter, RoundTripsWhatItWrites) {
  const Value value(
      Object{{"text", std::string("\0\x01\x1f\"\\/\x7f\u20ac", 10)},
             {"list", Array{Array{}, Object{}, Value(), true, -kIntegerMax}},
             {"", 0}});
  EXPECT_EQ(ReadText(Write(value)).value(), value);
  EXPECT_EQ(ReadText(WriteIndented(value)).value(), value);
}

TEST(JsonWriter, IndentsForPeople) {
  EXPECT_EQ(WriteIndented(Object{{"a", Array{1, "x"}}, {"b", Object{}}}),
            "{\n  \"a\": [\n    1,\n    \"x\"\n  ],\n  \"b\": {}\n}\n");
}

TEST(JsonCanonical, SortsByCodePointAndEscapesOnlyTwoCharacters) {
  const auto value = ReadText(
      "{\"b\" : [1, -5, true, null], "
      "\"a\":\"q\\\"b\\\\n\\n\\u0000t\\tx\\u00e9\", "
      "\"\\uffff\":1, \"\\ud83d\\ude00\":2, \"B\":{}, \"\":[]}");
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(WriteCanonical(value.value()),
            std::string("{\"\":[],\"B\":{},\"a\":\"q\\\"b\\\\n\n") + '\0' +
                "t\tx\u00e9\",\"b\":[1,-5,true,null],\"\uffff\":1,"
                "\"\U0001f600\":2}");
}

TEST(JsonObject, KeepsItsMembersSortedAndUnique) {
  Object object{{"b", 1}, {"a", 2}};
  object.Set("b", 3);
  object.Set("ab", 4);
  EXPECT_EQ(WriteCanonical(object), R"({"a":2,"ab":4,"b":3})");
  object.Remove("a");
  object.Remove("absent");
  EXPECT_EQ(object.Find("a"), nullptr);
  ASSERT_NE(object.Find("ab"), nullptr);
  EXPECT_EQ(*object.Find("ab"), Value(4));
}

}  // namespace
}  // namespace vitrine::json
