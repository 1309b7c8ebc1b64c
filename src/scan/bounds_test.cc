// SPDX-License-Identifier: Apache-2.0
// What scanners may use of the machine: memory, processors, the terminal.
#include <signal.h>

#include <algorithm>
#include <mutex>

#include "base/utf8.h"
#include "scan/testing.h"

namespace vitrine::scan {
namespace {

using sandbox::Layer;

std::string GroupName() {
  return "vitrine-pool-test-" + std::to_string(getpid());
}

// Lines that scanners have said. Thread-safe.
class Said {
 public:
  std::function<void(const std::string&)> Take() {
    return [this](const std::string& line) {
      const std::lock_guard lock(mutex_);
      lines_.push_back(line);
    };
  }
  std::vector<std::string> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

class BoundsTest : public testing::Test {
 protected:
  Outcome Scan(const std::string& content) {
    return pool_->Scan(SampleOf(content).get(), {});
  }
  void Start(PoolOptions options) {
    pool_ = Started(options, database_);
    ASSERT_NE(pool_, nullptr);
  }

  const TestDatabase database_{"Marker"};
  std::unique_ptr<ScannerPool> pool_;
};

#ifndef VITRINE_SANITIZED_BUILD  // Which have no bounds.

TEST_F(BoundsTest, AHoarderCostsItsOwnVerdictAlone) {
  PoolOptions options = Faulty(2, 1, 4);
  options.bounds.memory = uint64_t{192} << 20;
  Start(options);
  Outcomes outcomes;
  for (size_t i = 0; i < 20; ++i) {
    pool_->Submit(
        i == 5 ? FaultOf("hoard") : SampleOf("MARKER " + std::to_string(i)), {},
        outcomes.Take(i));
  }
  const auto all = outcomes.Await(20);
  for (size_t i = 0; i < 20; ++i) {
    ASSERT_EQ(all[i].size(), 1u);
    EXPECT_EQ(all[i][0].reason, i == 5 ? Reason::kCrash : Reason::kAnswered);
    EXPECT_EQ(all[i][0].verdict, i == 5 ? Verdict::kError : Verdict::kFound);
  }
  EXPECT_EQ(pool_->status().crashes, 1u);
  const auto row = pool_->status().cage.row(Layer::kLimits);
  EXPECT_EQ(row.reason, "192 MiB of memory each");
}

TEST_F(BoundsTest, ACgroupBoundsAllOfThemTogether) {
  PoolOptions options = Faulty(1, 1);
  options.bounds = {uint64_t{192} << 20, 150, GroupName()};
  Start(options);
  const auto row = pool_->status().cage.row(Layer::kCgroup);
  if (row.state != sandbox::State::kFull) GTEST_SKIP() << row.reason;
  EXPECT_EQ(row.reason, "384 MiB of memory, 150 % of a processor, for all");
  EXPECT_EQ(Scan("FAULT:hoard\n").reason, Reason::kCrash);
  EXPECT_EQ(Scan("a MARKER").verdict, Verdict::kFound);
}

#endif

TEST_F(BoundsTest, SaysThatThereIsNoCgroup) {
  Start(Faulty(1, 0));
  const auto row = pool_->status().cage.row(Layer::kCgroup);
  EXPECT_EQ(row.state, sandbox::State::kAbsent);
  EXPECT_EQ(row.reason, "not asked for");
}

TEST_F(BoundsTest, ShowsTheWordsOfAScannerSpelledOutAndFew) {
  Said said;
  PoolOptions options = Faulty(1, 1);
  options.on_line = said.Take();
  Start(options);
  EXPECT_EQ(Scan("FAULT:chatter\n").reason, Reason::kAnswered);
  EXPECT_EQ(Scan("a MARKER").verdict, Verdict::kFound);
  pool_.reset();
  const auto lines = said.lines();
  ASSERT_FALSE(lines.empty());
  size_t bytes = 0;
  for (const std::string& line : lines) {
    EXPECT_TRUE(line.starts_with("vitrine-scanner[")) << line;
    EXPECT_EQ(line, Printable(line));
    bytes += line.size();
  }
  EXPECT_NE(lines[0].find("\\x1b]0;owned\\x07\\x1b[2J evil\\x0d"),
            std::string::npos)
      << lines[0];
  // Spelled out and with its prefix, a line is not more than six times itself.
  EXPECT_LE(bytes, 6 * kErrorBytesMax);
}

TEST_F(BoundsTest, ShowsTheLastWordsOfADeadScanner) {
  Said said;
  PoolOptions options = Faulty(1, 1);
  options.on_line = said.Take();
  Start(options);
  EXPECT_EQ(Scan("FAULT:last-words\n").reason, Reason::kCrash);
  pool_.reset();
  const auto lines = said.lines();
  EXPECT_TRUE(std::any_of(lines.begin(), lines.end(), [](const auto& line) {
    return line.ends_with("]: I am done");
  })) << lines.size();
}

}  // namespace
}  // namespace vitrine::scan
