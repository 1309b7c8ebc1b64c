// SPDX-License-Identifier: Apache-2.0
#include "tasks/run_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tasks/limits.h"

namespace vitrine::tasks {
namespace {

using testing::HasSubstr;
using testing::Not;

class RunLogTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = "/tmp/vitrine-log." + std::to_string(getpid());
    std::filesystem::create_directories(folder_);
    log_ = folder_ + "/log";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static Finding Found(const std::string& path) {
    Finding finding;
    finding.path = path;
    finding.rule = "Bad";
    return finding;
  }
  Report Make(const Counts& counts) {
    ReportHead head{"nightly", config::TaskType::kCustom, {}};
    head.run.started = 1'795'824'000;
    head.run.counts = counts;
    return MakeReport(head, log_).value();
  }

  std::string folder_;
  std::string log_;
  Counts counts_;
};

TEST_F(RunLogTest, EveryFindingIsInBothReports) {
  RunLog log = RunLog::Begin(log_).value();
  ASSERT_TRUE(log.Add(Found("/a"), counts_).ok());
  Finding memory = Found("/usr/bin/x");
  memory.pid = 42;
  memory.program = "/usr/bin/x";
  memory.range = "0x1000-0x2000";
  ASSERT_TRUE(log.Add(memory, counts_).ok());
  Finding limited;
  limited.kind = Finding::Kind::kLimited;
  limited.path = "/z.zip";
  limited.reason = "limited";
  ASSERT_TRUE(log.Add(limited, counts_).ok());
  EXPECT_EQ(counts_.found, 2u);
  EXPECT_EQ(counts_.limited, 1u);
  const Report report = Make(counts_);
  EXPECT_THAT(report.json, HasSubstr(R"("verdict":"found")"));
  EXPECT_THAT(
      report.json,
      HasSubstr(R"({"verdict":"found","path":"/a","rule":"Bad"},{"verdict")"));
  EXPECT_THAT(report.json, HasSubstr(R"("range":"0x1000-0x2000")"));
  EXPECT_THAT(report.text,
              HasSubstr("in process 42 (/usr/bin/x) at 0x1000-0x2000"));
  EXPECT_THAT(report.text, HasSubstr("limited /z.zip  (limited)"));
  EXPECT_TRUE(report.json.ends_with("]}\n"));
}

TEST_F(RunLogTest, NamesCannotForgeLinesOrEscapeATerminal) {
  RunLog log = RunLog::Begin(log_).value();
  ASSERT_TRUE(log.Add(Found("/a\n\tF\t{}\tx\x1b[2J\xff"), counts_).ok());
  const Report report = Make(counts_);
  EXPECT_THAT(report.text, Not(HasSubstr("\x1b")));
  EXPECT_EQ(std::count(report.text.begin(), report.text.end(), '\n'), 4);
}

TEST_F(RunLogTest, GoesOnAfterACrashWithoutLossOrDouble) {
  uint64_t counted;
  {
    RunLog log = RunLog::Begin(log_).value();
    ASSERT_TRUE(log.Add(Found("/a"), counts_).ok());
    counted = log.size();
    Counts lost = counts_;
    ASSERT_TRUE(log.Add(Found("/b"), lost).ok());
  }
  std::ofstream(log_, std::ios::app) << "F\t{\"half\":";
  RunLog log = RunLog::Open(log_, counted, counts_).value();
  EXPECT_EQ(counts_.found, 2u);
  ASSERT_TRUE(log.Add(Found("/b"), counts_).ok());
  EXPECT_EQ(counts_.found, 2u);
  ASSERT_TRUE(log.Add(Found("/c"), counts_).ok());
  EXPECT_EQ(counts_.found, 3u);
  const Report report = Make(counts_);
  EXPECT_THAT(report.json, Not(HasSubstr("half")));
  EXPECT_THAT(report.json, HasSubstr("\"path\":\"/c\""));
}

TEST_F(RunLogTest, BeginsOnlyWhereThereIsNone) {
  {
    RunLog log = RunLog::Open(log_, 0, counts_).value();
    ASSERT_TRUE(log.Add(Found("/a"), counts_).ok());
  }
  // One that cannot be read by now.
  std::filesystem::resize_file(log_, kLogBytesMax + 1);
  const auto again = RunLog::Open(log_, 0, counts_);
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, Code::kLimit);
  EXPECT_EQ(std::filesystem::file_size(log_), kLogBytesMax + 1);
}

// A full disk: nothing more of this size can be written.
TEST_F(RunLogTest, WhatCannotBeWrittenIsNotAdded) {
  RunLog log = RunLog::Begin(log_).value();
  ASSERT_TRUE(log.Add(Found("/a"), counts_).ok());
  const uint64_t size = log.size();
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit full = {size + 10, before.rlim_max};
  const auto handler = signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
  const Status added = log.Add(Found("/b"), counts_);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  signal(SIGXFSZ, handler);
  EXPECT_FALSE(added.ok());
  EXPECT_EQ(counts_.found, 1u);
  EXPECT_EQ(log.size(), size);
  EXPECT_EQ(std::filesystem::file_size(log_), size);
  ASSERT_TRUE(log.Add(Found("/b"), counts_).ok());
  EXPECT_EQ(counts_.found, 2u);
  EXPECT_THAT(Make(counts_).json, HasSubstr("\"path\":\"/b\""));
}

TEST_F(RunLogTest, CountsWhatItDoesNotListAnyMore) {
  RunLog log = RunLog::Begin(log_).value();
  for (uint64_t i = 0; i < kFindingsMax + 3; ++i) {
    ASSERT_TRUE(log.Add(Found("/" + std::to_string(i)), counts_).ok());
  }
  EXPECT_EQ(counts_.found, kFindingsMax + 3);
  EXPECT_THAT(Make(counts_).text, HasSubstr("and 3 more"));
}

TEST_F(RunLogTest, TheNewestReportsAreKept) {
  for (int64_t i = 0; i < static_cast<int64_t>(kReportsKept) + 5; ++i) {
    ASSERT_TRUE(
        KeepReport(folder_ + "/runs", 1'795'824'000 + i, {"t", "j"}).ok());
  }
  const auto names = ReportsIn(folder_ + "/runs");
  ASSERT_EQ(names.size(), kReportsKept);
  EXPECT_EQ(names.front(), "20261128T000005Z");
}

}  // namespace
}  // namespace vitrine::tasks
