// SPDX-License-Identifier: Apache-2.0
#include "formats/codec/zstd_frame.h"

#include <gtest/gtest.h>

#include <string>

namespace vitrine::codec {
namespace {

// Bytes that do not compress.
ByteVector Noise(size_t size, uint32_t seed) {
  ByteVector out(size);
  for (uint8_t& byte : out) {
    seed = seed * 1664525 + 1013904223;
    byte = static_cast<uint8_t>(seed >> 24);
  }
  return out;
}

TEST(Frame, UnpacksWhatWasPacked) {
  for (const size_t size : {0u, 1u, 1000u, 300000u}) {
    const ByteVector text = Noise(size, 1);
    const ByteVector frame = PackFrame(text, {}, 3).value();
    ByteVector out(size);
    ASSERT_TRUE(UnpackFrame(frame, {}, out).ok()) << size;
    EXPECT_EQ(out, text);
  }
}

TEST(Frame, IsSmallWhereThePrefixHoldsIt) {
  const ByteVector old_text = Noise(1'000'000, 1);
  ByteVector text = old_text;
  text.insert(text.begin() + 500'000, {1, 2, 3});
  const ByteVector frame = PackFrame(text, old_text, 3).value();
  EXPECT_LT(frame.size(), 500u);
  ByteVector out(text.size());
  ASSERT_TRUE(UnpackFrame(frame, old_text, out).ok());
  EXPECT_EQ(out, text);
}

TEST(Frame, RefusesWhatIsNotExactlyOne) {
  const ByteVector text = Noise(1000, 1);
  const ByteVector frame = PackFrame(text, {}, 3).value();
  ByteVector out(text.size());
  ByteVector twice = frame;
  twice.insert(twice.end(), frame.begin(), frame.end());
  EXPECT_FALSE(UnpackFrame(twice, {}, out).ok());
  ByteVector longer(text.size() + 1);
  EXPECT_FALSE(UnpackFrame(frame, {}, longer).ok());
  ByteVector shorter(text.size() - 1);
  EXPECT_FALSE(UnpackFrame(frame, {}, shorter).ok());
  for (size_t size = 0; size < frame.size(); ++size) {
    EXPECT_FALSE(UnpackFrame(Bytes(frame).first(size), {}, out).ok()) << size;
  }
}

}  // namespace
}  // namespace vitrine::codec
