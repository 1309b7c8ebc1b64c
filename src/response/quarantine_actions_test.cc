// SPDX-License-Identifier: Apache-2.0
#include "response/quarantine_actions.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "response/fakes.h"

namespace vitrine::response {
namespace {

namespace fs = std::filesystem;

class EventCollector : public EventSink {
 public:
  void Append(const events::Event& event) override {
    const std::lock_guard lock(mutex_);
    events_.push_back(event);
  }
  std::vector<events::Event> Take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(events_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<events::Event> events_;
};

class QuarantineActionsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string folder = testing::TempDir() + "actions.XXXXXX";
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    paths_ = config::Paths(folder);
    fs::create_directories(paths_.State());
  }
  void TearDown() override { fs::remove_all(paths_.root()); }

  std::unique_ptr<QuarantineActions> Start(
      const config::QuarantineConfig& config = {}) {
    return QuarantineActions::Start(paths_, config, sink_).value();
  }
  static Found FoundIn(const SampleFile& sample) {
    Found found;
    found.file = sample.Open();
    found.facts = FactsOf(found.file.get()).value();
    found.path = sample.path();
    found.rule = "Marker";
    found.database = 3;
    return found;
  }
  size_t Items() const {
    return quarantine::Store::Open(
               {paths_.Quarantine(), paths_.QuarantineKey(), 0, {}})
        .value()
        .List()
        .value()
        .items.size();
  }

  config::Paths paths_;
  EventCollector sink_;
};

TEST_F(QuarantineActionsTest, TakesAFileOnceHoweverOftenItWasRefused) {
  const SampleFile sample;
  const auto actions = Start();
  for (int i = 0; i < 5; ++i) {
    if (fs::exists(sample.path())) actions->Act(FoundIn(sample));
  }
  actions->WaitUntilIdle();
  EXPECT_FALSE(fs::exists(sample.path()));
  EXPECT_EQ(Items(), 1u);
  const auto events = sink_.Take();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].disposition, events::Disposition::kQuarantined);
  EXPECT_EQ(events[0].quarantine.size(), 32u);
  EXPECT_EQ(events[0].rules, std::vector<std::string>{"Marker"});
}

TEST_F(QuarantineActionsTest, DeletesWhereTheLadderSaysSo) {
  const SampleFile sample;
  config::QuarantineConfig config;
  config.ladders = {{{config::Mask::Parse("Mark*").value()},
                     {config::Action::kDelete, config::Action::kBlock}}};
  const auto actions = Start(config);
  actions->Act(FoundIn(sample));
  actions->WaitUntilIdle();
  EXPECT_FALSE(fs::exists(sample.path()));
  EXPECT_EQ(Items(), 0u);
  EXPECT_EQ(sink_.Take().at(0).disposition, events::Disposition::kDeleted);
}

TEST_F(QuarantineActionsTest, LeavesAFileThatIsOnlyToBeRefused) {
  const SampleFile sample;
  config::QuarantineConfig config;
  config.actions = {config::Action::kBlock};
  const auto actions = Start(config);
  actions->Act(FoundIn(sample));
  actions->WaitUntilIdle();
  EXPECT_TRUE(fs::exists(sample.path()));
  EXPECT_TRUE(sink_.Take().empty());
}

// A file larger than the whole quarantine: the next rung is tried.
TEST_F(QuarantineActionsTest, ClimbsOnWhereARungFails) {
  const SampleFile sample(std::string(2 << 20, 'x'));
  config::QuarantineConfig config;
  config.max_size_mb = 1;
  config.actions = {config::Action::kQuarantine, config::Action::kDelete};
  const auto actions = Start(config);
  actions->Act(FoundIn(sample));
  actions->WaitUntilIdle();
  EXPECT_FALSE(fs::exists(sample.path()));
  const auto events = sink_.Take();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].outcome, events::Outcome::kFailure);
  EXPECT_EQ(events[1].disposition, events::Disposition::kDeleted);
}

TEST_F(QuarantineActionsTest, WhatWaitsIsActedOnBeforeTheEnd) {
  std::vector<std::unique_ptr<SampleFile>> samples;
  {
    const auto actions = Start();
    for (int i = 0; i < 20; ++i) {
      samples.push_back(std::make_unique<SampleFile>());
      actions->Act(FoundIn(*samples.back()));
    }
  }
  EXPECT_EQ(Items(), 20u);
}

}  // namespace
}  // namespace vitrine::response
