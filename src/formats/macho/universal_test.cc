// SPDX-License-Identifier: Apache-2.0
#include "formats/macho/universal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/macho/limits.h"
#include "formats/macho/macho_builder.h"
#include "formats/recording_sink.h"

namespace vitrine::macho {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

ByteVector Text(std::string_view text) {
  const Bytes bytes = AsBytes(text);
  return {bytes.begin(), bytes.end()};
}

TEST(Universal, HandsOverArchitecturesInOrder) {
  for (const bool wide : {false, true}) {
    const ByteVector bytes =
        BuildFat({{7, Text("first")}, {18, Text("second")}}, wide);
    RecordingSink sink;
    ASSERT_TRUE(Unpack(bytes, Deadline::Never(), sink).ok());
    ASSERT_THAT(sink.seen, SizeIs(2));
    EXPECT_EQ(sink.seen[0].bytes, "first");
    EXPECT_EQ(sink.seen[0].member.position, 1u);
    EXPECT_EQ(sink.seen[1].bytes, "second");
    EXPECT_TRUE(sink.seen[1].whole);
    EXPECT_THAT(sink.skipped, IsEmpty());
  }
}

TEST(Universal, CutsAtTheAllowanceAndAtTheEnd) {
  ByteVector bytes = BuildFat({{7, Text("first")}, {18, Text("second")}});
  RecordingSink small(2);
  ASSERT_TRUE(Unpack(bytes, Deadline::Never(), small).ok());
  EXPECT_EQ(small.seen[0].bytes, "fi");
  EXPECT_FALSE(small.seen[0].whole);
  EXPECT_FALSE(small.broke_contract);

  bytes.resize(bytes.size() - 3);
  RecordingSink sink;
  ASSERT_TRUE(Unpack(bytes, Deadline::Never(), sink).ok());
  EXPECT_EQ(sink.seen[1].bytes, "sec");
  EXPECT_FALSE(sink.seen[1].whole);
  EXPECT_THAT(sink.skipped, ElementsAre(":truncated"));
}

TEST(Universal, StopsWhenTold) {
  const ByteVector bytes = BuildFat({{7, Text("first")}, {18, Text("second")}});
  RecordingSink sink;
  sink.stop_after = 1;
  ASSERT_TRUE(Unpack(bytes, Deadline::Never(), sink).ok());
  EXPECT_THAT(sink.seen, SizeIs(1));
  RecordingSink none;
  EXPECT_EQ(
      Unpack(bytes, {Deadline::Clock::time_point::min()}, none).error().code,
      Code::kDeadline);
}

TEST(Universal, SaysWhatItLeavesOut) {
  RecordWriter out(std::endian::big);
  out.U32(kMagicFat).U32(3).U32(7).U32(3).U32(0).U32(100).U32(0);
  RecordingSink sink;
  ASSERT_TRUE(Unpack(out.bytes(), Deadline::Never(), sink).ok());
  EXPECT_THAT(sink.seen, IsEmpty());
  EXPECT_THAT(sink.skipped, ElementsAre(":damaged", ":truncated"));

  RecordWriter many(std::endian::big);
  many.U32(kMagicFat).U32(kArchitecturesMax + 1);
  for (uint32_t i = 0; i <= kArchitecturesMax; ++i) {
    many.U32(7).U32(3).U32(8).U32(1).U32(0);
  }
  RecordingSink limited;
  ASSERT_TRUE(Unpack(many.bytes(), Deadline::Never(), limited).ok());
  EXPECT_THAT(limited.seen, SizeIs(kArchitecturesMax));
  EXPECT_THAT(limited.skipped, ElementsAre(":max-members"));
}

TEST(Universal, RefusesThinFiles) {
  RecordingSink sink;
  EXPECT_FALSE(Unpack(Builder().Build(), Deadline::Never(), sink).ok());
  EXPECT_FALSE(Unpack({}, Deadline::Never(), sink).ok());
}

}  // namespace
}  // namespace vitrine::macho
