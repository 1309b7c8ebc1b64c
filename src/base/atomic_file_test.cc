// SPDX-License-Identifier: Apache-2.0
#include "base/atomic_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace vitrine {
namespace {

namespace fs = std::filesystem;

class AtomicFileTest : public testing::Test {
 protected:
  AtomicFileTest() {
    std::string pattern = testing::TempDir() + "atomicXXXXXX";
    root_ = mkdtemp(pattern.data());
  }
  ~AtomicFileTest() override { fs::remove_all(root_); }

  size_t Files() const {
    const fs::directory_iterator files(root_);
    return static_cast<size_t>(std::distance(begin(files), end(files)));
  }

  fs::path root_;
};

std::string TextOf(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_F(AtomicFileTest, ReplacesWholeFiles) {
  const fs::path path = root_ / "a";
  ASSERT_TRUE(WriteFileAtomically(path, AsBytes("a long first text")).ok());
  ASSERT_TRUE(WriteFileAtomically(path, AsBytes("short")).ok());
  EXPECT_EQ(TextOf(path), "short");
  EXPECT_EQ(Files(), 1u);
}

TEST_F(AtomicFileTest, GivesOrdinaryPermissions) {
  const mode_t mask = umask(022);
  const fs::path path = root_ / "a";
  ASSERT_TRUE(WriteFileAtomically(path, {}).ok());
  umask(mask);
  struct stat status;
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0644u);
}

TEST_F(AtomicFileTest, LeavesNothingBehindWhenItFails) {
  fs::create_directory(root_ / "folder");
  fs::create_directory(root_ / "folder/inside");
  EXPECT_FALSE(WriteFileAtomically(root_ / "folder", AsBytes("x")).ok());
  EXPECT_EQ(Files(), 1u);
  EXPECT_FALSE(WriteFileAtomically(root_ / "no/such", AsBytes("x")).ok());
}

TEST_F(AtomicFileTest, ReplacesNothingThatIsNoFile) {
  const fs::path path = root_ / "pipe";
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_FALSE(WriteFileAtomically(path, AsBytes("x")).ok());
  EXPECT_TRUE(fs::is_fifo(path));
  EXPECT_EQ(Files(), 1u);
  fs::create_symlink(path, root_ / "link");
  fs::create_symlink("/proc/self/fd/1", root_ / "stdout");
  for (const char* name : {"link", "stdout"}) {
    EXPECT_FALSE(WriteFileAtomically(root_ / name, AsBytes("x")).ok());
    EXPECT_TRUE(fs::is_symlink(root_ / name));
  }
  EXPECT_EQ(Files(), 3u);
}

TEST_F(AtomicFileTest, SaysThatAFolderCannotBeSynced) {
  EXPECT_TRUE(SyncFolder(root_).ok());
  EXPECT_TRUE(SyncFolderOf(root_ / "a").ok());
  EXPECT_TRUE(SyncFolderOf("a").ok());
  EXPECT_TRUE(SyncFolderOf("/a").ok());
  EXPECT_EQ(SyncFolder(root_ / "no").error().code, Code::kNotFound);
}

TEST_F(AtomicFileTest, SaysThatItsFolderCannotBeSynced) {
  // One that may be written to, but not opened.
  if (geteuid() == 0) GTEST_SKIP() << "root may open every folder";
  ASSERT_EQ(chmod(root_.c_str(), 0300), 0);
  EXPECT_EQ(WriteFileAtomically(root_ / "a", AsBytes("x")).error().code,
            Code::kDenied);
  ASSERT_EQ(chmod(root_.c_str(), 0700), 0);
}

TEST_F(AtomicFileTest, KeepsTheOldFileOpenForItsReaders) {
  const fs::path path = root_ / "a";
  ASSERT_TRUE(WriteFileAtomically(path, AsBytes("old")).ok());
  std::ifstream reader(path);
  ASSERT_TRUE(WriteFileAtomically(path, AsBytes("new")).ok());
  std::string text;
  reader >> text;
  EXPECT_EQ(text, "old");
}

}  // namespace
}  // namespace vitrine
