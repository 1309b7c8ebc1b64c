// SPDX-License-Identifier: Apache-2.0
#include "tasks/cursor.h"

#include <gtest/gtest.h>

namespace vitrine::tasks {
namespace {

Cursor Full() {
  Cursor cursor;
  cursor.started = 1'795'824'000;
  cursor.active = 77;
  cursor.cause = Cause::kMissed;
  cursor.paused = true;
  cursor.config.fill(0xab);
  cursor.boot = "0d5c";
  cursor.targets = {{"/home", "/home/*/up", "", true, true},
                    {"/boot", "", "boot", false, false}};
  cursor.target = 1;
  cursor.position = "grub/\xff\n";
  cursor.counts = {1, 2, 3, 4, 5, 6, 7};
  cursor.log_size = 8;
  return cursor;
}

TaskRecord FullRecord() {
  TaskRecord record;
  record.plan = {1, 2, 3, Cause::kUpdate, {}};
  record.plan.database.fill(7);
  record.runs = 9;
  record.last = RunSummary{10,
                           20,
                           5,
                           Cause::kStartup,
                           RunSummary::End::kStopped,
                           {1, 2, 3, 4, 5, 6, 7}};
  return record;
}

TEST(CursorFile, ComesBackAsItWas) {
  EXPECT_EQ(DecodeCursor(Encode(Full())).value(), Full());
  EXPECT_EQ(DecodeCursor(Encode(Cursor())).value(), Cursor());
  EXPECT_EQ(DecodeTaskRecord(Encode(FullRecord())).value(), FullRecord());
  EXPECT_EQ(DecodeTaskRecord(Encode(TaskRecord())).value(), TaskRecord());
}

TEST(CursorFile, IsRefusedWithAnyByteChangedOrMissing) {
  const ByteVector good = Encode(Full());
  for (size_t i = 0; i < good.size(); ++i) {
    ByteVector bad = good;
    bad[i] ^= 0x10;
    EXPECT_FALSE(DecodeCursor(bad).ok()) << i;
    EXPECT_FALSE(DecodeCursor(Bytes(good).first(i)).ok()) << i;
  }
  ByteVector longer = good;
  longer.push_back(0);
  EXPECT_FALSE(DecodeCursor(longer).ok());
  EXPECT_FALSE(DecodeTaskRecord(good).ok());
}

TEST(CursorFile, PointsIntoItsTargets) {
  Cursor cursor = Full();
  cursor.target = 3;
  EXPECT_FALSE(DecodeCursor(Encode(cursor)).ok());
  cursor = Full();
  cursor.targets[0].base = "relative";
  EXPECT_FALSE(DecodeCursor(Encode(cursor)).ok());
}

TEST(CursorFile, TheWorstThatWasMetIsTheVerdict) {
  EXPECT_EQ(VerdictOf({}), Verdict::kClean);
  EXPECT_EQ(VerdictOf({.limited = 1}), Verdict::kLimited);
  EXPECT_EQ(VerdictOf({.limited = 1, .errors = 1}), Verdict::kError);
  EXPECT_EQ(VerdictOf({.found = 1, .errors = 1}), Verdict::kFound);
  EXPECT_EQ(VerdictOf({.skipped = 1}), Verdict::kClean);
}

}  // namespace
}  // namespace vitrine::tasks
