// SPDX-License-Identifier: Apache-2.0
#include "update/state/state.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/write_all.h"

namespace vitrine::update {
namespace {

namespace fs = std::filesystem;

std::string Text(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

class UpdateStateTest : public testing::Test {
 protected:
  UpdateStateTest() {
    std::string pattern = testing::TempDir() + "stateXXXXXX";
    root_ = mkdtemp(pattern.data());
    paths_ = config::Paths(root_);
  }
  ~UpdateStateTest() override { fs::remove_all(root_); }

  // All of an update that touches the disk, to release `release` with `text`.
  static Status Update(UpdateState& state, uint64_t release,
                       const std::string& text) {
    TRY(state.Save("log-view", AsBytes(text)));
    TRY(state.Save("metadata/db.json", AsBytes(text)));
    TRY(state.Keep("leaf", AsBytes("leaf of " + text)));
    UniqueFd room = TRY(state.MakeRoom(text.size()));
    CHECK(WriteAll(room.get(), AsBytes(text)));
    TRY(state.Keep("leaf.tlog-proof", AsBytes("proof")));
    TRY(state.Keep("held", AsBytes("db 1\n")));
    return state.Activate("main", release);
  }

  // What is in use goes together with what proves it.
  std::string InUse() {
    const auto active = UpdateState::Look(paths_).Active();
    if (!active) return "none";
    const std::string text = Text(paths_.Database());
    EXPECT_EQ(Text(active->folder + "/leaf"), "leaf of " + text);
    EXPECT_EQ(Text(active->folder + "/held"), "db 1\n");
    EXPECT_EQ(Text(active->File()), text);
    return text;
  }

  // Nothing is left of what was not finished.
  void ExpectTidy() {
    for (const auto& file :
         fs::directory_iterator(root_ + "/var/lib/vitrine/"
                                        "update/databases")) {
      EXPECT_EQ(file.path().filename().string().substr(0, 5), "main-");
    }
    EXPECT_FALSE(fs::exists(paths_.Database() + ".next"));
  }

  std::string root_;
  config::Paths paths_;
};

TEST_F(UpdateStateTest, SwitchesKeepsFiveAndGoesBack) {
  UpdateState state = UpdateState::Open(paths_).value();
  EXPECT_FALSE(state.Active());
  for (uint64_t i = 1; i <= 7; ++i) {
    ASSERT_TRUE(Update(state, i, "database " + std::to_string(i)).ok());
    EXPECT_EQ(InUse(), "database " + std::to_string(i));
  }
  ASSERT_EQ(state.Databases().size(), 5u);
  const KeptDatabase oldest = state.Databases().front();
  EXPECT_EQ(oldest.release, 3u);
  ASSERT_TRUE(state.Switch(oldest).ok());
  EXPECT_EQ(InUse(), "database 3");
  // The one in use is not the one that goes.
  ASSERT_TRUE(Update(state, 8, "database 8").ok());
  ASSERT_TRUE(Update(state, 9, "database 9").ok());
  EXPECT_EQ(state.Databases().size(), 5u);
}

TEST_F(UpdateStateTest, OneUpdateAtATime) {
  const auto first = UpdateState::Open(paths_);
  ASSERT_TRUE(first.ok());
  const pid_t pid = fork();
  if (pid == 0) _exit(UpdateState::Open(paths_).ok() ? 0 : 1);
  int status = 0;
  waitpid(pid, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 1);
}

TEST_F(UpdateStateTest, KeepsTheSameEvidenceOnce) {
  UpdateState state = UpdateState::Open(paths_).value();
  ASSERT_TRUE(state.AddEvidence(AsBytes("two trees")).ok());
  ASSERT_TRUE(state.AddEvidence(AsBytes("two trees")).ok());
  ASSERT_TRUE(state.AddEvidence(AsBytes("another")).ok());
  EXPECT_EQ(Text(state.Folder() + "/evidence/2"), "another");
  EXPECT_FALSE(fs::exists(state.Folder() + "/evidence/3"));
}

TEST_F(UpdateStateTest, EnoughEvidenceIsNoError) {
  UpdateState state = UpdateState::Open(paths_).value();
  for (int i = 1; i <= 256; ++i) {
    std::ofstream(state.Folder() + "/evidence/" + std::to_string(i)) << i;
  }
  EXPECT_TRUE(state.AddEvidence(AsBytes("two trees")).ok());
  EXPECT_FALSE(fs::exists(state.Folder() + "/evidence/257"));
}

// Every step, enumerated by counting them first.
class AtEachStep : public UpdateStateTest {
 protected:
  size_t CountSteps() {
    size_t steps = 0;
    UpdateState state = UpdateState::Open(paths_, [&](const char*) {
                          ++steps;
                          return Ok();
                        }).value();
    CHECK(Update(state, 1, "old").ok());
    return steps;
  }
};

TEST_F(AtEachStep, KilledItIsOldOrNewAndTheNextRunRepairs) {
  const size_t steps = CountSteps();
  ASSERT_GT(steps, 15u);
  for (size_t at = 1; at <= steps; ++at) {
    const std::string next = "new " + std::to_string(at);
    const std::string before = InUse();
    const pid_t pid = fork();
    if (pid == 0) {
      size_t step = 0;
      auto state = UpdateState::Open(paths_, [&](const char*) {
        if (++step == at) _exit(9);
        return Ok();
      });
      if (state.ok()) (void)Update(state.value(), 10 + at, next);
      _exit(1);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    ASSERT_EQ(WEXITSTATUS(status), 9) << at;
    const std::string after = InUse();
    EXPECT_TRUE(after == before || after == next) << at << ": " << after;
    UpdateState state = UpdateState::Open(paths_).value();
    ExpectTidy();
    EXPECT_EQ(InUse(), after);
    ASSERT_TRUE(Update(state, 100 + at, next).ok()) << at;
    EXPECT_EQ(InUse(), next);
  }
}

TEST_F(AtEachStep, AFullDiskLeavesOldOrNewAndTheNextRunRepairs) {
  const size_t steps = CountSteps();
  for (size_t at = 1; at <= steps; ++at) {
    const std::string next = "new " + std::to_string(at);
    const std::string before = InUse();
    {
      size_t step = 0;
      UpdateState state =
          UpdateState::Open(paths_, [&](const char* what) -> Status {
            if (++step != at) return Ok();
            return Error{Code::kUnavailable,
                         std::string(what) + ": No space left on device"};
          }).value();
      const Status done = Update(state, 10 + at, next);
      ASSERT_FALSE(done.ok()) << at;
      EXPECT_NE(done.error().message.find("No space"), std::string::npos);
      state.Abandon();
    }
    const std::string after = InUse();
    EXPECT_TRUE(after == before || after == next) << at << ": " << after;
    UpdateState state = UpdateState::Open(paths_).value();
    ExpectTidy();
    ASSERT_TRUE(Update(state, 100 + at, next).ok()) << at;
    EXPECT_EQ(InUse(), next);
  }
}

}  // namespace
}  // namespace vitrine::update
