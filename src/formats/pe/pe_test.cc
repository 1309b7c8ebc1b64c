// SPDX-License-Identifier: Apache-2.0
#include "formats/pe/pe.h"

#include <gtest/gtest.h>

#include "formats/pe/checksum.h"
#include "formats/pe/image_builder.h"

namespace vitrine::pe {
namespace {

Image Parsed(const ByteVector& file) {
  auto image = Parse(file);
  CHECK(image.ok());
  return std::move(image).value();
}

void PutU32(ByteVector& file, size_t at, uint32_t value) {
  for (size_t i = 0; i < 4; ++i) {
    file[at + i] = static_cast<uint8_t>(value >> (8 * i));
  }
}

TEST(PeTest, ReadsHeadersOfBothKinds) {
  for (const bool is_64 : {false, true}) {
    const ByteVector file = ImageBuilder(is_64).Build();
    const Image image = Parsed(file);
    EXPECT_EQ(image.is_64, is_64);
    EXPECT_EQ(image.machine, is_64 ? 0x8664 : 0x14c);
    EXPECT_EQ(image.image_base, 0x400000u);
    EXPECT_EQ(image.data_base.has_value(), !is_64);
    EXPECT_EQ(image.subsystem, 3);
    EXPECT_EQ(image.heap_commit, 0x1000u);
    EXPECT_EQ(image.directory_count, 16u);
    ASSERT_EQ(image.sections.size(), 1u);
    EXPECT_EQ(image.sections[0].name, ".text");
    EXPECT_EQ(image.sections[0].raw_offset, 0x200u);
  }
}

TEST(PeTest, RefusesWhatHasNoHeaders) {
  const ByteVector file = ImageBuilder().Build();
  const Bytes bytes(file);
  EXPECT_FALSE(Parse({}).ok());
  EXPECT_FALSE(Parse(AsBytes("MZ")).ok());
  // The optional header with its sixteen directories ends here.
  const size_t end = ImageBuilder::kHeaderOffset + 24 + 224;
  EXPECT_FALSE(Parse(bytes.first(end - 1)).ok());
  EXPECT_TRUE(Parse(bytes.first(end)).ok());
  ByteVector unsigned_file = file;
  unsigned_file[ImageBuilder::kHeaderOffset + 1] = 'X';
  EXPECT_FALSE(Parse(unsigned_file).ok());
  PutU32(unsigned_file, 0x3c, 0xfffffff0);
  EXPECT_FALSE(Parse(unsigned_file).ok());
}

TEST(PeTest, CutSectionTableGivesFewerSectionsAndNoAddresses) {
  ImageBuilder builder;
  builder.extra_sections = {{".data", 0x1000, 0x2000, 0x200, 0x400}};
  const ByteVector file = builder.Build();
  const size_t table = ImageBuilder::kHeaderOffset + 24 + 224;
  const Image image = Parsed(ByteVector(
      file.begin(), file.begin() + static_cast<ptrdiff_t>(table + 79)));
  EXPECT_EQ(image.section_count, 2);
  EXPECT_EQ(image.sections.size(), 1u);
  EXPECT_EQ(RvaToOffset(image, 0x10), std::nullopt);
}

struct Mapping {
  uint32_t file_alignment, section_alignment, raw_offset, rva;
  std::optional<uint64_t> offset;
};

class MappingTest : public testing::TestWithParam<Mapping> {};

TEST_P(MappingTest, RoundsAsTheLoader) {
  const Mapping& m = GetParam();
  ImageBuilder builder;
  builder.numbers.file_alignment = m.file_alignment;
  builder.numbers.section_alignment = m.section_alignment;
  builder.extra_sections = {{".x", 0x1000, 0x3000, 0x100, m.raw_offset}};
  const ByteVector file = builder.Build();
  EXPECT_EQ(RvaToOffset(Parsed(file), m.rva), m.offset);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, MappingTest,
    testing::Values(Mapping{0x200, 0x1000, 0x200, 0x3000, 0x200},
                    Mapping{0x200, 0x1000, 0x2f0, 0x3001, 0x201},
                    Mapping{0x400, 1, 0x300, 0x3000, 0x200},
                    Mapping{0x10, 0, 0x210, 0x3010, 0x220},
                    Mapping{0, 1, 0x211, 0x3000, 0x211},
                    Mapping{0, 0x1000, 0x211, 0x3000, 0x200},
                    // Only in memory; and after the end of the file.
                    Mapping{0x200, 0x1000, 0x200, 0x3100, std::nullopt},
                    Mapping{0x200, 0x1000, 0x600, 0x3000, std::nullopt},
                    // The headers; between sections.
                    Mapping{0x200, 0x1000, 0x200, 0x80, 0x80},
                    Mapping{0x200, 0x1000, 0x200, 0x2800, std::nullopt}));

TEST(PeTest, LooksLongNamesUp) {
  ImageBuilder builder;
  builder.extra_sections = {{"/4", 0x1000, 0x2000, 0, 0},
                            {"/99999", 0x1000, 0x3000, 0, 0},
                            {".bss", 0x1000, 0x4000, 0, 0}};
  builder.PutText(std::string_view("\x20\0\0\0.debug_info", 15));
  builder.numbers.symbols_offset = ImageBuilder::kSectionOffset;
  const ByteVector file = builder.Build();
  const Image image = Parsed(file);
  EXPECT_EQ(FullName(image, image.sections[1]), ".debug_info");
  EXPECT_EQ(FullName(image, image.sections[2]), std::nullopt);
  EXPECT_EQ(FullName(image, image.sections[3]), ".bss");
}

TEST(PeTest, FindsOverlay) {
  ByteVector file = ImageBuilder().Build();
  EXPECT_EQ(FindOverlay(Parsed(file)).size, 0u);
  const size_t end = file.size();
  file.resize(end + 7);
  EXPECT_EQ(FindOverlay(Parsed(file)).offset, end);
  EXPECT_EQ(FindOverlay(Parsed(file)).size, 7u);
}

TEST(PeTest, ChecksumLeavesItsFieldOut) {
  ImageBuilder builder;
  builder.PutText("odd");
  ByteVector file = builder.Build();
  file.push_back(0x11);
  const uint32_t sum = CalculateChecksum(Parsed(file));
  PutU32(file, ImageBuilder::kHeaderOffset + 24 + 64, 0xdeadbeef);
  EXPECT_EQ(CalculateChecksum(Parsed(file)), sum);
  file.back() = 0x12;
  EXPECT_EQ(CalculateChecksum(Parsed(file)), sum + 1);
}

}  // namespace
}  // namespace vitrine::pe
