// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <thread>

#include "scan/scanner_pool.h"
#include "scan/testing.h"

namespace vitrine::scan {
namespace {

using std::chrono::milliseconds;

TestDatabase WithFault(const std::string& word) {
  return TestDatabase("Fault", {{"fault", word}});
}

TEST(PoolStart, SaysThatTheProgramIsNotThere) {
  const TestDatabase database("Marker");
  PoolOptions options = Faulty(1, 0);
  options.program = "/nonexistent/scanner";
  const auto pool = ScannerPool::Create(options, database);
  ASSERT_FALSE(pool.ok());
  EXPECT_EQ(pool.error().code, Code::kUnavailable);
}

TEST(PoolStart, GivesUpOnAProgramThatIsNoScanner) {
  const TestDatabase database("Marker");
  PoolOptions options = Faulty(2, 2);
  options.program = "/bin/true";
  const auto start = std::chrono::steady_clock::now();
  const auto pool = ScannerPool::Create(options, database);
  ASSERT_FALSE(pool.ok());
  EXPECT_EQ(pool.error().code, Code::kUnavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(PoolStart, PassesOnWhatIsWrongWithTheDatabase) {
  const UniqueFd file = SampleOf("this is no database");
  const ByteVector settings = wire::EncodeSettings({}).value();
  const auto pool =
      ScannerPool::Create(Faulty(1, 1), Database{file.get(), settings});
  ASSERT_FALSE(pool.ok());
  EXPECT_EQ(pool.error().code, Code::kInvalid);
  EXPECT_NE(pool.error().message.find("not a usable database"),
            std::string::npos);
}

TEST(PoolStart, WaitsForASlowScanner) {
  const auto database = WithFault("slow");
  const auto pool = Started(Faulty(1, 0), database);
  ASSERT_NE(pool, nullptr);
  EXPECT_EQ(pool->Scan(SampleOf("MARKER").get(), {}).verdict, Verdict::kFound);
}

TEST(PoolStart, RefusesImpossibleSizes) {
  const TestDatabase database("Marker");
  EXPECT_FALSE(ScannerPool::Create(Faulty(0, 1), database).ok());
  EXPECT_FALSE(ScannerPool::Create(Faulty(1, 0, 0), database).ok());
  EXPECT_FALSE(ScannerPool::Create(Faulty(kScannersMax + 1, 0), database).ok());
}

TEST(DatabaseChange, ScansWithTheNewOneAfterwards) {
  const TestDatabase old_one("OldRule");
  const TestDatabase new_one("NewRule");
  const auto pool = Started(Faulty(2, 1), old_one);
  EXPECT_EQ(pool->Scan(SampleOf("MARKER").get(), {}).first_alert, "OldRule");
  ASSERT_TRUE(pool->SetDatabase(new_one).ok());
  EXPECT_EQ(pool->status().database, 2u);
  for (int i = 0; i < 1000; ++i) {
    const auto scanners = pool->status().scanners;
    const bool all_new =
        std::all_of(scanners.begin(), scanners.end(),
                    [](const ScannerStatus& s) { return s.database == 2; });
    if (all_new && scanners.size() == 3) break;
    std::this_thread::sleep_for(milliseconds(5));
  }
  EXPECT_EQ(pool->status().scanners.size(), 3u);
  const Outcome outcome = pool->Scan(SampleOf("MARKER").get(), {});
  EXPECT_EQ(outcome.first_alert, "NewRule");
  EXPECT_EQ(outcome.database, 2u);
}

TEST(DatabaseChange, KeepsTheOldOneIfTheNewOneWillNotDo) {
  const TestDatabase old_one("OldRule");
  const auto pool = Started(Faulty(1, 1), old_one);
  for (const char* fault : {"refuse", "exit"}) {
    const Status status = pool->SetDatabase(WithFault(fault));
    ASSERT_FALSE(status.ok()) << fault;
    const Outcome outcome = pool->Scan(SampleOf("MARKER").get(), {});
    EXPECT_EQ(outcome.first_alert, "OldRule") << fault;
    EXPECT_EQ(outcome.database, 1u) << fault;
  }
}

TEST(DatabaseChange, FinishesOnTheOldOneWhatItBegan) {
  const TestDatabase old_one("OldRule");
  const TestDatabase new_one("NewRule");
  const auto pool = Started(Faulty(1, 0), old_one);
  Outcomes outcomes;
  pool->Submit(SampleOf("FAULT:slow\nMARKER"), {}, outcomes.Take(0));
  ASSERT_TRUE(pool->SetDatabase(new_one).ok());
  const Outcome slow = outcomes.Await(1)[0][0];
  EXPECT_EQ(slow.reason, Reason::kAnswered);
  EXPECT_EQ(slow.first_alert, "OldRule");
  EXPECT_EQ(slow.database, 1u);
  EXPECT_EQ(pool->Scan(SampleOf("MARKER").get(), {}).first_alert, "NewRule");
}

TEST(DatabaseChange, ForgetsWhichSamplesKill) {
  const TestDatabase database("Marker");
  const auto pool = Started(Faulty(1, 1), database);
  const UniqueFd killer = FaultOf("crash");
  pool->Scan(killer.get(), {});
  pool->Scan(killer.get(), {});
  EXPECT_EQ(pool->Scan(killer.get(), {}).reason, Reason::kKillsScanners);
  ASSERT_TRUE(pool->SetDatabase(database).ok());
  EXPECT_EQ(pool->Scan(killer.get(), {}).reason, Reason::kCrash);
}

// Ten changes under load: no request is lost, each answer belongs to the
// generation that it names, and old generations die out.
TEST(DatabaseChange, UnderLoadLosesNothing) {
  const TestDatabase databases[] = {TestDatabase("Even"), TestDatabase("Odd")};
  const auto pool = Started(Faulty(2, 1), databases[1]);
  std::atomic<bool> over = false;
  std::atomic<size_t> answered = 0;
  std::atomic<size_t> wrong = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      const UniqueFd sample = SampleOf("MARKER");
      while (!over) {
        const Outcome outcome = pool->Scan(sample.get(), {});
        ++answered;
        const char* const rule = outcome.database % 2 == 0 ? "Even" : "Odd";
        if (outcome.first_alert != rule) ++wrong;
      }
    });
  }
  for (int i = 2; i < 12; ++i) {
    EXPECT_TRUE(pool->SetDatabase(databases[i % 2]).ok());
    std::this_thread::sleep_for(milliseconds(20));
    // Old and new side by side, no more.
    EXPECT_LE(pool->status().scanners.size(), 2u * 3);
  }
  over = true;
  threads.clear();
  EXPECT_EQ(wrong, 0u);
  EXPECT_GT(answered, 100u);
  EXPECT_EQ(pool->status().crashes, 0u);
}

}  // namespace
}  // namespace vitrine::scan
