// SPDX-License-Identifier: Apache-2.0
#include "tasks/plan.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace vitrine::tasks {
namespace {

constexpr int64_t kDay = 86400;
// 2026-11-28 00:00 UTC.
constexpr int64_t kMidnight = 1795824000;

class PlanTest : public testing::Test {
 protected:
  void SetUp() override {
    setenv("TZ", "UTC0", 1);
    tzset();
  }

  void Task(const char* schedule) {
    task_.schedule = config::Schedule::Parse(schedule).value();
  }
  std::optional<Cause> LookAt(int64_t now, bool startup = false) {
    return Look(
        task_, {now, startup, database_},
        [this](uint64_t below) { return below - 1 - chance_; }, state_);
  }

  config::TaskConfig task_;
  PlanState state_;
  crypto::Sha256Digest database_ = {1};
  uint64_t chance_ = 0;
};

TEST_F(PlanTest, StartsWhenItsTimeComesAndOnce) {
  Task("daily 02:30");
  EXPECT_FALSE(LookAt(kMidnight));
  EXPECT_FALSE(LookAt(kMidnight + 8999));
  EXPECT_EQ(LookAt(kMidnight + 9000), Cause::kScheduled);
  EXPECT_FALSE(LookAt(kMidnight + 9001));
  EXPECT_EQ(NextStart(task_, state_), kMidnight + kDay + 9000);
}

TEST_F(PlanTest, ANewTaskHasMissedNothing) {
  Task("daily 02:30");
  EXPECT_FALSE(LookAt(kMidnight + 20000, true));
}

TEST_F(PlanTest, SeveralMissedStartsAreMadeUpForOnce) {
  Task("daily 02:30");
  (void)LookAt(kMidnight);
  EXPECT_EQ(LookAt(kMidnight + 5 * kDay, true), Cause::kMissed);
  EXPECT_FALSE(LookAt(kMidnight + 5 * kDay + 1));
  EXPECT_EQ(LookAt(kMidnight + 5 * kDay + 9000), Cause::kScheduled);
}

TEST_F(PlanTest, MissedStartsAreLetGoWhereToldSo) {
  Task("daily 02:30");
  task_.run_missed = false;
  (void)LookAt(kMidnight);
  EXPECT_FALSE(LookAt(kMidnight + 5 * kDay));
  EXPECT_EQ(LookAt(kMidnight + 5 * kDay + 9000), Cause::kScheduled);
}

TEST_F(PlanTest, EveryCountsFromTheLastStart) {
  Task("every 2 hours");
  (void)LookAt(kMidnight);
  EXPECT_FALSE(LookAt(kMidnight + 7199));
  EXPECT_EQ(LookAt(kMidnight + 7200), Cause::kScheduled);
  EXPECT_FALSE(LookAt(kMidnight + 14399));
  EXPECT_EQ(LookAt(kMidnight + 14400), Cause::kScheduled);
}

TEST_F(PlanTest, TheDelayIsDrawnOnceAndOutlivesARestart) {
  Task("daily 02:30");
  task_.random_delay = std::chrono::minutes(10);
  (void)LookAt(kMidnight);
  EXPECT_FALSE(LookAt(kMidnight + 9000));
  EXPECT_EQ(state_.planned, kMidnight + 9600);
  chance_ = 600;  // Another draw would be earlier.
  const PlanState saved = state_;
  EXPECT_FALSE(LookAt(kMidnight + 9500, true));
  EXPECT_EQ(state_, saved);
  EXPECT_EQ(LookAt(kMidnight + 9600), Cause::kScheduled);
}

TEST_F(PlanTest, AnUpdateStartsOnlyWhoAskedForIt) {
  Task("manual");
  (void)LookAt(kMidnight);
  database_ = {2};
  EXPECT_FALSE(LookAt(kMidnight + 1));
  task_.after_update = true;
  EXPECT_FALSE(LookAt(kMidnight + 2));
  database_ = {3};
  EXPECT_EQ(LookAt(kMidnight + 3), Cause::kUpdate);
  EXPECT_FALSE(LookAt(kMidnight + 4));
}

TEST_F(PlanTest, StartupIsOncePerLife) {
  Task("startup");
  EXPECT_EQ(LookAt(kMidnight, true), Cause::kStartup);
  EXPECT_FALSE(LookAt(kMidnight + 1));
  EXPECT_EQ(LookAt(kMidnight + kDay, true), Cause::kStartup);
}

TEST_F(PlanTest, AClockSetBackLosesNoStart) {
  Task("daily 02:30");
  task_.random_delay = std::chrono::minutes(10);
  (void)LookAt(kMidnight + 30 * kDay);
  EXPECT_FALSE(LookAt(kMidnight));
  EXPECT_FALSE(LookAt(kMidnight + 9000));
  EXPECT_EQ(LookAt(kMidnight + 9600), Cause::kScheduled);
}

TEST_F(PlanTest, ManualTasksWaitToBeAsked) {
  Task("manual");
  EXPECT_FALSE(LookAt(kMidnight, true));
  EXPECT_FALSE(LookAt(kMidnight + 400 * kDay));
  EXPECT_EQ(NextStart(task_, state_), std::nullopt);
}

}  // namespace
}  // namespace vitrine::tasks
