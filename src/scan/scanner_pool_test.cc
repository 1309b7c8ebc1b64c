// SPDX-License-Identifier: Apache-2.0
#include "scan/scanner_pool.h"

#include <signal.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "scan/testing.h"

namespace vitrine::scan {
namespace {

using Clock = Deadline::Clock;
using std::chrono::milliseconds;

Request Full() {
  Request request;
  request.full_report = true;
  return request;
}
Request Within(milliseconds time) {
  Request request;
  request.deadline = Deadline::After(time);
  return request;
}

class ScannerPoolTest : public testing::Test {
 protected:
  Outcome Scan(const std::string& content, Request request = {}) {
    return pool_->Scan(SampleOf(content).get(), std::move(request));
  }
  Outcome ScanFault(const std::string& word, Request request = {}) {
    return pool_->Scan(FaultOf(word).get(), std::move(request));
  }
  void Start(unsigned scanners, unsigned standbys, unsigned pipeline = 1) {
    pool_ = Started(Faulty(scanners, standbys, pipeline), database_);
    ASSERT_NE(pool_, nullptr);
  }
  void AwaitServing(unsigned scanners) {
    for (int i = 0; i < 20000; ++i) {
      unsigned serving = 0;
      for (const auto& scanner : pool_->status().scanners) {
        serving += scanner.state == ScannerStatus::State::kServing ? 1 : 0;
      }
      if (serving == scanners) return;
      std::this_thread::sleep_for(milliseconds(1));
    }
    ADD_FAILURE() << "never " << scanners << " scanners";
  }

  const TestDatabase database_{"Marker"};
  std::unique_ptr<ScannerPool> pool_;
};

TEST_F(ScannerPoolTest, AnswersWithTheFixedPart) {
  Start(1, 0);
  const Outcome found = Scan("a MARKER");
  EXPECT_EQ(found.verdict, Verdict::kFound);
  EXPECT_EQ(found.reason, Reason::kAnswered);
  EXPECT_EQ(found.alerts, 1u);
  EXPECT_EQ(found.first_alert, "Marker");
  EXPECT_EQ(found.size, 8u);
  EXPECT_EQ(found.database, 1u);
  EXPECT_TRUE(found.report.empty());
  const Outcome clean = Scan("nothing");
  EXPECT_EQ(clean.verdict, Verdict::kClean);
  EXPECT_EQ(clean.bytes, 7u);
}

TEST_F(ScannerPoolTest, AnswersWithTheFullReportIfAsked) {
  Start(1, 0);
  const ScanReport found = ReadReport(Scan("a MARKER", Full()));
  EXPECT_EQ(found.verdict, Verdict::kFound);
  ASSERT_EQ(found.alerts.size(), 1u);
  EXPECT_EQ(found.alerts[0].engine, "yara");
  ASSERT_EQ(found.alerts[0].strings.size(), 1u);
  EXPECT_EQ(found.alerts[0].strings[0].offset, 2u);
  EXPECT_EQ(ReadReport(Scan("nothing", Full())).verdict, Verdict::kClean);
}

TEST_F(ScannerPoolTest, BringsReportsOfManyMessages) {
  Start(1, 0);
  std::string content;
  for (int i = 0; i < 9000; ++i) content += "MARKER ";
  const ScanReport report = ReadReport(Scan(content, Full()));
  ASSERT_EQ(report.alerts.size(), 1u);
  EXPECT_EQ(report.alerts[0].strings.size(), 9000u);
  EXPECT_EQ(report.alerts[0].strings[8999].offset, 8999u * 7);
  EXPECT_EQ(Scan("a MARKER").verdict, Verdict::kFound);
}

TEST_F(ScannerPoolTest, SaysWhatCannotBeRead) {
  Start(1, 0);
  const Outcome closed = pool_->Scan(-1, {});
  EXPECT_EQ(closed.verdict, Verdict::kError);
  EXPECT_EQ(closed.reason, Reason::kUnreadable);
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  const ScanReport pipe_report = ReadReport(pool_->Scan(pipe_ends[0], Full()));
  EXPECT_EQ(pipe_report.verdict, Verdict::kError);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

struct FaultCase {
  const char* word;
  Reason reason;
};
class PoolFaultTest : public ScannerPoolTest,
                      public testing::WithParamInterface<FaultCase> {};

TEST_P(PoolFaultTest, CostsOneErrorOfThatRequest) {
  Start(1, 1);
  const Outcome fault = ScanFault(GetParam().word, Full());
  EXPECT_EQ(fault.verdict, Verdict::kError);
  EXPECT_STREQ(ReasonWord(fault.reason), ReasonWord(GetParam().reason));
  EXPECT_EQ(ReadReport(fault).errors.size(), 1u);
  EXPECT_EQ(Scan("a MARKER").verdict, Verdict::kFound);
}

INSTANTIATE_TEST_SUITE_P(
    Faults, PoolFaultTest,
    testing::Values(FaultCase{"crash", Reason::kCrash},
                    FaultCase{"exit", Reason::kCrash},
                    FaultCase{"half-report", Reason::kCrash},
                    FaultCase{"garbage", Reason::kGarbage},
                    FaultCase{"other-id", Reason::kGarbage},
                    FaultCase{"hello-again", Reason::kGarbage},
                    FaultCase{"endless-report", Reason::kGarbage}));

TEST_F(ScannerPoolTest, ForbiddenCallsAreACrashThatSaysSo) {
  Start(1, 0);
  const auto cage = pool_->status().cage;
  if (cage.row(sandbox::Layer::kSystemCalls).state != sandbox::State::kFull) {
    GTEST_SKIP() << "no filter for system calls here";
  }
  const Outcome outcome = ScanFault("forbidden");
  EXPECT_EQ(outcome.reason, Reason::kCrash);
  EXPECT_EQ(outcome.detail, "broke the policy");
}

TEST_F(ScannerPoolTest, RefusesAReportThatIsDamaged) {
  Start(1, 0);
  const Outcome outcome = ScanFault("damaged-report", Full());
  EXPECT_EQ(outcome.reason, Reason::kAnswered);
  EXPECT_EQ(ReadReport(outcome).verdict, Verdict::kError);
}

TEST_F(ScannerPoolTest, UnaskedAnswersAreNobodys) {
  Start(1, 1);
  EXPECT_EQ(ScanFault("twice").verdict, Verdict::kClean);
  // The second answer may come to notice with the next request or before it.
  const Outcome next = Scan("a MARKER");
  EXPECT_TRUE(next.verdict == Verdict::kFound ||
              next.reason == Reason::kGarbage);
  EXPECT_EQ(Scan("a MARKER ").verdict, Verdict::kFound);
}

TEST_F(ScannerPoolTest, AnswersSoonAfterTheDeadline) {
  Start(2, 2);
  std::vector<double> late;
  for (int i = 0; i < 15; ++i) {
    const Request request = Within(milliseconds(30));
    const auto due = request.deadline.at;
    const Outcome outcome =
        ScanFault(i % 2 == 0 ? "hang" : "spin", std::move(request));
    EXPECT_EQ(outcome.reason, Reason::kTimeout);
    late.push_back(
        std::chrono::duration<double, std::milli>(Clock::now() - due).count());
    AwaitServing(2);
  }
  std::sort(late.begin(), late.end());
  // The bound is the worst of a loaded machine; the figure is the median's.
  std::printf("late by %.2f ms in the middle, %.2f ms at most\n", late[7],
              late[14]);
  EXPECT_LT(late[0], 20.0);
  EXPECT_EQ(Scan("a MARKER").verdict, Verdict::kFound);
}

TEST_F(ScannerPoolTest, AStandbyTakesOverAtOnce) {
  Start(1, 1);
  std::vector<double> gaps;
  for (int i = 0; i < 15; ++i) {
    EXPECT_EQ(ScanFault("crash").reason, Reason::kCrash);
    const auto start = Clock::now();
    EXPECT_EQ(Scan("a MARKER " + std::to_string(i)).verdict, Verdict::kFound);
    gaps.push_back(
        std::chrono::duration<double, std::milli>(Clock::now() - start)
            .count());
    std::this_thread::sleep_for(milliseconds(20));
  }
  std::sort(gaps.begin(), gaps.end());
  std::printf("served again after %.2f ms in the middle, %.2f ms at most\n",
              gaps[7], gaps[14]);
  EXPECT_LT(gaps[0], 20.0);
}

TEST_F(ScannerPoolTest, TimeForOneSampleCountsFromItsBeginning) {
  Start(1, 0, 4);
  Outcomes outcomes;
  Request request;
  request.scan_time = milliseconds(2000);
  for (size_t i = 0; i < 30; ++i) {
    pool_->Submit(SampleOf("FAULT:slow\n" + std::to_string(i)), request,
                  outcomes.Take(i));
  }
  for (const auto& all : outcomes.Await(30)) {
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].reason, Reason::kAnswered);
  }
}

TEST_F(ScannerPoolTest, WaitingRequestsAreAnsweredByTheirDeadline) {
  Start(1, 0, 2);
  Outcomes outcomes;
  pool_->Submit(FaultOf("hang"), Within(milliseconds(400)), outcomes.Take(0));
  // In the scanner behind the first, and in the pool's queue.
  pool_->Submit(SampleOf("MARKER 1"), Within(milliseconds(50)),
                outcomes.Take(1));
  pool_->Submit(SampleOf("MARKER 2"), Within(milliseconds(50)),
                outcomes.Take(2));
  pool_->Submit(SampleOf("MARKER 3"), {}, outcomes.Take(3));
  const auto start = Clock::now();
  outcomes.Await(2);
  EXPECT_LT(Clock::now() - start, milliseconds(300));
  const auto all = outcomes.Await(4);
  EXPECT_EQ(all[0][0].reason, Reason::kTimeout);
  EXPECT_EQ(all[1][0].reason, Reason::kTimeout);
  EXPECT_EQ(all[2][0].reason, Reason::kTimeout);
  EXPECT_EQ(all[3][0].verdict, Verdict::kFound);
}

TEST_F(ScannerPoolTest, AnAbandonedRequestDoesNotBlockItsScanner) {
  Start(1, 0, 2);
  Outcomes outcomes;
  pool_->Submit(FaultOf("slow"), {}, outcomes.Take(0));
  pool_->Submit(FaultOf("hang"), Within(milliseconds(30)), outcomes.Take(1));
  pool_->Submit(SampleOf("MARKER"), {}, outcomes.Take(2));
  const auto all = outcomes.Await(3);
  EXPECT_EQ(all[0][0].reason, Reason::kAnswered);
  EXPECT_EQ(all[1][0].reason, Reason::kTimeout);
  EXPECT_EQ(all[2][0].verdict, Verdict::kFound);
}

TEST_F(ScannerPoolTest, CrashesAmongManyCostExactlyThemselves) {
  Start(2, 1, 8);
  constexpr size_t kCount = 600;
  Outcomes outcomes;
  for (size_t i = 0; i < kCount; ++i) {
    const std::string number = std::to_string(i);
    pool_->Submit(i % 10 == 3  ? SampleOf("FAULT:crash\n" + number)
                  : i % 2 == 0 ? SampleOf("MARKER " + number)
                               : SampleOf("nothing " + number),
                  {}, outcomes.Take(i));
  }
  const auto all = outcomes.Await(kCount);
  ASSERT_EQ(all.size(), kCount);
  for (size_t i = 0; i < kCount; ++i) {
    ASSERT_EQ(all[i].size(), 1u) << i;
    const Outcome& outcome = all[i][0];
    if (i % 10 == 3) {
      EXPECT_EQ(outcome.reason, Reason::kCrash) << i;
    } else {
      EXPECT_EQ(outcome.verdict, i % 2 == 0 ? Verdict::kFound : Verdict::kClean)
          << i;
    }
  }
}

// A death between two samples is the next one's to bear: nobody can tell.
TEST_F(ScannerPoolTest, ADeathAfterAnAnswerCostsAtMostOneOther) {
  Start(2, 1, 4);
  constexpr size_t kCount = 200;
  Outcomes outcomes;
  for (size_t i = 0; i < kCount; ++i) {
    const std::string number = std::to_string(i);
    pool_->Submit(i % 20 == 7 ? SampleOf("FAULT:answer-and-crash\n" + number)
                              : SampleOf("MARKER " + number),
                  {}, outcomes.Take(i));
  }
  const auto all = outcomes.Await(kCount);
  size_t crashed = 0;
  for (size_t i = 0; i < kCount; ++i) {
    ASSERT_EQ(all[i].size(), 1u) << i;
    const Outcome& outcome = all[i][0];
    if (outcome.reason == Reason::kCrash) {
      ++crashed;
    } else {
      EXPECT_EQ(outcome.verdict,
                i % 20 == 7 ? Verdict::kClean : Verdict::kFound)
          << i;
    }
  }
  EXPECT_LE(crashed, kCount / 20);
}

TEST_F(ScannerPoolTest, ASampleThatKilledTwiceIsNotTriedAgain) {
  Start(1, 1);
  const UniqueFd killer = FaultOf("crash");
  EXPECT_EQ(pool_->Scan(killer.get(), {}).reason, Reason::kCrash);
  EXPECT_EQ(pool_->Scan(killer.get(), {}).reason, Reason::kCrash);
  const auto crashes = pool_->status().crashes;
  const Outcome third = pool_->Scan(killer.get(), {});
  EXPECT_EQ(third.verdict, Verdict::kError);
  EXPECT_EQ(third.reason, Reason::kKillsScanners);
  EXPECT_EQ(pool_->status().crashes, crashes);
  // Another state of it is another sample.
  ASSERT_EQ(pwrite(killer.get(), "F", 1, 100), 1);
  EXPECT_EQ(pool_->Scan(killer.get(), {}).reason, Reason::kCrash);
}

TEST_F(ScannerPoolTest, AShortDeadlineIsNotHeldAgainstASample) {
  Start(1, 1);
  const UniqueFd slow = FaultOf("slow");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(pool_->Scan(slow.get(), Within(milliseconds(10))).reason,
              Reason::kTimeout);
  }
  EXPECT_EQ(pool_->Scan(slow.get(), {}).reason, Reason::kAnswered);
}

TEST_F(ScannerPoolTest, ReplacesScannersThatAreKilledFromOutside) {
  Start(2, 1, 2);
  constexpr size_t kCount = 1000;
  constexpr size_t kBetween = 50;
  Outcomes outcomes;
  for (size_t i = 0; i < kCount; ++i) {
    pool_->Submit(SampleOf("MARKER " + std::to_string(i)), {},
                  outcomes.Take(i));
    if (i % kBetween != 0) continue;
    AwaitServing(2);
    const auto scanners = pool_->status().scanners;
    // One that cannot even start is another story.
    const auto& victim = scanners[i / kBetween % scanners.size()];
    if (victim.state != ScannerStatus::State::kStarting) {
      kill(victim.pid, SIGKILL);
    }
  }
  const auto all = outcomes.Await(kCount);
  size_t found = 0;
  for (const auto& outcome : all) {
    ASSERT_EQ(outcome.size(), 1u);
    if (outcome[0].verdict == Verdict::kFound) {
      ++found;
    } else {
      EXPECT_EQ(outcome[0].reason, Reason::kCrash);
    }
  }
  EXPECT_GE(found, kCount - kCount / kBetween);
  AwaitServing(2);
  EXPECT_EQ(Scan("MARKER").verdict, Verdict::kFound);
}

TEST_F(ScannerPoolTest, AnswersAllWhenItIsTakenDown) {
  Start(1, 0, 4);
  Outcomes outcomes;
  for (size_t i = 0; i < 20; ++i) {
    pool_->Submit(FaultOf("hang"), {}, outcomes.Take(i));
  }
  pool_.reset();
  for (const auto& all : outcomes.Await(20)) {
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].reason, Reason::kStopped);
  }
}

TEST_F(ScannerPoolTest, CallbacksMaySubmit) {
  Start(1, 0);
  Outcomes outcomes;
  pool_->Submit(SampleOf("MARKER 1"), {}, [&](Outcome) {
    pool_->Submit(SampleOf("MARKER 2"), {}, outcomes.Take(0));
  });
  EXPECT_EQ(outcomes.Await(1)[0][0].verdict, Verdict::kFound);
}

TEST_F(ScannerPoolTest, ServesManyThreads) {
  Start(2, 0);
  std::atomic<int> found = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 100; ++i) {
          const Outcome outcome =
              Scan("MARKER " + std::to_string(t * 1000 + i));
          if (outcome.verdict == Verdict::kFound) ++found;
        }
      });
    }
  }
  EXPECT_EQ(found, 800);
}

}  // namespace
}  // namespace vitrine::scan
