// SPDX-License-Identifier: Apache-2.0
#include "events/spool_format.h"

#include <gtest/gtest.h>

#include "events/limits.h"

namespace vitrine::events {
namespace {

SegmentHeader Sample() {
  SegmentHeader header;
  header.spool.fill(7);
  header.index = 3;
  header.writer = "guard";
  header.created_ns = 1'790'000'000'000'000'000;
  return header;
}

TEST(SpoolFormat, HeaderComesBack) {
  const ByteVector bytes = EncodeSegmentHeader(Sample());
  ASSERT_EQ(bytes.size(), kSegmentHeaderSize);
  EXPECT_EQ(ParseSegmentHeader(bytes).value(), Sample());
}

TEST(SpoolFormat, EveryFlippedByteOfAHeaderIsSeen) {
  const ByteVector bytes = EncodeSegmentHeader(Sample());
  for (size_t i = 0; i < bytes.size(); ++i) {
    ByteVector flipped = bytes;
    flipped[i] ^= 0x10;
    EXPECT_FALSE(ParseSegmentHeader(flipped).ok()) << i;
    const auto cut = ParseSegmentHeader(Bytes(bytes).first(i));
    ASSERT_FALSE(cut.ok());
    EXPECT_EQ(cut.error().code, Code::kTruncated);
  }
}

TEST(SpoolFormat, FrameComesBackAndWaitsForItsEnd) {
  const ByteVector payload = {1, 2, 3, 4, 5};
  const ByteVector bytes = EncodeFrame(42, payload);
  const auto frame = ParseFrame(bytes);
  ASSERT_TRUE(frame.ok());
  EXPECT_EQ(frame.value().sequence, 42u);
  EXPECT_EQ(frame.value().size, bytes.size());
  EXPECT_TRUE(std::equal(payload.begin(), payload.end(),
                         frame.value().payload.begin()));
  for (size_t i = 0; i < bytes.size(); ++i) {
    const auto cut = ParseFrame(Bytes(bytes).first(i));
    ASSERT_FALSE(cut.ok());
    EXPECT_EQ(cut.error().code, Code::kTruncated) << i;
    ByteVector flipped = bytes;
    flipped[i] ^= 0x01;
    EXPECT_FALSE(ParseFrame(flipped).ok()) << i;
  }
}

TEST(SpoolFormat, NamesOfSegments) {
  SpoolId id;
  id.fill(0xab);
  const std::string name = SegmentName(id, 12);
  EXPECT_EQ(name, "abababababababababababababababab-00000012.spool");
  EXPECT_TRUE(IsSegmentName(name));
  EXPECT_TRUE(IsSegmentName(SegmentName(id, UINT32_MAX)));
  EXPECT_FALSE(IsSegmentName("." + name));
  EXPECT_FALSE(IsSegmentName("../" + name));
  EXPECT_FALSE(IsSegmentName(""));
  EXPECT_TRUE(IsWriterName("guard-2"));
  EXPECT_FALSE(IsWriterName(""));
  EXPECT_FALSE(IsWriterName("Guard"));
  EXPECT_FALSE(IsWriterName("seventeen-letters"));
}

}  // namespace
}  // namespace vitrine::events
