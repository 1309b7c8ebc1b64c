// SPDX-License-Identifier: Apache-2.0
#include "guard/gate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "guard/fakes.h"
#include "guard/limits.h"
#include "response/fakes.h"
#include "response/limits.h"

namespace vitrine::guard {
namespace {

using config::GuardMode;
using response::FakeJudge;
using response::FakeSink;
using response::SampleFile;

class GateTest : public testing::Test {
 protected:
  GateTest() : memory_(SharedMemory::Create().value()) { Make(); }

  void Make() {
    gate_ = std::make_unique<Gate>(
        Gate::Parts{permission_, notice_, leases_, openers_, sink_,
                    memory_.state(), nullptr, 8},
        std::make_shared<const config::GuardConfig>(config_));
    gate_->SetJudge(&judge_);
  }

  // Somebody opens the file; the number that names his question.
  int Open(const SampleFile& file, pid_t pid = 100,
           KernelEvent::Kind kind = KernelEvent::Kind::kOpen) {
    std::vector<KernelEvent> events(1);
    events[0].kind = kind;
    events[0].pid = pid;
    events[0].descriptor = file.Open();
    const int number = events[0].descriptor.get();
    gate_->Questions(std::move(events));
    return number;
  }
  void Close(const SampleFile& file) {
    KernelEvent event;
    event.kind = KernelEvent::Kind::kWritten;
    event.pid = 100;
    event.descriptor = file.Open();
    notice_.waiting.push_back(std::move(event));
  }
  // The last answer.
  std::string Answer() const {
    if (permission_.answers.empty()) return "none";
    return permission_.answers.back().second == Access::kDeny ? "deny"
                                                              : "allow";
  }
  size_t Answers() const { return permission_.answers.size(); }
  bool Told(const std::string& reason) const {
    return std::find(sink_.reasons.begin(), sink_.reasons.end(), reason) !=
           sink_.reasons.end();
  }
  static void Settle() {
    std::this_thread::sleep_for(2 * response::kTimeGrain);
  }
  void MakeLasting(const SampleFile& file) {
    const auto facts = FactsOf(file.Open().get());
    auto mounts = std::make_shared<std::unordered_set<uint64_t>>();
    mounts->insert(facts.value().mount);
    gate_->SetLastingMounts(mounts);
  }

  config::GuardConfig config_;
  FakeFanotify permission_;
  FakeFanotify notice_;
  FakeLeases leases_;
  FakeOpeners openers_;
  FakeSink sink_;
  FakeJudge judge_;
  SharedMemory memory_;
  std::unique_ptr<Gate> gate_;
  const SampleFile file_;
};

TEST_F(GateTest, CleanIsAllowedAndFoundIsDenied) {
  const int number = Open(file_);
  EXPECT_EQ(Answers(), 0u);
  EXPECT_NE(memory_.state().deadlines[number], 0);
  judge_.Say(Verdict::kClean);
  EXPECT_EQ(Answer(), "allow");
  EXPECT_EQ(memory_.state().deadlines[number], 0);
  EXPECT_TRUE(sink_.reasons.empty());

  const SampleFile other;
  Open(other);
  judge_.Say(Verdict::kFound, "Bad");
  EXPECT_EQ(Answer(), "deny");
  EXPECT_TRUE(Told("scanned"));
}

TEST_F(GateTest, NotifyModeReportsAndRefusesNothing) {
  config_.mode = GuardMode::kNotify;
  config_.on_error = Access::kDeny;
  Make();
  Open(file_);
  judge_.Say(Verdict::kFound, "Bad");
  EXPECT_EQ(Answer(), "allow");
  EXPECT_TRUE(Told("scanned"));
  Open(SampleFile());
  judge_.Say(Verdict::kError);
  EXPECT_EQ(Answer(), "allow");
}

TEST_F(GateTest, WhatIsNoVerdictIsAnsweredByPolicy) {
  config_.on_error = Access::kDeny;
  config_.on_limited = Access::kAllow;
  Make();
  Open(file_);
  judge_.Say(Verdict::kError);
  EXPECT_EQ(Answer(), "deny");
  EXPECT_TRUE(Told("error"));
  Open(SampleFile());
  judge_.Say(Verdict::kLimited);
  EXPECT_EQ(Answer(), "allow");
  EXPECT_TRUE(Told("limited"));
}

TEST_F(GateTest, TheDeadlineIsKeptWithoutAVerdict) {
  config_.deadline = std::chrono::milliseconds(50);
  config_.on_deadline = Access::kDeny;
  Make();
  Open(file_);
  gate_->Expire();
  EXPECT_EQ(Answers(), 0u);
  std::this_thread::sleep_for(std::chrono::milliseconds(60));
  gate_->Expire();
  EXPECT_EQ(Answer(), "deny");
  EXPECT_TRUE(Told("deadline"));
  // The verdict that comes after it answers nobody.
  judge_.Say(Verdict::kClean);
  EXPECT_EQ(Answers(), 1u);
}

TEST_F(GateTest, AShorterDeadlineDoesNotWaitBehindALongerOne) {
  config_.deadline = std::chrono::seconds(60);
  Make();
  Open(file_);
  config_.deadline = std::chrono::milliseconds(50);
  gate_->SetConfig(std::make_shared<const config::GuardConfig>(config_));
  Open(SampleFile());
  std::this_thread::sleep_for(std::chrono::milliseconds(60));
  gate_->Expire();
  EXPECT_EQ(Answers(), 1u);
  EXPECT_TRUE(Told("deadline"));
}

TEST_F(GateTest, AVerdictThatComesLateAnswersNoOtherQuestionOfThatNumber) {
  config_.deadline = std::chrono::milliseconds(50);
  Make();
  const int first = Open(file_);
  std::this_thread::sleep_for(std::chrono::milliseconds(60));
  gate_->Expire();
  ASSERT_EQ(Answers(), 1u);
  std::this_thread::sleep_for(3 * response::kTimeGrain);
  leases_.writer = true;
  gate_->Expire();  // What was late is looked at again, and closed.
  const SampleFile other;
  int second = -1;
  std::vector<UniqueFd> fill;
  while (second != first && fill.size() < 64) {
    fill.push_back(other.Open());
    second = fill.back().get();
  }
  ASSERT_EQ(second, first);
  fill.pop_back();
  Open(other);
  judge_.Say(Verdict::kClean);  // Of the first.
  EXPECT_EQ(Answers(), 1u);
  judge_.Say(Verdict::kFound, "Bad");
  EXPECT_EQ(Answer(), "deny");
}

TEST_F(GateTest, WithoutAJudgeQuestionsWaitForOne) {
  gate_->SetJudge(nullptr);
  Open(file_);
  EXPECT_TRUE(judge_.asked.empty());
  gate_->SetJudge(&judge_);
  ASSERT_EQ(judge_.asked.size(), 1u);
  judge_.Say(Verdict::kClean);
  EXPECT_EQ(Answer(), "allow");
}

TEST_F(GateTest, OurOwnOpensAreAnsweredAtOnce) {
  Open(file_, 1);
  EXPECT_EQ(Answer(), "allow");
  EXPECT_TRUE(judge_.asked.empty());
  EXPECT_TRUE(gate_->TookOwnOpen(FactsOf(file_.Open().get()).value().key));
}

TEST_F(GateTest, WhatHasNoContentsIsAllowed) {
  const SampleFile empty("");
  Open(empty);
  EXPECT_EQ(Answer(), "allow");
  EXPECT_TRUE(judge_.asked.empty());
}

TEST_F(GateTest, ExcludedPathsAndProgramsAreNotScanned) {
  config_.exclude_paths.push_back(config::Mask::Parse("/srv/*").value());
  Make();
  Open(file_);
  EXPECT_EQ(Answer(), "allow");
  openers_.path = "/home/file";
  Open(file_);
  EXPECT_EQ(judge_.asked.size(), 1u);

  config_.exclude_processes.push_back(
      config::Mask::Parse("/usr/bin/cat").value());
  Make();
  Open(SampleFile());
  EXPECT_EQ(judge_.asked.size(), 1u);
}

TEST_F(GateTest, AKnownFileIsNotScannedAgain) {
  Settle();
  Open(file_);
  judge_.Say(Verdict::kClean);
  Open(file_);
  EXPECT_EQ(Answers(), 2u);
  EXPECT_TRUE(judge_.asked.empty());

  const SampleFile bad;
  Settle();
  Open(bad);
  judge_.Say(Verdict::kFound, "Bad");
  Open(bad);
  EXPECT_EQ(Answer(), "deny");
  EXPECT_TRUE(judge_.asked.empty());
  EXPECT_TRUE(Told("cached"));
}

TEST_F(GateTest, AFileChangedJustNowIsScannedAgain) {
  const SampleFile fresh;
  Open(fresh);
  judge_.Say(Verdict::kClean);
  Open(fresh);
  EXPECT_EQ(judge_.asked.size(), 1u);
}

TEST_F(GateTest, AFileWithAWriterIsScannedAtEachOpen) {
  Settle();
  leases_.writer = true;
  Open(file_);
  judge_.Say(Verdict::kClean);
  Open(file_);
  EXPECT_EQ(judge_.asked.size(), 1u);
}

TEST_F(GateTest, AKnownVerdictDoesNotHoldForAFileWithAWriter) {
  Settle();
  Open(file_);
  judge_.Say(Verdict::kClean);
  leases_.writer = true;
  Open(file_);
  EXPECT_EQ(judge_.asked.size(), 1u);
}

TEST_F(GateTest, AWriterDuringTheScanSpoilsTheVerdict) {
  Settle();
  const int number = Open(file_);
  leases_.broken = true;
  gate_->LeaseBroken(number);
  judge_.Say(Verdict::kClean);
  EXPECT_EQ(Answer(), "allow");
  leases_.broken = false;
  Open(file_);
  EXPECT_EQ(judge_.asked.size(), 1u);
}

TEST_F(GateTest, ANoticeOfWritingForgetsBeforeTheNextAnswer) {
  Settle();
  Open(file_);
  judge_.Say(Verdict::kClean);
  Close(file_);
  Open(file_);
  EXPECT_EQ(judge_.asked.size(), 1u);
}

TEST_F(GateTest, AnOverflowForgetsEverythingAndIsTold) {
  Settle();
  Open(file_);
  judge_.Say(Verdict::kClean);
  KernelEvent event;
  event.kind = KernelEvent::Kind::kOverflow;
  notice_.waiting.push_back(std::move(event));
  Open(file_);
  EXPECT_EQ(judge_.asked.size(), 1u);
  EXPECT_TRUE(Told("overflow"));
  EXPECT_EQ(gate_->counters().overflows, 1u);
}

TEST_F(GateTest, AnotherDatabaseForgetsAndOldVerdictsAreNotRemembered) {
  Settle();
  Open(file_);
  gate_->ForgetVerdicts(2);
  judge_.Say(Verdict::kClean);  // Of database 1.
  Open(file_);
  EXPECT_EQ(judge_.asked.size(), 1u);
}

TEST_F(GateTest, ManyOpenersOfOneFileShareAScan) {
  Open(file_);
  Open(file_);
  Open(file_);
  ASSERT_EQ(judge_.asked.size(), 1u);
  judge_.Say(Verdict::kFound, "Bad");
  EXPECT_EQ(Answers(), 3u);
  EXPECT_EQ(gate_->counters().denied, 3u);
}

TEST_F(GateTest, TooManyWaitersAreAnsweredByPolicy) {
  config_.max_scan_queue = 2;
  config_.on_deadline = Access::kDeny;
  Make();
  Open(file_);
  Open(SampleFile());
  Open(SampleFile());
  EXPECT_EQ(Answer(), "deny");
  EXPECT_TRUE(Told("busy"));
}

TEST_F(GateTest, AnExcludedRuleDoesNotHideAnother) {
  config_.exclude_rules.push_back(config::Mask::Parse("PUA.*").value());
  Make();
  Open(file_);
  judge_.Say(Verdict::kFound, "PUA.Tool");
  ASSERT_EQ(judge_.asked.size(), 1u);
  EXPECT_EQ(judge_.asked[0].rules, Rules::kAll);
  judge_.Say(Verdict::kFound, "PUA.Tool", 2);
  EXPECT_EQ(Answer(), "deny");

  Open(SampleFile());
  judge_.Say(Verdict::kFound, "PUA.Tool");
  judge_.Say(Verdict::kFound, "PUA.Tool", 1);
  EXPECT_EQ(Answer(), "allow");
}

TEST_F(GateTest, TheKernelAnswersForCleanFilesOfLastingMounts) {
  Settle();
  const int number = Open(file_);
  judge_.Say(Verdict::kClean);
  EXPECT_TRUE(permission_.ignored.empty());

  MakeLasting(file_);
  const int second = Open(file_);
  EXPECT_NE(second, -1);
  ASSERT_EQ(permission_.ignored.size(), 1u);
  // A user may write it: executions are asked about all the same.
  EXPECT_EQ(permission_.ignored.begin()->second,
            !FactsOf(file_.Open().get()).value().WritableByUsers());
  EXPECT_EQ(gate_->counters().kept, 1u);

  leases_.broken = true;
  gate_->LeaseBroken(permission_.ignored.begin()->first);
  EXPECT_TRUE(permission_.ignored.empty());
  EXPECT_TRUE(leases_.held.empty());
  (void)number;
}

TEST_F(GateTest, WhatWasWrittenIsScannedAndTold) {
  Close(file_);
  gate_->Notices();
  gate_->Expire();
  EXPECT_TRUE(judge_.asked.empty());  // It may be written again at once.
  std::this_thread::sleep_for(3 * response::kTimeGrain);
  gate_->Expire();
  ASSERT_EQ(judge_.asked.size(), 1u);
  judge_.Say(Verdict::kFound, "Bad");
  EXPECT_TRUE(Told("written"));
  EXPECT_EQ(Answers(), 0u);
  // And it is denied without another scan.
  Open(file_);
  EXPECT_EQ(Answer(), "deny");
}

TEST_F(GateTest, ExcludedPathsAreNotScannedWhenWritten) {
  config_.exclude_paths.push_back(config::Mask::Parse("/srv/*").value());
  Make();
  Close(file_);
  gate_->Notices();
  std::this_thread::sleep_for(3 * response::kTimeGrain);
  gate_->Expire();
  EXPECT_TRUE(judge_.asked.empty());
  openers_.path = "/home/file";
  Close(file_);
  gate_->Notices();
  std::this_thread::sleep_for(3 * response::kTimeGrain);
  gate_->Expire();
  EXPECT_EQ(judge_.asked.size(), 1u);
}

TEST_F(GateTest, OwnFilesAreNeitherAskedAboutNorRemembered) {
  openers_.own = true;
  Open(file_);
  EXPECT_EQ(Answer(), "allow");
  Close(file_);
  gate_->Notices();
  std::this_thread::sleep_for(3 * response::kTimeGrain);
  gate_->Expire();
  EXPECT_TRUE(judge_.asked.empty());
  EXPECT_TRUE(permission_.ignored.empty());
  // By another name it is a file like any.
  openers_.own = false;
  Open(file_);
  EXPECT_EQ(judge_.asked.size(), 1u);
}

TEST_F(GateTest, OffAnswersEverythingAtOnce) {
  config_.mode = GuardMode::kOff;
  Make();
  Open(file_);
  EXPECT_EQ(Answer(), "allow");
  EXPECT_TRUE(judge_.asked.empty());
}

}  // namespace
}  // namespace vitrine::guard
