// SPDX-License-Identifier: Apache-2.0
#include "events/segment_reader.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include "events/limits.h"

namespace vitrine::events {
namespace {

ByteVector Payload(uint64_t sequence, size_t size = 10) {
  return ByteVector(size, static_cast<uint8_t>('a' + sequence % 26));
}

// A segment in memory, and a reader of it.
class SegmentReaderTest : public testing::Test {
 protected:
  void SetUp() override {
    file_.Reset(memfd_create("segment", MFD_CLOEXEC));
    SegmentHeader header;
    header.writer = "guard";
    Append(EncodeSegmentHeader(header));
  }

  void Append(Bytes bytes) {
    ASSERT_EQ(write(file_.get(), bytes.data(), bytes.size()),
              static_cast<ssize_t>(bytes.size()));
  }
  void AppendRecord(uint64_t sequence, size_t size = 10) {
    Append(EncodeFrame(sequence, Payload(sequence, size)));
  }
  SegmentReader Open() const {
    return SegmentReader::Open(UniqueFd(dup(file_.get()))).value();
  }

  // "1 2 D20 E": numbers of records, damage and its size, the end.
  static std::string Walk(SegmentReader& reader, Tail tail) {
    std::string out;
    for (int i = 0; i < 100; ++i) {
      const SegmentItem item = reader.Next(tail).value();
      switch (item.kind) {
        case SegmentItem::Kind::kRecord:
          EXPECT_EQ(item.payload[0], Payload(item.sequence)[0]);
          out += std::to_string(item.sequence) + " ";
          break;
        case SegmentItem::Kind::kDamage:
          out += "D" + std::to_string(item.skipped) + " ";
          break;
        case SegmentItem::Kind::kEnd:
          return out + "E";
      }
    }
    return out + "...";
  }

  UniqueFd file_;
};

TEST_F(SegmentReaderTest, ReadsWhatIsThereAndThenWhatIsAppended) {
  AppendRecord(1);
  AppendRecord(2, kPayloadMax);
  SegmentReader reader = Open();
  EXPECT_EQ(Walk(reader, Tail::kLive), "1 2 E");
  AppendRecord(3);
  EXPECT_EQ(Walk(reader, Tail::kLive), "3 E");
  SegmentReader again = Open();
  again.Seek(reader.offset());
  AppendRecord(4);
  EXPECT_EQ(Walk(again, Tail::kFinished), "4 E");
}

TEST_F(SegmentReaderTest, WaitsForTheRestOfAFrameWhileSomebodyWrites) {
  const ByteVector frame = EncodeFrame(1, Payload(1));
  Append(Bytes(frame).first(15));
  SegmentReader reader = Open();
  EXPECT_EQ(Walk(reader, Tail::kLive), "E");
  Append(Bytes(frame).subspan(15));
  EXPECT_EQ(Walk(reader, Tail::kLive), "1 E");
}

TEST_F(SegmentReaderTest, HalfAFrameAtTheEndOfAFinishedSegmentIsDamage) {
  AppendRecord(1);
  Append(Bytes(EncodeFrame(2, Payload(2))).first(25));
  SegmentReader reader = Open();
  EXPECT_EQ(Walk(reader, Tail::kFinished), "1 D25 E");
}

TEST_F(SegmentReaderTest, GoesOnBehindDamage) {
  AppendRecord(1);
  ByteVector flipped = EncodeFrame(2, Payload(2));
  flipped[24] ^= 1;
  Append(flipped);
  AppendRecord(3);
  Append(ByteVector(500, 'V'));
  AppendRecord(4);
  SegmentReader reader = Open();
  EXPECT_EQ(Walk(reader, Tail::kLive), "1 D30 3 D500 4 E");
}

// A length that is wrong must not swallow the frames behind it.
TEST_F(SegmentReaderTest, AWrongLengthSwallowsNothing) {
  ByteVector wrong = EncodeFrame(1, Payload(1));
  wrong[5] = 0x70;
  Append(wrong);
  AppendRecord(2);
  AppendRecord(3);
  SegmentReader reader = Open();
  EXPECT_EQ(Walk(reader, Tail::kFinished), "D30 2 3 E");
}

TEST_F(SegmentReaderTest, StopsAtTheLimitOfASegment) {
  AppendRecord(1);
  ASSERT_EQ(ftruncate(file_.get(), off_t{1} << 40), 0);
  SegmentReader reader = Open();
  const std::string walked = Walk(reader, Tail::kFinished);
  EXPECT_TRUE(walked.starts_with("1 D")) << walked;
  EXPECT_TRUE(walked.ends_with("E")) << walked;
  EXPECT_LE(reader.offset(), kSegmentReadMax + kReadStep);
}

TEST_F(SegmentReaderTest, RefusesWhatIsNoSegment) {
  const UniqueFd other(memfd_create("other", MFD_CLOEXEC));
  EXPECT_EQ(SegmentReader::Open(UniqueFd(dup(other.get()))).error().code,
            Code::kTruncated);
}

}  // namespace
}  // namespace vitrine::events
