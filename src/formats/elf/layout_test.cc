// SPDX-License-Identifier: Apache-2.0
// Each case was put to clamscan 1.4.6: EP+0 and Sx+0 signatures, and
// --alert-broken.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "formats/elf/elf.h"
#include "formats/elf/elf_builder.h"

namespace vitrine::elf {
namespace {

using testing::Eq;
using testing::IsEmpty;
using testing::Optional;
using testing::SizeIs;

ByteVector Sample() {
  Builder builder;
  builder.Add(".text", 1, ByteVector(64, 0x90));
  builder.header.entry = Builder::kBase + 0x80;
  return builder.Build();
}

void Put16(ByteVector& bytes, size_t at, uint16_t value) {
  bytes[at] = static_cast<uint8_t>(value);
  bytes[at + 1] = static_cast<uint8_t>(value >> 8);
}

// Offsets of fields in the 64-bit header.
constexpr size_t kEntry = 24;
constexpr size_t kSegmentSize = 54;
constexpr size_t kSegmentCount = 56;
constexpr size_t kSectionSize = 58;
constexpr size_t kSectionCount = 60;

TEST(ElfLayout, CountsTheNullSection) {
  const ByteVector bytes = Sample();
  const auto image = Parse(bytes);
  ASSERT_TRUE(image.ok());
  const auto layout = Layout(image.value());
  EXPECT_THAT(layout.entry_point, Optional(Eq(0x80u)));
  ASSERT_THAT(layout.sections, SizeIs(3));
  EXPECT_EQ(layout.sections[0].offset, 0u);
  EXPECT_EQ(layout.sections[1].offset, 64u + 56u);
  EXPECT_EQ(layout.sections[1].size, 64u);
  EXPECT_FALSE(IsBroken(bytes));
}

TEST(ElfLayout, BrokenHeadersHaveNone) {
  struct Case {
    const char* what;
    std::function<void(ByteVector&)> spoil;
  };
  const Case cases[] = {
      {"entry outside", [](ByteVector& b) { b[kEntry + 3] = 0x7f; }},
      {"segment entry size", [](ByteVector& b) { Put16(b, kSegmentSize, 57); }},
      {"section entry size", [](ByteVector& b) { Put16(b, kSectionSize, 0); }},
      {"129 segments", [](ByteVector& b) { Put16(b, kSegmentCount, 129); }},
      {"sections outside", [](ByteVector& b) { Put16(b, kSectionCount, 40); }},
      {"cut", [](ByteVector& b) { b.pop_back(); }},
  };
  for (const Case& c : cases) {
    ByteVector bytes = Sample();
    c.spoil(bytes);
    EXPECT_TRUE(IsBroken(bytes)) << c.what;
    const auto image = Parse(bytes);
    ASSERT_TRUE(image.ok()) << c.what;
    const auto layout = Layout(image.value());
    EXPECT_TRUE(layout.is_broken) << c.what;
    EXPECT_EQ(layout.entry_point, std::nullopt) << c.what;
    EXPECT_THAT(layout.sections, IsEmpty()) << c.what;
  }
}

TEST(ElfLayout, WithoutEntryPointItIsZeroAndSegmentsDoNotMatter) {
  ByteVector bytes = Sample();
  for (size_t i = 0; i < 8; ++i) bytes[kEntry + i] = 0;
  Put16(bytes, kSegmentSize, 3);
  EXPECT_FALSE(IsBroken(bytes));
  const auto layout = Layout(Parse(bytes).value());
  EXPECT_THAT(layout.entry_point, Optional(Eq(0u)));
  EXPECT_THAT(layout.sections, SizeIs(3));
}

TEST(ElfLayout, ManySectionsAreNotUsedButNotBroken) {
  for (const size_t count : {256u, 257u}) {
    Builder builder;
    // The null section and the names section count too.
    for (size_t i = 2; i < count; ++i) builder.Add(".s", 1, {0});
    const ByteVector bytes = builder.Build();
    EXPECT_FALSE(IsBroken(bytes));
    EXPECT_EQ(Layout(Parse(bytes).value()).sections.size(),
              count == 256 ? 256 : 0);
  }
}

TEST(ElfLayout, UnknownClassIsBrokenAndShortFilesAreNot) {
  ByteVector bytes = Sample();
  bytes[4] = 3;
  EXPECT_TRUE(IsBroken(bytes));
  EXPECT_FALSE(IsBroken(Bytes(Sample()).first(63)));
  EXPECT_FALSE(IsBroken(AsBytes(std::string(100, 'x'))));
}

}  // namespace
}  // namespace vitrine::elf
