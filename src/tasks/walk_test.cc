// SPDX-License-Identifier: Apache-2.0
#include "tasks/walk.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

namespace vitrine::tasks {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

class WalkTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/vitrine-walk.XXXXXX";
    root_ = mkdtemp(name);
    for (const char* path : {"a/1", "a/2", "a/sub/3", "a-b/4", "b/5", "z"}) {
      fs::create_directories(fs::path(root_ + "/" + path).parent_path());
      std::ofstream(root_ + "/" + path) << path;
    }
  }
  void TearDown() override { fs::remove_all(root_); }

  std::unique_ptr<Walk> Begin(const std::string& position = "") {
    options_.target.base = root_;
    options_.position = position;
    return Walk::Create(options_).value();
  }
  // Positions of the files, and of everything else with its kind.
  std::vector<std::string> Rest(Walk& walk) {
    std::vector<std::string> names;
    while (auto item = walk.Next()) {
      std::string name = item->position;
      if (item->kind == Item::Kind::kClean) name += " clean";
      if (item->kind != Item::Kind::kFile && item->kind != Item::Kind::kClean) {
        name += " " + item->why;
      }
      EXPECT_EQ(item->kind == Item::Kind::kFile, static_cast<bool>(item->file));
      names.push_back(name);
    }
    return names;
  }
  std::vector<std::string> All(const std::string& position = "") {
    return Rest(*Begin(position));
  }

  std::string root_;
  Walk::Options options_;
};

TEST_F(WalkTest, GoesByRisingNameFolderByFolder) {
  EXPECT_THAT(All(), ElementsAre("a/1", "a/2", "a/sub/3", "a-b/4", "b/5", "z"));
}

TEST_F(WalkTest, LeavesAccessTimesAsTheyAre) {
  // Older than the last change: whatever is read gets a new one by relatime.
  const timespec times[2] = {{1000, 0}, {2000, 0}};
  const char* const names[] = {"", "/a", "/a/sub", "/a/1", "/z"};
  for (const char* name : names) {
    ASSERT_EQ(utimensat(AT_FDCWD, (root_ + name).c_str(), times, 0), 0);
  }
  const auto walk = Begin();
  char byte;
  while (auto item = walk->Next()) {
    EXPECT_EQ(read(item->file.get(), &byte, 1), 1);
  }
  for (const char* name : names) {
    struct stat status;
    ASSERT_EQ(stat((root_ + name).c_str(), &status), 0);
    EXPECT_EQ(status.st_atim.tv_sec, 1000) << name;
  }
}

TEST_F(WalkTest, GoesOnBehindEveryPosition) {
  const auto all = All();
  for (size_t i = 0; i < all.size(); ++i) {
    const std::vector<std::string> left(all.begin() + static_cast<long>(i) + 1,
                                        all.end());
    EXPECT_EQ(All(all[i]), left) << all[i];
  }
}

TEST_F(WalkTest, GoesOnWhereThePositionIsNoMore) {
  fs::remove(root_ + "/a/2");
  EXPECT_THAT(All("a/2"), ElementsAre("a/sub/3", "a-b/4", "b/5", "z"));
  fs::remove_all(root_ + "/a");
  EXPECT_THAT(All("a/sub/3"), ElementsAre("a-b/4", "b/5", "z"));
  fs::create_directories(root_ + "/b/1");
  std::ofstream(root_ + "/b/1/x") << "x";
  EXPECT_THAT(All("a/sub/3"), ElementsAre("a-b/4", "b/1/x", "b/5", "z"));
}

TEST_F(WalkTest, AFolderThatBecameAFileIsNewGround) {
  fs::remove_all(root_ + "/a");
  std::ofstream(root_ + "/a") << "a";
  EXPECT_THAT(All("a/sub/3"), ElementsAre("a", "a-b/4", "b/5", "z"));
}

TEST_F(WalkTest, FollowsNoLink) {
  fs::create_symlink("/etc", root_ + "/b/link");
  fs::create_symlink("/etc/passwd", root_ + "/b/file");
  const auto walk = Begin("b/5");
  EXPECT_THAT(Rest(*walk), ElementsAre("z"));
  EXPECT_EQ(walk->links(), 2u);
  options_.target.required = true;
  options_.target.base = root_ + "/b/link/x";
  const auto item = Walk::Create(options_).value()->Next();
  ASSERT_TRUE(item);
  EXPECT_EQ(item->kind, Item::Kind::kError);
}

// Whatever stands under a name when it is opened: a link swapped in between
// listing and opening leads nowhere.
TEST_F(WalkTest, FollowsNoLinkSwappedInMeanwhile) {
  const auto walk = Begin();
  EXPECT_EQ(walk->Next()->position, "a/1");
  fs::remove(root_ + "/a/2");
  fs::create_symlink("/etc/passwd", root_ + "/a/2");
  fs::remove_all(root_ + "/a/sub");
  fs::create_symlink("/etc", root_ + "/a/sub");
  fs::remove_all(root_ + "/b");
  fs::create_symlink("/etc", root_ + "/b");
  EXPECT_THAT(Rest(*walk), ElementsAre("a-b/4", "z"));
}

TEST_F(WalkTest, StaysInAFolderThatWasMoved) {
  const auto walk = Begin();
  EXPECT_EQ(walk->Next()->position, "a/1");
  fs::rename(root_ + "/a", root_ + "/moved");
  fs::create_directories(root_ + "/a");
  std::ofstream(root_ + "/a/2") << "another";
  const auto item = walk->Next();
  ASSERT_TRUE(item && item->file);
  EXPECT_EQ(item->facts.size, 3u);  // "a/2", by the open folder.
}

TEST_F(WalkTest, OpensNothingButFilesAndNeverWaits) {
  ASSERT_EQ(mkfifo((root_ + "/b/pipe").c_str(), 0600), 0);
  EXPECT_THAT(All("b/5"), ElementsAre("b/pipe not a file", "z"));
  // A pipe that takes the place of a file meanwhile.
  fs::remove(root_ + "/b/pipe");
  const auto walk = Begin("a-b/4");
  const auto item = walk->Next();
  EXPECT_EQ(item->position, "b/5");
  fs::remove(root_ + "/z");
  ASSERT_EQ(mkfifo((root_ + "/z").c_str(), 0600), 0);
  EXPECT_THAT(Rest(*walk), ElementsAre("z a pipe"));
}

TEST_F(WalkTest, TellsWhatItCannotOpen) {
  if (geteuid() == 0) {
    GTEST_SKIP() << "root can open everything";
  }
  chmod((root_ + "/z").c_str(), 0);
  EXPECT_THAT(All("b/5"), ElementsAre("z Permission denied"));
}

TEST_F(WalkTest, AFileCanBeATarget) {
  options_.target.base = root_ + "/z";
  auto walk = Walk::Create(options_).value();
  const auto item = walk->Next();
  ASSERT_TRUE(item && item->file);
  EXPECT_EQ(item->path, root_ + "/z");
  EXPECT_FALSE(walk->Next());
  options_.position = item->position;
  EXPECT_FALSE(Walk::Create(options_).value()->Next());
}

TEST_F(WalkTest, WhatIsNotThereIsAnErrorOnlyWhereSomebodyNamedIt) {
  options_.target.base = root_ + "/none";
  EXPECT_FALSE(Walk::Create(options_).value()->Next());
  options_.target.required = true;
  EXPECT_EQ(Walk::Create(options_).value()->Next()->kind, Item::Kind::kError);
}

TEST_F(WalkTest, LeavesOutWhatIsExcluded) {
  options_.exclude = {config::Mask::ParsePath(root_ + "/a").value(),
                      config::Mask::ParsePath("**/5").value()};
  EXPECT_THAT(All(), ElementsAre("a-b/4", "z"));
  options_.exclude = {config::Mask::ParsePath("/tmp").value()};
  EXPECT_THAT(All(), IsEmpty());
}

TEST_F(WalkTest, DoesNotGoIntoTheKernelsOwn) {
  options_.target.base = "/";
  options_.target.cross = true;
  options_.target.mask = "/proc/1/*";
  const auto item = Walk::Create(options_).value()->Next();
  ASSERT_TRUE(item);
  EXPECT_EQ(item->kind, Item::Kind::kSkipped);
  options_.target.cross = false;
  EXPECT_FALSE(Walk::Create(options_).value()->Next());
}

TEST_F(WalkTest, DoesNotOpenWhatIsKnownToBeClean) {
  options_.is_clean = [](const Fingerprint&) { return true; };
  const auto walk = Begin("b/5");
  const auto item = walk->Next();
  if (item->kind == Item::Kind::kFile) {
    GTEST_SKIP() << "/tmp is on a file system whose times are not trusted";
  }
  EXPECT_EQ(item->kind, Item::Kind::kClean);
  EXPECT_FALSE(item->file);
}

TEST_F(WalkTest, RemembersOnlyWhatIsSettledAndHasNoWriter) {
  std::ofstream(root_ + "/z") << "fresh";
  EXPECT_FALSE(Begin("b/5")->Next()->remember) << "it has just been written";
  usleep(100'000);
  if (!Begin("b/5")->Next()->remember) {
    GTEST_SKIP() << "/tmp is on a file system whose times are not trusted";
  }
  const UniqueFd writer(open((root_ + "/z").c_str(), O_WRONLY));
  EXPECT_FALSE(Begin("b/5")->Next()->remember) << "it has a writer";
}

TEST_F(WalkTest, AFingerprintTellsATimeThatWasSetBack) {
  struct statx before;
  const std::string file = root_ + "/z";
  ASSERT_EQ(statx(AT_FDCWD, file.c_str(), 0, STATX_BASIC_STATS | STATX_BTIME,
                  &before),
            0);
  usleep(20'000);
  std::ofstream(file) << "Z";  // Of the same length.
  const timespec times[2] = {
      {before.stx_atime.tv_sec, before.stx_atime.tv_nsec},
      {before.stx_mtime.tv_sec, before.stx_mtime.tv_nsec}};
  ASSERT_EQ(utimensat(AT_FDCWD, file.c_str(), times, 0), 0);
  struct statx after;
  ASSERT_EQ(
      statx(AT_FDCWD, file.c_str(), 0, STATX_BASIC_STATS | STATX_BTIME, &after),
      0);
  EXPECT_EQ(before.stx_mtime.tv_nsec, after.stx_mtime.tv_nsec);
  if (!FingerprintOf(before)) GTEST_SKIP() << "no time of birth here";
  EXPECT_NE(FingerprintOf(before), FingerprintOf(after));
}

}  // namespace
}  // namespace vitrine::tasks
