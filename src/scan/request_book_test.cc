// SPDX-License-Identifier: Apache-2.0
#include "scan/request_book.h"

#include <gtest/gtest.h>

namespace vitrine::scan {
namespace {

using std::chrono::seconds;
using TimePoint = Pending::TimePoint;

Pending DueIn(seconds time) {
  Pending pending;
  pending.request.deadline.at = TimePoint() + time;
  return pending;
}

TEST(RequestBook, GivesRequestsInTheirOrder) {
  RequestBook book;
  for (int i = 0; i < 3; ++i) book.Add({});
  EXPECT_EQ(book.queued(), 3u);
  for (uint64_t id = 1; id <= 3; ++id) {
    ASSERT_NE(book.First(), nullptr);
    EXPECT_EQ(book.First()->id, id);
    book.TakeFirst();
  }
  EXPECT_EQ(book.First(), nullptr);
  EXPECT_EQ(book.queued(), 0u);
  EXPECT_NE(book.Find(2), nullptr);
}

TEST(RequestBook, PutsBackBeforeAllThatWait) {
  RequestBook book;
  for (int i = 0; i < 3; ++i) book.Add({});
  book.TakeFirst();
  book.PutFirst(1);
  book.PutFirst(1);
  EXPECT_EQ(book.queued(), 3u);
  EXPECT_EQ(book.First()->id, 1u);
}

TEST(RequestBook, PassesOverWhatWasRemovedFromTheQueue) {
  RequestBook book;
  for (int i = 0; i < 3; ++i) book.Add({});
  EXPECT_TRUE(book.Remove(1));
  EXPECT_FALSE(book.Remove(1));
  EXPECT_EQ(book.queued(), 2u);
  EXPECT_EQ(book.First()->id, 2u);
  book.PutFirst(1);
  EXPECT_EQ(book.First()->id, 2u);
  EXPECT_EQ(book.RemoveQueued().size(), 2u);
  EXPECT_EQ(book.First(), nullptr);
}

TEST(RequestBook, TellsWhatIsDue) {
  RequestBook book;
  EXPECT_EQ(book.NextDue(), TimePoint::max());
  book.Add(DueIn(seconds(20)));
  book.Add(DueIn(seconds(10)));
  book.Add({});
  EXPECT_EQ(book.NextDue(), TimePoint() + seconds(10));
  EXPECT_TRUE(book.DueBy(TimePoint() + seconds(9)).empty());
  EXPECT_EQ(book.DueBy(TimePoint() + seconds(10)), std::vector<uint64_t>{2});
  EXPECT_EQ(book.DueBy(TimePoint() + seconds(99)).size(), 2u);
}

TEST(RequestBook, CountsTheTimeForOneSampleFromItsBeginning) {
  RequestBook book;
  Pending pending = DueIn(seconds(20));
  pending.request.scan_time = seconds(5);
  book.Add(std::move(pending));
  EXPECT_EQ(book.NextDue(), TimePoint() + seconds(20));
  book.Find(1)->began = TimePoint() + seconds(3);
  book.Reschedule(*book.Find(1));
  EXPECT_EQ(book.NextDue(), TimePoint() + seconds(8));
  // Back in the queue it has not begun.
  book.TakeFirst();
  book.PutFirst(1);
  EXPECT_EQ(book.NextDue(), TimePoint() + seconds(20));
  book.Find(1)->began = TimePoint() + seconds(18);
  book.Reschedule(*book.Find(1));
  EXPECT_EQ(book.NextDue(), TimePoint() + seconds(20));
}

TEST(Pending, WithoutAnyLimitIsNeverDue) {
  Pending pending;
  pending.began = TimePoint() + seconds(1);
  EXPECT_EQ(pending.DueAt(), TimePoint::max());
}

}  // namespace
}  // namespace vitrine::scan
