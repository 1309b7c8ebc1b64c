// SPDX-License-Identifier: Apache-2.0
#include "formats/macho/macho.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/macho/limits.h"
#include "formats/macho/macho_builder.h"

namespace vitrine::macho {
namespace {

using testing::Eq;
using testing::IsEmpty;
using testing::Optional;
using testing::SizeIs;

Segment Text() {
  Segment segment;
  segment.name = "__TEXT";
  segment.address = 0x1000;
  segment.memory_size = 0x1000;
  segment.offset = 0x200;
  segment.file_size = 0x800;
  segment.protection_max = 7;
  segment.protection = 5;
  Section section;
  section.name = "__text";
  section.segment = "__TEXT";
  section.address = 0x1400;
  section.size = 0x100;
  section.offset = 0x700;
  section.reserved2 = 6;
  segment.sections = {section, section};
  return segment;
}

struct Kind {
  bool is_64;
  bool big_endian;
};

class EveryKind : public testing::TestWithParam<Kind> {};

INSTANTIATE_TEST_SUITE_P(Macho, EveryKind,
                         testing::Values(Kind{true, false}, Kind{true, true},
                                         Kind{false, false},
                                         Kind{false, true}));

TEST_P(EveryKind, ReadsHeaderSegmentsAndSections) {
  const auto [is_64, big_endian] = GetParam();
  const ByteVector bytes =
      Builder(is_64, big_endian).Add(Text()).Main(0x456, 0x10000).Build();
  const auto file = Parse(bytes);
  ASSERT_TRUE(file.ok()) << file.error().message;
  const Image* const image = file.value().Thin();
  ASSERT_NE(image, nullptr);
  EXPECT_EQ(image->header.is_64, is_64);
  EXPECT_EQ(image->header.big_endian, big_endian);
  EXPECT_EQ(image->header.cpu_subtype, 3u);
  EXPECT_EQ(image->header.reserved.has_value(), is_64);
  ASSERT_THAT(image->segments, SizeIs(1));
  const Segment& segment = image->segments[0];
  EXPECT_EQ(segment.name, "__TEXT");
  EXPECT_EQ(segment.file_size, 0x800u);
  ASSERT_THAT(segment.sections, SizeIs(2));
  EXPECT_EQ(segment.sections[1].name, "__text");
  EXPECT_EQ(segment.sections[1].offset, 0x700u);
  EXPECT_EQ(segment.sections[1].reserved2, 6u);
  EXPECT_EQ(segment.sections[1].reserved3.has_value(), is_64);
  EXPECT_THAT(image->entry_point, Optional(Eq(0x456u)));
  EXPECT_THAT(image->stack_size, Optional(Eq(0x10000u)));
}

// The program counter's place by architecture.
TEST(Macho, FindsEntryPointsInThreads) {
  struct Case {
    uint32_t cpu_type;
    size_t index;
    size_t width;
  };
  const Case cases[] = {
      {7, 10, 4},          {0x01000007, 16, 8}, {12, 15, 4},
      {0x0100000c, 32, 8}, {18, 0, 4},          {0x01000012, 0, 8},
      {6, 17, 4},          {13, 31, 4},         {14, 1, 4}};
  for (const Case& c : cases) {
    Builder builder(c.width == 8);
    builder.header.cpu_type = c.cpu_type;
    const ByteVector bytes =
        builder.Thread(c.index, c.width, 0x1010).Add(Text()).Build();
    const auto file = Parse(bytes);
    ASSERT_TRUE(file.ok());
    EXPECT_THAT(file.value().images[0].entry_point, Optional(Eq(0x210u)))
        << c.cpu_type;
  }
}

TEST(Macho, ReadsUniversalFiles) {
  const ByteVector small = Builder(false).Build();
  const ByteVector padded = [&] {
    ByteVector bytes = small;
    bytes.resize(64);
    return bytes;
  }();
  for (const bool wide : {false, true}) {
    const ByteVector bytes =
        BuildFat({{7, padded}, {0x01000007, Builder().Build()}}, wide);
    const auto file = Parse(bytes);
    ASSERT_TRUE(file.ok());
    EXPECT_EQ(file.value().Thin(), nullptr);
    EXPECT_THAT(file.value().fat_magic,
                Optional(Eq(wide ? kMagicFat64 : kMagicFat)));
    ASSERT_THAT(file.value().architectures, SizeIs(2));
    EXPECT_THAT(file.value().architectures[1].image, Optional(Eq(1u)));
    ASSERT_THAT(file.value().images, SizeIs(2));
    EXPECT_FALSE(file.value().images[0].header.is_64);
    EXPECT_TRUE(file.value().images[1].header.is_64);
    EXPECT_THAT(Layout(file.value()).sections, IsEmpty());
  }
}

TEST(Macho, ArchitecturesOutsideTheFileHaveNoImage) {
  ByteVector bytes = BuildFat({{7, Builder().Build()}, {9, Builder().Build()}});
  bytes[16] = 0x7f;  // The first one's offset.
  const auto file = Parse(bytes);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file.value().architectures[0].image, std::nullopt);
  EXPECT_THAT(file.value().architectures[1].image, Optional(Eq(0u)));
  EXPECT_THAT(file.value().images, SizeIs(1));
}

// A class file of Java 8 claims 52 architectures.
TEST(Macho, ClassFilesHaveNoArchitectures) {
  const auto file = Parse(
      AsBytes(std::string_view("\xca\xfe\xba\xbe\0\0\0\x34\0\1\0\0", 12)));
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file.value().architecture_count, 52u);
  EXPECT_THAT(file.value().architectures, IsEmpty());
}

TEST(Macho, ArchitecturesAreLimited) {
  RecordWriter out(std::endian::big);
  out.U32(kMagicFat).U32(kArchitecturesMax + 1);
  out.PadTo(8 + 20 * (kArchitecturesMax + 1));
  const auto file = Parse(out.bytes());
  ASSERT_TRUE(file.ok());
  EXPECT_THAT(file.value().architectures, SizeIs(kArchitecturesMax));
  EXPECT_TRUE(file.value().cut);
}

TEST(Macho, CommandsAreLimited) {
  for (const size_t extra : {0u, 1u}) {
    Builder builder;
    for (size_t i = 0; i < kCommandsMax + extra; ++i) builder.Command(0x26, {});
    const auto file = Parse(builder.Build());
    ASSERT_TRUE(file.ok());
    EXPECT_EQ(file.value().cut, extra != 0);
  }
}

TEST(Macho, CommandsThatStandStillEndTheList) {
  Builder builder;
  builder.Add(Text()).Add(Text());
  ByteVector bytes = builder.Build();
  bytes[32 + 4] = 4;  // The first command's size.
  bytes[32 + 5] = 0;
  const auto file = Parse(bytes);
  ASSERT_TRUE(file.ok());
  EXPECT_THAT(file.value().images[0].segments, IsEmpty());
}

TEST(Macho, RefusesOtherFiles) {
  EXPECT_EQ(Parse(AsBytes("\x7f"
                          "ELF"))
                .error()
                .code,
            Code::kInvalid);
  EXPECT_EQ(Parse(AsBytes("abc")).error().code, Code::kTruncated);
  const ByteVector bytes = Builder().Build();
  EXPECT_EQ(Parse(Bytes(bytes).first(31)).error().code, Code::kTruncated);
}

// As put to clamscan 1.4.6: it finds entry points in PowerPC threads alone.
TEST(MachoLayout, EntryPointsAreThoseClamavFinds) {
  Builder power_pc(false, true);
  power_pc.header.cpu_type = 18;
  const ByteVector bytes = power_pc.Add(Text()).Thread(0, 4, 0x1410).Build();
  const auto layout = Layout(Parse(bytes).value());
  EXPECT_THAT(layout.entry_point, Optional(Eq(0x710u)));
  ASSERT_THAT(layout.sections, SizeIs(2));
  EXPECT_EQ(layout.sections[0].offset, 0x700u);

  const ByteVector intel = Builder().Add(Text()).Main(0x710, 0).Build();
  EXPECT_THAT(Layout(Parse(intel).value()).entry_point, Optional(Eq(0u)));
  EXPECT_THAT(Layout(Parse(intel).value()).sections, SizeIs(2));

  Builder outside(false, true);
  outside.header.cpu_type = 18;
  const ByteVector lost = outside.Add(Text()).Thread(0, 4, 0x9410).Build();
  EXPECT_THAT(Layout(Parse(lost).value()).sections, IsEmpty());
  EXPECT_EQ(Layout(Parse(lost).value()).entry_point, std::nullopt);
  EXPECT_FALSE(IsBroken(Parse(lost).value()));
}

TEST(MachoLayout, BrokenFilesHaveNone) {
  EXPECT_TRUE(IsBroken(Parse(Builder().Build()).value()));  // No command.
  ByteVector bytes = Builder().Add(Text()).Build();
  EXPECT_FALSE(IsBroken(Parse(bytes).value()));
  bytes.pop_back();
  EXPECT_TRUE(IsBroken(Parse(bytes).value()));
  EXPECT_THAT(Layout(Parse(bytes).value()).sections, IsEmpty());
  EXPECT_TRUE(Layout(Parse(bytes).value()).is_broken);
}

}  // namespace
}  // namespace vitrine::macho
