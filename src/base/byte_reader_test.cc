// SPDX-License-Identifier: Apache-2.0
#include "base/byte_reader.h"

#include <gtest/gtest.h>

#include <array>

namespace vitrine {
namespace {

constexpr auto kLittle = std::endian::little;
constexpr auto kBig = std::endian::big;

constexpr std::array<uint8_t, 9> kBytes = {1, 2, 3, 4, 5, 6, 7, 8, 0xff};

TEST(ByteReader, ReadsBothByteOrders) {
  const ByteReader reader(kBytes);
  EXPECT_EQ((reader.Read<kLittle, uint16_t>(0).value()), 0x0201);
  EXPECT_EQ((reader.Read<kBig, uint16_t>(0).value()), 0x0102);
  EXPECT_EQ((reader.Read<kLittle, uint32_t>(1).value()), 0x05040302u);
  EXPECT_EQ((reader.Read<kBig, uint32_t>(1).value()), 0x02030405u);
  EXPECT_EQ((reader.Read<kBig, uint64_t>(0).value()), 0x0102030405060708u);
  EXPECT_EQ((reader.Read<kBig, int8_t>(8).value()), -1);
  EXPECT_EQ((reader.Read<kBig, int16_t>(7).value()), 0x08ff);
  EXPECT_EQ(reader.U8(8), 0xff);
  EXPECT_EQ(reader.U16(7), 0xff08);
  EXPECT_EQ(reader.U32(5), 0xff080706u);
  EXPECT_EQ(reader.U64(1), 0xff08070605040302u);
}

TEST(ByteReader, RefusesWhatEndsAfterTheInput) {
  const ByteReader reader(kBytes);
  EXPECT_EQ((reader.Read<kLittle, uint16_t>(8).error().code), Code::kTruncated);
  EXPECT_EQ(reader.U8(9), std::nullopt);
  EXPECT_EQ(reader.U64(2), std::nullopt);
  EXPECT_EQ(reader.At(9, 1).error().code, Code::kTruncated);
}

// Sums of these offsets and sizes wrap; the answer must not.
TEST(ByteReader, OffsetsNearTheLargestDoNotWrap) {
  const ByteReader reader(kBytes);
  for (const uint64_t offset :
       {UINT64_MAX, UINT64_MAX - 1, UINT64_MAX - 7, uint64_t{1} << 63}) {
    EXPECT_FALSE(reader.Contains(offset, 0)) << offset;
    EXPECT_FALSE(reader.Contains(offset, 8)) << offset;
    EXPECT_FALSE(reader.Contains(1, offset)) << offset;
    EXPECT_EQ(reader.U64(offset), std::nullopt) << offset;
  }
}

TEST(ByteReader, RangesMayBeEmptyAtTheEnd) {
  const ByteReader reader(kBytes);
  EXPECT_TRUE(reader.Contains(9, 0));
  EXPECT_FALSE(reader.Contains(10, 0));
  EXPECT_TRUE(reader.At(9, 0).value().empty());
  EXPECT_EQ(reader.At(7, 2).value()[1], 0xff);
  const ByteReader nothing({});
  EXPECT_TRUE(nothing.Contains(0, 0));
  EXPECT_EQ(nothing.U8(0), std::nullopt);
}

TEST(Clip, CutsAtTheEnd) {
  EXPECT_EQ(Clip(kBytes, 7, 100).size(), 2u);
  EXPECT_EQ(Clip(kBytes, 7, 1).size(), 1u);
  EXPECT_EQ(Clip(kBytes, 9, 1).size(), 0u);
  EXPECT_EQ(Clip(kBytes, UINT64_MAX, UINT64_MAX).size(), 0u);
  EXPECT_EQ(Clip(kBytes, 0, UINT64_MAX).size(), 9u);
}

}  // namespace
}  // namespace vitrine
