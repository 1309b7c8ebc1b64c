// SPDX-License-Identifier: Apache-2.0
#include "formats/class/class_file.h"

#include <gtest/gtest.h>

#include <string>

namespace vitrine::class_file {
namespace {

// Builds class files: the pool as given, then access flags and the two classes.
class Builder {
 public:
  explicit Builder(uint16_t count, uint16_t major = 52) {
    bytes_ = "\xca\xfe\xba\xbe";
    U16(0).U16(major).U16(count);
  }
  Builder& U8(unsigned value) {
    bytes_ += static_cast<char>(value);
    return *this;
  }
  Builder& U16(unsigned value) { return U8(value >> 8).U8(value & 0xff); }
  Builder& Text(std::string_view text) {
    U8(1).U16(static_cast<unsigned>(text.size()));
    bytes_ += text;
    return *this;
  }
  Builder& Class(unsigned name) { return U8(7).U16(name); }
  std::string Done(unsigned this_class, unsigned super_class) {
    U16(0x21).U16(this_class).U16(super_class);
    return bytes_;
  }

 private:
  std::string bytes_;
};

std::string Hello() {
  return Builder(5)
      .Text("Hello")
      .Class(1)
      .Text("java/lang/Object")
      .Class(3)
      .Done(2, 4);
}

TEST(ClassFile, NamesItsClassAndSuperClass) {
  const std::string bytes = Hello();
  const auto view = Parse(AsBytes(bytes));
  ASSERT_TRUE(view.ok()) << view.error().message;
  EXPECT_EQ(view.value().major_version, 52);
  EXPECT_EQ(view.value().access_flags, 0x21);
  EXPECT_EQ(ClassName(view.value(), view.value().this_class), "Hello");
  EXPECT_EQ(ClassName(view.value(), view.value().super_class),
            "java/lang/Object");
}

TEST(ClassFile, LongAndDoubleTakeTwoNumbers) {
  Builder builder(5);
  builder.U8(5).U16(0).U16(0).U16(0).U16(7);
  builder.Text("After").Class(3);
  const std::string bytes = builder.Done(4, 0);
  const auto view = Parse(AsBytes(bytes));
  ASSERT_TRUE(view.ok()) << view.error().message;
  EXPECT_EQ(view.value().constants[2].tag, 0);
  EXPECT_EQ(Utf8(view.value(), 3), "After");
  EXPECT_EQ(ClassName(view.value(), 4), "After");
}

TEST(ClassFile, EveryPrefixIsTruncated) {
  const std::string bytes = Hello();
  for (size_t size = 8; size < bytes.size(); ++size) {
    const auto view = Parse(AsBytes(bytes).first(size));
    ASSERT_FALSE(view.ok()) << size;
    EXPECT_EQ(view.error().code, Code::kTruncated) << size;
  }
}

TEST(ClassFile, UniversalFilesAreNone) {
  // Two architectures where minor and major version would be.
  EXPECT_FALSE(
      HasMagic(AsBytes(std::string_view("\xca\xfe\xba\xbe\0\0\0\2", 8))));
  EXPECT_TRUE(
      HasMagic(AsBytes(std::string_view("\xca\xfe\xba\xbe\0\0\0\x2d", 8))));
  EXPECT_FALSE(
      HasMagic(AsBytes(std::string_view("\xca\xfe\xba\xbe\0\0\0", 7))));
}

TEST(ClassFile, RefusesUnknownConstants) {
  const std::string bytes = Builder(2).U8(2).U16(0).Done(0, 0);
  const auto view = Parse(AsBytes(bytes));
  ASSERT_FALSE(view.ok());
  EXPECT_EQ(view.error().code, Code::kInvalid);
}

TEST(ClassFile, NumbersThatLeadNowhereHaveNoName) {
  const std::string bytes = Builder(3).Text("Hello").Class(9).Done(2, 0xffff);
  const auto view = Parse(AsBytes(bytes));
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(ClassName(view.value(), 2), std::nullopt);
  EXPECT_EQ(ClassName(view.value(), 0xffff), std::nullopt);
  EXPECT_EQ(ClassName(view.value(), 0), std::nullopt);
  EXPECT_EQ(Utf8(view.value(), 2), std::nullopt);
}

}  // namespace
}  // namespace vitrine::class_file
