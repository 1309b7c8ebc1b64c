// SPDX-License-Identifier: Apache-2.0
#include "formats/elf/elf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/elf/elf_builder.h"
#include "formats/elf/limits.h"

namespace vitrine::elf {
namespace {

using testing::Eq;
using testing::IsEmpty;
using testing::Optional;
using testing::SizeIs;

Bytes NamesOf(std::string_view text) { return AsBytes(text); }

ByteVector Copy(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

// .text, .symtab with two symbols, .strtab.
Builder Sample(bool is_64, bool big_endian) {
  Builder builder(is_64, big_endian);
  RecordWriter symbols = builder.Record();
  builder.Symbol(symbols, 0, 0, 0, 0);
  builder.Symbol(symbols, 1, 0x12, 1, 0x1234);
  builder.Add(".text", 1, Copy(NamesOf("0123456789abcdef")));
  builder.Add(".symtab", kSectionSymbols, symbols.bytes(), 3);
  builder.Add(".strtab", kSectionStrings,
              Copy(NamesOf(std::string_view("\0start\0", 7))));
  return builder;
}

struct Kind {
  bool is_64;
  bool big_endian;
};

class EveryKind : public testing::TestWithParam<Kind> {};

INSTANTIATE_TEST_SUITE_P(Elf, EveryKind,
                         testing::Values(Kind{true, false}, Kind{true, true},
                                         Kind{false, false},
                                         Kind{false, true}));

TEST_P(EveryKind, ReadsHeadersSectionsAndSymbols) {
  const auto [is_64, big_endian] = GetParam();
  const ByteVector bytes = Sample(is_64, big_endian).Build();
  const auto parsed = Parse(bytes);
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  const Image& image = parsed.value();
  EXPECT_EQ(image.header.is_64, is_64);
  EXPECT_EQ(image.header.big_endian, big_endian);
  EXPECT_EQ(image.header.machine, 62);
  ASSERT_THAT(image.sections, SizeIs(5));
  EXPECT_THAT(NameOf(image, image.sections[0]), Optional(Eq("")));
  EXPECT_THAT(NameOf(image, image.sections[1]), Optional(Eq(".text")));
  EXPECT_THAT(NameOf(image, image.sections[4]), Optional(Eq(".shstrtab")));
  EXPECT_EQ(AsText(bytes).substr(image.sections[1].offset, 4), "0123");

  EXPECT_FALSE(SymbolsOf(image, image.sections[1]).has_value());
  const auto symbols = SymbolsOf(image, image.sections[2]);
  ASSERT_TRUE(symbols.has_value());
  ASSERT_THAT(*symbols, SizeIs(2));
  EXPECT_THAT((*symbols)[0].name, Optional(Eq("")));
  EXPECT_THAT((*symbols)[1].name, Optional(Eq("start")));
  EXPECT_EQ((*symbols)[1].value, 0x1234u);
  EXPECT_EQ((*symbols)[1].size, 8u);
  EXPECT_EQ((*symbols)[1].type, kSymbolFunction);
  EXPECT_EQ((*symbols)[1].bind, kBindGlobal);
  EXPECT_EQ((*symbols)[1].section, 1);
}

TEST_P(EveryKind, ReadsDynamicEntriesUpToNull) {
  const auto [is_64, big_endian] = GetParam();
  Builder builder(is_64, big_endian);
  RecordWriter entries = builder.Record();
  entries.Word(1).Word(7).Word(0x6ffffef5).Word(8).Word(0).Word(0);
  entries.Word(2).Word(2);
  builder.Add(".dynamic", 6, entries.bytes());
  const ByteVector bytes = builder.Build();
  const auto image = Parse(bytes);
  ASSERT_TRUE(image.ok());
  Segment segment;
  segment.offset = image.value().sections[1].offset;
  const auto dynamic = DynamicOf(image.value(), segment);
  ASSERT_THAT(dynamic, SizeIs(3));
  EXPECT_EQ(dynamic[1].tag, 0x6ffffef5u);
  EXPECT_EQ(dynamic[1].value, 8u);
  EXPECT_EQ(dynamic[2].tag, 0u);
  segment.offset = bytes.size() + 1;
  EXPECT_THAT(DynamicOf(image.value(), segment), IsEmpty());
}

// A table is read whole or not at all, wherever the file ends.
TEST_P(EveryKind, EveryPrefixIsRefusedOrHasWholeTables) {
  const auto [is_64, big_endian] = GetParam();
  const ByteVector bytes = Sample(is_64, big_endian).Build();
  const size_t header_size = is_64 ? 64 : 52;
  for (size_t size = 0; size < bytes.size(); ++size) {
    const auto image = Parse(Bytes(bytes).first(size));
    ASSERT_EQ(image.ok(), size >= header_size) << size;
    if (!image.ok()) continue;
    EXPECT_THAT(image.value().sections, IsEmpty()) << size;
    EXPECT_EQ(image.value().segments.size(),
              size >= header_size + (is_64 ? 56 : 32) ? 1 : 0)
        << size;
  }
}

TEST(Elf, RefusesOtherFiles) {
  EXPECT_EQ(Parse(AsBytes("MZ")).error().code, Code::kTruncated);
  EXPECT_EQ(Parse(AsBytes(std::string(64, 'x'))).error().code, Code::kInvalid);
  ByteVector bytes = Builder().Build();
  bytes[4] = 3;
  EXPECT_EQ(Parse(bytes).error().code, Code::kInvalid);
}

TEST(Elf, StringTablesBeginWithTheEmptyString) {
  Builder builder = Sample(true, false);
  const ByteVector good = builder.Build();
  const auto image = Parse(good);
  ASSERT_TRUE(image.ok());
  ByteVector bad = good;
  bad[image.value().sections[4].offset] = 'x';
  bad[image.value().sections[3].offset] = 'x';
  const auto spoilt = Parse(bad);
  ASSERT_TRUE(spoilt.ok());
  EXPECT_EQ(NameOf(spoilt.value(), spoilt.value().sections[1]), std::nullopt);
  const auto symbols = SymbolsOf(spoilt.value(), spoilt.value().sections[2]);
  ASSERT_TRUE(symbols.has_value());
  EXPECT_EQ((*symbols)[1].name, std::nullopt);
}

TEST(Elf, SymbolNamesEndInsideTheirTable) {
  Builder builder;
  RecordWriter symbols = builder.Record();
  builder.Symbol(symbols, 1, 0, 0, 0);
  builder.Symbol(symbols, 3, 0, 0, 0);
  builder.Add(".symtab", kSectionSymbols, symbols.bytes(), 2);
  builder.Add(".strtab", kSectionStrings,
              Copy(NamesOf(std::string_view("\0a\0b", 4))));
  const ByteVector bytes = builder.Build();
  const auto image = Parse(bytes);
  const auto found = SymbolsOf(image.value(), image.value().sections[1]);
  ASSERT_TRUE(found.has_value());
  EXPECT_THAT((*found)[0].name, Optional(Eq("a")));
  EXPECT_EQ((*found)[1].name, std::nullopt);
}

TEST(Elf, NamesAreLimited) {
  for (const size_t extra : {0u, 1u}) {
    Builder builder;
    RecordWriter symbols = builder.Record();
    builder.Symbol(symbols, 1, 0, 0, 0);
    const std::string names =
        std::string(1, '\0') + std::string(kNameMax + extra, 'x');
    builder.Add(".symtab", kSectionSymbols, symbols.bytes(), 2);
    builder.Add(".strtab", kSectionStrings,
                Copy(NamesOf(names + std::string(1, '\0'))));
    const ByteVector bytes = builder.Build();
    const auto image = Parse(bytes);
    const auto found = SymbolsOf(image.value(), image.value().sections[1]);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ((*found)[0].name.has_value(), extra == 0);
  }
}

TEST(Elf, RangesOverTheEndOfTheAddressSpaceHoldNothing) {
  Image image;
  image.header.is_64 = true;
  image.header.segments_offset = 64;
  Segment segment;
  segment.address = 0x1000;
  segment.offset = 0x200;
  segment.memory_size = UINT64_MAX;
  image.segments.push_back(segment);
  EXPECT_EQ(OffsetBySegments(image, 0x1010), std::nullopt);
  image.segments[0].memory_size = 0x100;
  EXPECT_THAT(OffsetBySegments(image, 0x1010), Optional(Eq(0x210u)));
  EXPECT_EQ(OffsetBySegments(image, 0x1100), std::nullopt);
  image.header.is_64 = false;
  image.segments[0].memory_size = 0xfffff001;
  EXPECT_EQ(OffsetBySegments(image, 0x1010), std::nullopt);
}

}  // namespace
}  // namespace vitrine::elf
