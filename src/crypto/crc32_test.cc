// SPDX-License-Identifier: Apache-2.0
#include "crypto/crc32.h"

#include <gtest/gtest.h>

#include <string>

namespace vitrine::crypto {
namespace {

// The definition, a bit at a time.
uint32_t Slow(Bytes bytes) {
  uint32_t crc = 0xffffffff;
  for (const uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0u);
    }
  }
  return ~crc;
}

TEST(Crc32, KnownAnswers) {
  EXPECT_EQ(Crc32(AsBytes("")), 0u);
  EXPECT_EQ(Crc32(AsBytes("123456789")), 0xcbf43926u);
  EXPECT_EQ(Crc32(AsBytes("The quick brown fox jumps over the lazy dog")),
            0x414fa339u);
}

TEST(Crc32, EveryLengthAndAlignmentAgreesWithTheDefinition) {
  std::string text;
  for (unsigned i = 0; i < 80; ++i) text += static_cast<char>(i * 37 + 200);
  for (size_t start = 0; start < 9; ++start) {
    for (size_t size = 0; start + size <= text.size(); ++size) {
      const Bytes bytes = AsBytes(text).subspan(start, size);
      ASSERT_EQ(Crc32(bytes), Slow(bytes)) << start << " " << size;
    }
  }
}

TEST(Crc32, GoesOnFromBefore) {
  const Bytes bytes = AsBytes("123456789");
  for (size_t cut = 0; cut <= bytes.size(); ++cut) {
    EXPECT_EQ(Crc32(bytes.subspan(cut), Crc32(bytes.first(cut))), 0xcbf43926u);
  }
}

}  // namespace
}  // namespace vitrine::crypto
