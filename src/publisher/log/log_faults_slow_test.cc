// SPDX-License-Identifier: Apache-2.0
// Ends the process, or fills the disk, at every step of appending to a log and
// publishing it; then the log must be the old one or the new one, and the next
// run must finish what was begun.
#include <sys/wait.h>

#include <cerrno>

#include "publisher/log/log_fixture.h"

namespace vitrine::publisher {
namespace {

constexpr int kEnded = 42;

class LogFaults : public LogFixture {
 protected:
  static std::vector<std::string> First() {
    std::vector<std::string> out;
    for (int i = 0; i < 254; ++i) out.push_back("first " + std::to_string(i));
    return out;
  }
  // Over the end of a tile, so that full and partial ones are written.
  static std::vector<std::string> Second() {
    return {"second 1", "second 2", "second 3"};
  }

  // A published log of the first entries, kept beside.
  void MakeOld() {
    LogWriter writer = Open().value();
    ASSERT_TRUE(writer.Append(Views(First())).ok());
    ASSERT_TRUE(Publish(writer).value().has_quorum);
    std::filesystem::copy(log(), root_ / "old-log",
                          std::filesystem::copy_options::recursive);
    std::filesystem::copy(state(), root_ / "old-state",
                          std::filesystem::copy_options::recursive);
    old_watched_ = watched_;
  }
  void Restore() {
    std::filesystem::remove_all(log());
    std::filesystem::remove_all(state());
    std::filesystem::copy(root_ / "old-log", log(),
                          std::filesystem::copy_options::recursive);
    std::filesystem::copy(root_ / "old-state", state(),
                          std::filesystem::copy_options::recursive);
    watched_ = old_watched_;
  }

  bool Run(const FileHook& hook) {
    auto writer = Open(hook);
    if (!writer.ok()) return false;
    const auto second = Second();
    if (!writer.value().Append(Views(second)).ok()) return false;
    const auto published = Publish(writer.value());
    return published.ok() && published.value().has_quorum;
  }

  int CountSteps() {
    int steps = 0;
    EXPECT_TRUE(Run([&](FileStep, const std::string&) {
      ++steps;
      return 0;
    }));
    return steps;
  }

  // What a client sees: the old log or the new one.
  void ExpectOldOrNew() const {
    const auto judged = Published();
    ASSERT_TRUE(judged.ok());
    const uint64_t size = judged.value().opened.checkpoint.size;
    EXPECT_TRUE(size == First().size() ||
                size == First().size() + Second().size())
        << size;
    EXPECT_TRUE(tlog::Edge::Read(size, judged.value().opened.checkpoint.root,
                                 TilesIn(log()))
                    .ok());
  }

  void ExpectNextRunRepairs() {
    ASSERT_TRUE(Run({}));
    EXPECT_EQ(ProvenEntries(First().size()), Second());
  }

  std::map<int, tlog::WatchedLog> old_watched_;
};

TEST_F(LogFaults, EndedAtEveryStepTheLogIsOldOrNew) {
  MakeOld();
  const int steps = CountSteps();
  ASSERT_GT(steps, 40);
  for (int step = 0; step < steps; ++step) {
    SCOPED_TRACE(step);
    Restore();
    const pid_t child = fork();
    if (child == 0) {
      int left = step;
      Run([&](FileStep, const std::string&) {
        if (left-- == 0) _exit(kEnded);
        return 0;
      });
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_EQ(WEXITSTATUS(status), kEnded);
    ExpectOldOrNew();
    ExpectNextRunRepairs();
  }
}

TEST_F(LogFaults, AFullDiskAtEveryStepLeavesOldOrNew) {
  MakeOld();
  const int steps = CountSteps();
  for (int step = 0; step < steps; ++step) {
    SCOPED_TRACE(step);
    Restore();
    int left = step;
    // Full from here on, not only once.
    EXPECT_FALSE(Run([&](FileStep, const std::string&) {
      return left-- <= 0 ? ENOSPC : 0;
    }));
    ExpectOldOrNew();
    ExpectNextRunRepairs();
  }
}

TEST_F(LogFaults, AnErrorAtEveryStepLeavesOldOrNew) {
  MakeOld();
  const int steps = CountSteps();
  for (int step = 0; step < steps; ++step) {
    SCOPED_TRACE(step);
    Restore();
    int left = step;
    Run([&](FileStep, const std::string&) { return left-- == 0 ? EIO : 0; });
    ExpectOldOrNew();
    ExpectNextRunRepairs();
  }
}

}  // namespace
}  // namespace vitrine::publisher
