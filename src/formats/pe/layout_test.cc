// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "formats/pe/image_builder.h"
#include "formats/pe/pe.h"

namespace vitrine::pe {
namespace {

ExecutableLayout LayoutOf(const ByteVector& file) {
  const auto image = Parse(file);
  CHECK(image.ok());
  return Layout(image.value());
}

TEST(LayoutTest, EntryPointIsInItsSectionOrInTheHeaders) {
  ImageBuilder builder;
  builder.numbers.entry_point = 0x1010;
  EXPECT_EQ(LayoutOf(builder.Build()).entry_point, 0x210u);
  // Headers are mapped up to a whole page.
  builder.numbers.entry_point = 0x300;
  EXPECT_EQ(LayoutOf(builder.Build()).entry_point, 0x300u);
}

TEST(LayoutTest, NothingHasAPlaceWithoutAnEntryPoint) {
  ImageBuilder builder;
  builder.numbers.entry_point = 0x9000;
  const ByteVector file = builder.Build();
  EXPECT_TRUE(LayoutOf(file).sections.empty());
  EXPECT_TRUE(LayoutOf(file).is_broken);
  EXPECT_TRUE(IsBroken(file));
}

TEST(LayoutTest, SectionsAreRoundedAndCut) {
  ImageBuilder builder;
  builder.Put(ByteVector(0x400));
  builder.extra_sections = {{".a", 0x1000, 0x2000, 0x210, 0x310},
                            {".b", 0x1000, 0x3000, 0x900, 0x400},
                            {".c", 0x1000, 0x4000, 0x10, 0x5000}};
  const ExecutableLayout layout = LayoutOf(builder.Build());
  ASSERT_EQ(layout.sections.size(), 4u);
  EXPECT_EQ(layout.sections[1].offset, 0x200u);
  EXPECT_EQ(layout.sections[1].size, 0x400u);
  EXPECT_EQ(layout.sections[2].size, 0x200u);  // To the end of the file.
  EXPECT_EQ(layout.sections[3].size, 0u);
}

TEST(LayoutTest, SectorsCountWhereSectionsAreAlignedToThem) {
  ImageBuilder builder;
  builder.numbers.file_alignment = 0x1000;
  builder.extra_sections = {{".a", 0x1000, 0x2000, 0x200, 0x200}};
  EXPECT_EQ(LayoutOf(builder.Build()).sections[1].offset, 0x200u);
}

struct Damage {
  const char* name;
  bool is_broken;
  void (*make)(ImageBuilder&);
};

class BrokenTest : public testing::TestWithParam<Damage> {};

TEST_P(BrokenTest, IsJudgedAsClamavDoes) {
  ImageBuilder builder;
  builder.Put(ByteVector(0x400));
  GetParam().make(builder);
  EXPECT_EQ(IsBroken(builder.Build()), GetParam().is_broken);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, BrokenTest,
    testing::Values(
        Damage{"Sound", false, [](ImageBuilder&) {}},
        Damage{"PageAlignment", true,
               [](ImageBuilder& b) { b.numbers.section_alignment = 0x200; }},
        Damage{"NativeAlignment", false,
               [](ImageBuilder& b) {
                 b.numbers.section_alignment = 0x200;
                 b.numbers.headers_size = 0x1000;
                 b.numbers.subsystem = 1;
               }},
        Damage{"SectorAlignment", true,
               [](ImageBuilder& b) { b.numbers.file_alignment = 0x100; }},
        Damage{"Gap", true,
               [](ImageBuilder& b) {
                 b.extra_sections = {{".a", 0x1000, 0x3000, 0x200, 0x400}};
               }},
        Damage{"NoGap", false,
               [](ImageBuilder& b) {
                 b.extra_sections = {{".a", 0x1000, 0x2000, 0x200, 0x400}};
               }},
        Damage{"CutAtTheEnd", false,
               [](ImageBuilder& b) {
                 b.extra_sections = {{".a", 0x1000, 0x2000, 0x200, 0x9000}};
               }},
        Damage{"CutInTheMiddle", true,
               [](ImageBuilder& b) {
                 b.extra_sections = {{".a", 0x1000, 0x2000, 0x200, 0x9000},
                                     {".b", 0x1000, 0x3000, 0x200, 0x400}};
               }},
        Damage{"SignBit", true,
               [](ImageBuilder& b) {
                 b.extra_sections = {{".a", 0x80000000, 0x2000, 0, 0}};
               }}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(LayoutTest, ProgramsForDosAreNotBroken) {
  ByteVector file = ImageBuilder().Build();
  EXPECT_TRUE(IsBroken(Bytes(file).first(0x60)));
  file[ImageBuilder::kHeaderOffset] = 'N';
  EXPECT_FALSE(IsBroken(file));
}

}  // namespace
}  // namespace vitrine::pe
