// SPDX-License-Identifier: Apache-2.0
#include "cli/walker.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace vitrine::cli {
namespace {

namespace fs = std::filesystem;

using Lines = std::vector<std::string>;

// A small tree, built and walked by the names in it.
class WalkerTest : public testing::Test {
 protected:
  WalkerTest() {
    std::string pattern = testing::TempDir() + "walkerXXXXXX";
    root_ = mkdtemp(pattern.data());
  }
  ~WalkerTest() override { fs::remove_all(root_); }

  void File(const std::string& name) {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << name;
  }

  // "kind path" with the root left out, and the reason.
  Lines Walk(Lines names = {""}, WalkOptions options = {}) {
    for (std::string& name : names) name = root_ / name;
    auto walker = Walker::Create(names, options);
    EXPECT_TRUE(walker.ok());
    Lines lines;
    while (const auto item = walker.value()->Next()) {
      lines.push_back(Line(*item));
      if (item->kind == WalkItem::Kind::kFile) {
        EXPECT_TRUE(OpenItem(*item).ok()) << item->path;
      }
    }
    links_ = walker.value()->links();
    return lines;
  }

  std::string Line(const WalkItem& item) const {
    constexpr const char* kKinds[] = {"file", "input", "error", "limited",
                                      "skipped"};
    const std::string name = fs::path(item.path).lexically_relative(root_);
    const std::string kind = kKinds[static_cast<size_t>(item.kind)];
    return kind + " " + name + (item.why.empty() ? "" : ": " + item.why);
  }

  fs::path root_;
  uint64_t links_ = 0;
};

TEST_F(WalkerTest, GoesByNameThroughFolders) {
  File("b/2");
  File("b/1");
  File("a");
  File("c");
  fs::create_directory(root_ / "empty");
  EXPECT_EQ(Walk(), (Lines{"file a", "file b/1", "file b/2", "file c"}));
}

TEST_F(WalkerTest, KeepsTheOrderOfNamedPaths) {
  File("b");
  File("a");
  EXPECT_EQ(
      Walk({"b", "nope", "a"}),
      (Lines{"file b", "error nope: No such file or directory", "file a"}));
}

TEST_F(WalkerTest, FollowsNamedLinksOnly) {
  File("data/inner");
  fs::create_symlink(root_ / "data", root_ / "data/up");
  fs::create_symlink("inner", root_ / "data/link");
  fs::create_symlink("data", root_ / "named");
  EXPECT_EQ(Walk({"data"}), (Lines{"file data/inner"}));
  EXPECT_EQ(links_, 2u);
  EXPECT_EQ(Walk({"named"}), (Lines{"file named/inner"}));
  EXPECT_EQ(Walk({"data/link"}), (Lines{"file data/link"}));
}

TEST_F(WalkerTest, NeverOpensSpecialFiles) {
  ASSERT_EQ(mkfifo((root_ / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(Walk(), (Lines{"skipped fifo: a pipe"}));
  EXPECT_EQ(Walk({"fifo"}), (Lines{"error fifo: a pipe"}));
}

TEST_F(WalkerTest, SaysWhereItStopped) {
  File("a/b/c/deep");
  File("a/shallow");
  WalkOptions options;
  options.depth_max = 1;
  EXPECT_EQ(Walk({""}, options),
            (Lines{"limited a/b: max-dir-recursion", "file a/shallow"}));
}

TEST_F(WalkerTest, HonoursPatterns) {
  File("keep/a.txt");
  File("keep/b.bin");
  File("skip/c.txt");
  WalkOptions options;
  options.exclude = {"\\.bin$"};
  options.exclude_folder = {"/skip$"};
  EXPECT_EQ(Walk({""}, options), (Lines{"file keep/a.txt"}));
  options = {};
  options.include = {"b\\.bin"};
  EXPECT_EQ(Walk({""}, options), (Lines{"file keep/b.bin"}));
  options.include = {"("};
  EXPECT_FALSE(Walker::Create({}, options).ok());
}

TEST_F(WalkerTest, ReportsUnreadableFolders) {
  if (geteuid() == 0) GTEST_SKIP() << "root reads everything";
  File("a/file");
  File("z");
  fs::permissions(root_ / "a", fs::perms::none);
  EXPECT_EQ(Walk(), (Lines{"error a: Permission denied", "file z"}));
  fs::permissions(root_ / "a", fs::perms::owner_all);
}

TEST_F(WalkerTest, DoesNotFollowASwappedFile) {
  File("a");
  File("b");
  auto walker = Walker::Create({root_}, {});
  const auto item = walker.value()->Next();
  ASSERT_TRUE(item);
  fs::remove(root_ / "a");
  fs::create_symlink("b", root_ / "a");
  EXPECT_FALSE(OpenItem(*item).ok());
  fs::remove(root_ / "a");
  ASSERT_EQ(mkfifo((root_ / "a").c_str(), 0600), 0);
  EXPECT_EQ(OpenItem(*item).error().message, "a pipe");  // And no waiting.
}

TEST_F(WalkerTest, DoesNotFollowASwappedFolder) {
  File("a/file");
  File("elsewhere/file");
  auto walker = Walker::Create({root_ / "a"}, {});
  const auto item = walker.value()->Next();
  ASSERT_TRUE(item);
  fs::rename(root_ / "a", root_ / "moved");
  fs::create_symlink("elsewhere", root_ / "a");
  const auto fd = OpenItem(*item);
  ASSERT_TRUE(fd.ok());
  struct stat opened;
  struct stat original;
  fstat(fd.value().get(), &opened);
  stat((root_ / "moved/file").c_str(), &original);
  EXPECT_EQ(opened.st_ino, original.st_ino);
}

TEST(Walker, StaysOutOfTheKernelUnlessNamed) {
  auto walker = Walker::Create({"/proc/self/fdinfo"}, {});
  const auto item = walker.value()->Next();
  ASSERT_TRUE(item);
  EXPECT_EQ(item->kind, WalkItem::Kind::kFile);
  WalkOptions options;
  options.exclude_folder = {"^/[^p]"};
  options.exclude = {"."};
  auto whole = Walker::Create({"/"}, options);
  const auto skipped = whole.value()->Next();
  ASSERT_TRUE(skipped);
  EXPECT_EQ(skipped->path + " " + skipped->why, "/proc a view of the kernel");
}

TEST(Walker, TakesStandardInput) {
  auto walker = Walker::Create({"-"}, {});
  EXPECT_EQ(walker.value()->Next()->kind, WalkItem::Kind::kInput);
  EXPECT_FALSE(walker.value()->Next());
}

}  // namespace
}  // namespace vitrine::cli
