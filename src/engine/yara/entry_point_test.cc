// SPDX-License-Identifier: Apache-2.0
#include "engine/yara/entry_point.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vitrine::engine::yara {
namespace {

struct PeSection {
  uint32_t address;
  uint32_t raw_offset;
};

void Put(std::string& bytes, size_t at, uint32_t value, size_t width) {
  for (size_t i = 0; i < width; ++i) {
    bytes[at + i] = static_cast<char>(value >> (8 * i));
  }
}

// Headers of a PE32 file, and `tail` bytes behind them.
std::string MakePe(uint16_t machine, uint32_t entry_point,
                   const std::vector<PeSection>& sections, size_t tail) {
  constexpr size_t kHeader = 0x40;
  constexpr size_t kTable = kHeader + 24 + 224;
  std::string bytes(kTable + 40 * sections.size() + tail, '\0');
  bytes.replace(0, 2, "MZ");
  Put(bytes, 0x3c, kHeader, 4);
  bytes.replace(kHeader, 2, "PE");
  Put(bytes, kHeader + 4, machine, 2);
  Put(bytes, kHeader + 6, static_cast<uint32_t>(sections.size()), 2);
  Put(bytes, kHeader + 20, 224, 2);
  Put(bytes, kHeader + 24, 0x10b, 2);
  Put(bytes, kHeader + 24 + 16, entry_point, 4);
  Put(bytes, kHeader + 24 + 92, 16, 4);
  for (size_t i = 0; i < sections.size(); ++i) {
    const size_t at = kTable + 40 * i;
    Put(bytes, at + 8, 0x1000, 4);
    Put(bytes, at + 12, sections[i].address, 4);
    Put(bytes, at + 16, 0x200, 4);
    Put(bytes, at + 20, sections[i].raw_offset, 4);
  }
  return bytes;
}

std::optional<uint64_t> Of(const std::string& bytes) {
  Object object(AsBytes(bytes), FileType::kMSEXE);
  return EntryPointOf(object);
}

TEST(EntryPoint, OfPeIsInTheHighestSectionBelow) {
  const std::vector<PeSection> sections = {{0x1000, 0x410}, {0x2000, 0x800}};
  EXPECT_EQ(Of(MakePe(0x14c, 0x1040, sections, 16)), 0x450u);
  EXPECT_EQ(Of(MakePe(0x8664, 0x2040, sections, 16)), 0x840u);
  EXPECT_EQ(Of(MakePe(0x14c, 0x9000, sections, 16)), 0x7800u);
  EXPECT_EQ(Of(MakePe(0x14c, 0x40, sections, 16)), 0x40u);
}

TEST(EntryPoint, OfPeOddities) {
  const std::vector<PeSection> sections = {{0x1000, 0x400}};
  // Another machine; a section table that ends with the file.
  EXPECT_EQ(Of(MakePe(0xaa64, 0x1040, sections, 16)), std::nullopt);
  EXPECT_EQ(Of(MakePe(0x14c, 0x1040, sections, 0)), 0u);
}

TEST(EntryPoint, IsOfExecutablesOnly) {
  EXPECT_EQ(Of(""), std::nullopt);
  EXPECT_EQ(Of("just some text, long enough to be looked at"), std::nullopt);
}

}  // namespace
}  // namespace vitrine::engine::yara
