// SPDX-License-Identifier: Apache-2.0
#include "events/record.h"

#include <gtest/gtest.h>

#include "events/limits.h"
#include "events/sample_events.h"

namespace vitrine::events {
namespace {

TEST(EventRecord, GivesBackEveryField) {
  const auto event = DecodeEvent(EncodeEvent(FullEvent()));
  ASSERT_TRUE(event.ok()) << event.error().message;
  EXPECT_EQ(event.value(), FullEvent());
}

TEST(EventRecord, AbsentAndZeroAreTwoThingsForUsersAndVerdicts) {
  Event event = Make(FileActivity::kOpen);
  EXPECT_EQ(DecodeEvent(EncodeEvent(event)).value(), event);
  event.uid = 0;
  event.verdict = Verdict::kClean;
  EXPECT_EQ(DecodeEvent(EncodeEvent(event)).value(), event);
  event.uid = UINT32_MAX;
  event.severity = Severity::kUnknown;
  EXPECT_EQ(DecodeEvent(EncodeEvent(event)).value(), event);
}

TEST(EventRecord, RefusesEveryTruncation) {
  const ByteVector whole = EncodeEvent(FullEvent());
  for (size_t size = 0; size < whole.size(); ++size) {
    const auto event = DecodeEvent(Bytes(whole).first(size));
    // A record may end after any field; it is then another record, never this.
    if (event.ok()) {
      EXPECT_FALSE(event.value() == FullEvent()) << size;
    }
  }
  ByteVector longer = whole;
  longer.push_back(0);
  EXPECT_FALSE(DecodeEvent(longer).ok());
}

TEST(EventRecord, RefusesUnknownVersionsClassesAndTags) {
  ByteVector record = EncodeEvent(Make(FileActivity::kOpen));
  record[0] = 2;
  EXPECT_FALSE(DecodeEvent(record).ok());
  record[0] = 1;
  record.push_back(200);
  record.push_back(1);
  EXPECT_FALSE(DecodeEvent(record).ok());
  EXPECT_FALSE(DecodeEvent(ByteVector{1, 1, 5}).ok());  // Class 5.
  EXPECT_FALSE(DecodeEvent(ByteVector{1}).ok());
}

TEST(EventRecord, RefusesFieldsOutOfOrder) {
  // Class 6002, then severity before activity.
  EXPECT_TRUE(DecodeEvent(ByteVector{1, 1, 0xf2, 0x2e, 2, 3, 3, 1}).ok());
  EXPECT_FALSE(DecodeEvent(ByteVector{1, 1, 0xf2, 0x2e, 3, 1, 2, 3}).ok());
  EXPECT_FALSE(DecodeEvent(ByteVector{1, 1, 0xf2, 0x2e, 2, 3, 2, 3}).ok());
}

TEST(EventRecord, CutsLongTextAndSaysSo) {
  Event event = FullEvent();
  event.path = std::string(3 * kTextMax, 'p');
  event.rules = std::vector<std::string>(100, std::string(2 * kTextMax, 'r'));
  const ByteVector record = EncodeEvent(event);
  EXPECT_LE(record.size(), kPayloadMax);
  const auto read = DecodeEvent(record);
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read.value().clipped);
  EXPECT_EQ(read.value().path, std::string(kTextMax, 'p'));
  EXPECT_EQ(read.value().rules.size(), kRulesMax);
}

TEST(EventNames, ClassesAreFoundByWordAndByNumber) {
  EXPECT_EQ(ClassOf("detection"), Class::kDetection);
  EXPECT_EQ(ClassOf("2004"), Class::kDetection);
  EXPECT_EQ(ClassOf("Detection"), std::nullopt);
  EXPECT_EQ(ClassOf("2005"), std::nullopt);
  EXPECT_STREQ(ClassName(Class::kScan), "Scan Activity");
  EXPECT_STREQ(ActivityName(Class::kScan, 2), "Completed");
  EXPECT_STREQ(ActivityName(Class::kScan, 77), "Unknown");
}

}  // namespace
}  // namespace vitrine::events
