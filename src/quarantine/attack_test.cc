// SPDX-License-Identifier: Apache-2.0
// An attacker who owns the folder works in it while a file of his is taken. He
// must gain nothing: no file of anybody else's is lost, moved or written.
#include "quarantine/store_fixture.h"

namespace vitrine::quarantine {
namespace {

namespace fs = std::filesystem;

class AttackTest : public StoreFixture {
 protected:
  void SetUp() override {
    StoreFixture::SetUp();
    victim_ = root_ / "victim";
    fs::create_directory(victim_);
    std::ofstream(victim_ / "a") << "victim's";
    path_ = Make("a");
  }

  // Takes the file while `attack` is done right after `step`, once.
  Result<Taken> TakeUnder(Step step, const std::function<void()>& attack) {
    bool done = false;
    auto taken = Take(path_, [&](Step reached) {
      if (reached == step && !std::exchange(done, true)) attack();
    });
    EXPECT_TRUE(done);
    EXPECT_EQ(Read(victim_ / "a"), "victim's");
    EXPECT_EQ(Leftovers(root_ / "store"), 0u);
    return taken;
  }

  fs::path victim_;
  std::string path_;
};

TEST_F(AttackTest, ALinkInThePlaceOfTheFileIsNotFollowed) {
  const auto taken = TakeUnder(Step::kPendingSynced, [this] {
    fs::rename(path_, files_ / "hidden");
    fs::create_symlink(victim_ / "a", path_);
  });
  ASSERT_TRUE(taken.ok()) << taken.error().message;
  // The file was found under its new name.
  EXPECT_FALSE(fs::exists(files_ / "hidden"));
  EXPECT_TRUE(fs::is_symlink(path_));
}

TEST_F(AttackTest, ALinkInThePlaceOfTheFolderIsNotFollowed) {
  const auto taken = TakeUnder(Step::kPendingSynced, [this] {
    fs::rename(files_, root_ / "moved");
    fs::create_directory_symlink(victim_, files_);
  });
  ASSERT_TRUE(taken.ok()) << taken.error().message;
  EXPECT_FALSE(fs::exists(root_ / "moved/a"));
}

TEST_F(AttackTest, AnotherFolderOfTheSameNameKeepsItsFiles) {
  const auto taken = TakeUnder(Step::kPendingSynced, [this] {
    fs::rename(files_, root_ / "moved");
    fs::create_directory(files_);
    Make("a", "another");
  });
  ASSERT_TRUE(taken.ok()) << taken.error().message;
  EXPECT_EQ(Read(path_), "another");
  EXPECT_FALSE(fs::exists(root_ / "moved/a"));
}

// After the first look, before the move: the moment that a plain unlink loses.
TEST_F(AttackTest, AFileSwappedInAtTheLastMomentIsPutBack) {
  const auto taken = TakeUnder(Step::kPrivateMade, [this] {
    fs::rename(path_, files_ / "hidden");
    fs::create_hard_link(victim_ / "a", path_);
  });
  ASSERT_TRUE(taken.ok()) << taken.error().message;
  EXPECT_EQ(Read(path_), "victim's");
  EXPECT_EQ(fs::hard_link_count(victim_ / "a"), 2u);
  EXPECT_FALSE(fs::exists(files_ / "hidden"));
  EXPECT_EQ(Leftovers(files_), 0u);
}

TEST_F(AttackTest, ALinkSwappedInAtTheLastMomentIsPutBack) {
  const auto taken = TakeUnder(Step::kPrivateMade, [this] {
    fs::rename(path_, files_ / "hidden");
    fs::create_symlink(victim_ / "a", path_);
  });
  ASSERT_TRUE(taken.ok());
  EXPECT_TRUE(fs::is_symlink(path_));
  EXPECT_EQ(fs::read_symlink(path_), victim_ / "a");
}

TEST_F(AttackTest, APipeSwappedInIsPutBackAndNeverOpened) {
  const auto taken = TakeUnder(Step::kPrivateMade, [this] {
    fs::rename(path_, files_ / "hidden");
    ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  });
  ASSERT_TRUE(taken.ok());
  EXPECT_TRUE(fs::is_fifo(path_));
}

TEST_F(AttackTest, AFolderSwappedInIsPutBackWhole) {
  const auto taken = TakeUnder(Step::kPrivateMade, [this] {
    fs::rename(path_, files_ / "hidden");
    fs::create_directory(path_);
    std::ofstream(fs::path(path_) / "inner") << "inner";
  });
  ASSERT_TRUE(taken.ok());
  EXPECT_EQ(Read(fs::path(path_) / "inner"), "inner");
}

// The name is taken again while a stranger's file is in our hands.
TEST_F(AttackTest, AFileThatCannotGoBackStandsBesideItsName) {
  bool swapped = false;
  const auto taken = Take(path_, [&](Step reached) {
    if (reached == Step::kPrivateMade && !std::exchange(swapped, true)) {
      fs::rename(path_, files_ / "hidden");
      Make("a", "swapped in");
    } else if (reached == Step::kMovedAside && !fs::exists(path_)) {
      if (fs::exists(files_ / "hidden")) Make("a", "again");
    }
  });
  EXPECT_EQ(Read(path_), "again");
  bool found = false;
  for (const auto& entry : fs::directory_iterator(files_)) {
    found = found ||
            (entry.is_regular_file() && Read(entry.path()) == "swapped in");
  }
  EXPECT_TRUE(found);
  EXPECT_TRUE(taken.ok()) << taken.error().message;
}

TEST_F(AttackTest, APrivateFolderSwappedForAnotherIsNotUsed) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to be somebody else";
  const auto taken = TakeUnder(Step::kPrivateMade, [this] {
    for (const auto& entry : fs::directory_iterator(files_)) {
      const std::string name = entry.path().string();
      if (!entry.is_directory()) continue;
      fs::rename(name, files_ / "stolen");
      fs::create_directory(name);
      ASSERT_EQ(chown(name.c_str(), 1234, 1234), 0);
      ASSERT_EQ(chmod(name.c_str(), 0700), 0);
      break;
    }
  });
  // The file stays or was taken at a second try; never moved into his folder.
  EXPECT_EQ(taken.ok(), !fs::exists(path_));
}

TEST_F(AttackTest, AFileUnlinkedMeanwhileIsKeptAllTheSame) {
  const auto taken =
      TakeUnder(Step::kPendingSynced, [this] { fs::remove(path_); });
  ASSERT_TRUE(taken.ok()) << taken.error().message;
  EXPECT_EQ(Exported(taken.value().item.id), "MARKER");
}

TEST_F(AttackTest, AFileThatIsWrittenAllTheTimeIsTakenAndSaidToHaveChanged) {
  const auto taken = TakeUnder(Step::kChunkWritten, [this] {
    std::ofstream(path_, std::ios::app) << "more and more";
  });
  ASSERT_TRUE(taken.ok());
  EXPECT_TRUE(taken.value().item.seal.changed);
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(AttackTest, AFileReplacedBeforeTheActionIsTheDescriptorsAlone) {
  const UniqueFd file = OpenFile(path_);
  fs::rename(path_, files_ / "hidden");
  Make("a", "another");
  Subject subject = SubjectOf(file);
  subject.path = path_;  // What it was called when it was opened.
  const auto taken = Open().Take(subject);
  ASSERT_TRUE(taken.ok()) << taken.error().message;
  EXPECT_EQ(Read(path_), "another");
  EXPECT_FALSE(fs::exists(files_ / "hidden"));
  EXPECT_EQ(Exported(taken.value().item.id), "MARKER");
}

TEST_F(AttackTest, APathCannotLeaveItsRoot) {
  const UniqueFd root(open(files_.c_str(), O_PATH | O_CLOEXEC));
  const UniqueFd file = OpenFile(victim_ / "a");
  Subject subject = SubjectOf(file);
  subject.root = root.get();
  subject.path = "/../victim/a";
  EXPECT_FALSE(Open().Take(subject).ok());
  EXPECT_EQ(Read(victim_ / "a"), "victim's");
  subject.path = "/a";
  EXPECT_FALSE(Open().Take(subject).ok());  // Another file.
  EXPECT_EQ(Read(path_), "MARKER");
  const UniqueFd own = OpenFile(path_);
  subject.file = own.get();
  EXPECT_TRUE(Open().Take(subject).ok());
}

}  // namespace
}  // namespace vitrine::quarantine
