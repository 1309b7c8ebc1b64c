// SPDX-License-Identifier: Apache-2.0
#include "tasks/budget.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <thread>

namespace vitrine::tasks {
namespace {

using namespace std::chrono_literals;

TEST(PaceTest, WaitsUntilTheShareIsKept) {
  Pace pace(20);
  // 10 ms of work are 50 ms of the clock at a fifth.
  EXPECT_EQ(pace.PauseAfter(10ms, 10ms), 40ms);
  EXPECT_EQ(pace.PauseAfter(0ms, 40ms), 0ms);
  EXPECT_EQ(pace.PauseAfter(10ms, 10ms), 40ms);
}

TEST(PaceTest, DoesNotSaveUpWhatWasNotUsed) {
  Pace pace(50);
  EXPECT_EQ(pace.PauseAfter(0ms, 3600s), 0ms);
  EXPECT_GT(pace.PauseAfter(1000ms, 1000ms), 0ms);
}

TEST(PaceTest, SeveralProcessorsAreMoreThanAHundredPercent) {
  Pace pace(200);
  EXPECT_EQ(pace.PauseAfter(1000ms, 500ms), 0ms);
}

TEST(PaceTest, NoBoundNeverWaits) {
  Pace pace(0);
  EXPECT_EQ(pace.PauseAfter(1000s, 0s), 0ns);
}

TEST(UsedTimeTest, CountsWhatThisProcessUses) {
  UsedTime used;
  (void)used.Since({});
  const auto until = std::chrono::steady_clock::now() + 30ms;
  while (std::chrono::steady_clock::now() < until) {
  }
  const auto busy = used.Since({});
  EXPECT_GT(busy, 1ms);
  std::this_thread::sleep_for(30ms);
  EXPECT_LT(used.Since({}), 20ms);
}

TEST(StepBackTest, ConcernsOneThreadAlone) {
  const int before = getpriority(PRIO_PROCESS, 0);
  config::TaskConfig task;
  task.nice = 19;
  int inside = 0;
  std::jthread([&] {
    StepBack(task);
    std::jthread([&] { inside = getpriority(PRIO_PROCESS, 0); });
  });
  EXPECT_EQ(inside, 19);
  EXPECT_EQ(getpriority(PRIO_PROCESS, 0), before);
}

}  // namespace
}  // namespace vitrine::tasks
