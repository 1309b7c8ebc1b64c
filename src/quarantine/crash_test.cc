// SPDX-License-Identifier: Apache-2.0
// Ends the process at every step of an action, recovers, and looks for the one
// thing that must never be: neither the file nor the item.
#include <sys/wait.h>

#include "quarantine/store_fixture.h"

namespace vitrine::quarantine {
namespace {

namespace fs = std::filesystem;

constexpr int kCrashed = 42;

class CrashTest : public StoreFixture {
 protected:
  enum class What { kTake, kDelete };

  // Acts on `path` in a process that ends at `step`; whether it got there.
  bool CrashAt(const std::string& path, Step step, What what) const {
    const pid_t child = fork();
    if (child == 0) {
      Store store = Open([step](Step reached) {
        if (reached == step) _exit(kCrashed);
      });
      const UniqueFd file = OpenFile(path);
      const auto done = what == What::kTake ? store.Take(SubjectOf(file))
                                            : store.Delete(SubjectOf(file));
      _exit(done.ok() ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_NE(WEXITSTATUS(status), 1);
    return WEXITSTATUS(status) == kCrashed;
  }

  // Recovers; exactly one of file and item must be there, whole.
  void ExpectOneOfBoth(const std::string& path) const {
    Store store = Open();
    const auto recovery = store.Recover();
    ASSERT_TRUE(recovery.ok());
    EXPECT_TRUE(recovery.value().problems.empty());
    const Listing listing = store.List().value();
    EXPECT_TRUE(listing.problems.empty());
    if (fs::exists(path)) {
      EXPECT_EQ(Read(path), "MARKER");
      EXPECT_TRUE(listing.items.empty());
    } else {
      ASSERT_EQ(listing.items.size(), 1u);
      EXPECT_EQ(Exported(listing.items[0].id), "MARKER");
      ASSERT_TRUE(store.Drop(listing.items[0].id).ok());
    }
    EXPECT_EQ(Leftovers(files_), 0u);
    EXPECT_EQ(Leftovers(root_ / "store"), 0u);
  }
};

TEST_F(CrashTest, TakingLeavesTheFileOrTheItemAtEveryStep) {
  for (int step = 0; step < kSteps; ++step) {
    SCOPED_TRACE(step);
    const std::string path = Make("file" + std::to_string(step));
    EXPECT_TRUE(CrashAt(path, static_cast<Step>(step), What::kTake));
    const bool is_there = fs::exists(path);
    EXPECT_EQ(is_there, step < static_cast<int>(Step::kMovedAside));
    ExpectOneOfBoth(path);
    EXPECT_EQ(fs::exists(path), is_there);
  }
}

TEST_F(CrashTest, DeletingLeavesTheFileWholeOrNothing) {
  for (int step = 0; step < kSteps - 1; ++step) {
    if (step == static_cast<int>(Step::kChunkWritten)) continue;
    SCOPED_TRACE(step);
    const std::string path = Make("file" + std::to_string(step));
    EXPECT_TRUE(CrashAt(path, static_cast<Step>(step), What::kDelete));
    const bool is_there = fs::exists(path);
    Store store = Open();
    ASSERT_TRUE(store.Recover().ok());
    EXPECT_EQ(fs::exists(path), is_there);
    EXPECT_TRUE(fs::is_empty(root_ / "store"));
    EXPECT_EQ(Leftovers(files_), 0u);
  }
}

// Between crash and recovery the name came to be another file's.
TEST_F(CrashTest, RecoveryTouchesNoOtherFileOfThatName) {
  const std::string path = Make("a");
  ASSERT_TRUE(CrashAt(path, Step::kPendingSynced, What::kTake));
  fs::rename(path, files_ / "elsewhere");
  Make("a", "another");
  Store store = Open();
  const auto recovery = store.Recover();
  ASSERT_TRUE(recovery.ok());
  EXPECT_EQ(recovery.value().finished, 1u);
  EXPECT_EQ(Read(path), "another");
  EXPECT_EQ(store.List().value().items.size(), 1u);
}

// An attacker's file was caught in the private folder when the process ended.
TEST_F(CrashTest, RecoveryMovesAStrangersFileBack) {
  const std::string path = Make("a");
  ASSERT_TRUE(CrashAt(path, Step::kMovedAside, What::kTake));
  for (const auto& entry : fs::directory_iterator(files_)) {
    if (!entry.is_directory()) continue;
    fs::remove(entry.path() / "file");
    std::ofstream(entry.path() / "file") << "a stranger's";
  }
  Store store = Open();
  ASSERT_TRUE(store.Recover().ok());
  EXPECT_EQ(Read(path), "a stranger's");
  EXPECT_EQ(store.List().value().items.size(), 1u);
  EXPECT_EQ(Leftovers(files_), 0u);
}

TEST_F(CrashTest, RecoveryLeavesARunningActionAlone) {
  const std::string path = Make("a");
  Store store = Open([this](Step step) {
    if (step > Step::kPendingSynced) return;
    const auto recovery = Open().Recover();
    ASSERT_TRUE(recovery.ok());
    EXPECT_EQ(recovery.value().dropped + recovery.value().undone, 0u);
  });
  const UniqueFd file = OpenFile(path);
  ASSERT_TRUE(store.Take(SubjectOf(file)).ok());
  EXPECT_EQ(Open().List().value().items.size(), 1u);
}

}  // namespace
}  // namespace vitrine::quarantine
