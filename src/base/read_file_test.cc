// SPDX-License-Identifier: Apache-2.0
#include "base/read_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/unique_fd.h"

namespace vitrine {
namespace {

namespace fs = std::filesystem;

class ReadFileTest : public ::testing::Test {
 protected:
  ReadFileTest() {
    std::string folder = ::testing::TempDir() + "read_file.XXXXXX";
    root_ = mkdtemp(folder.data());
    std::ofstream(Path("a")) << "twelve bytes";
  }
  ~ReadFileTest() override { fs::remove_all(root_); }

  std::string Path(const std::string& name) const { return root_ / name; }

  fs::path root_;
};

TEST_F(ReadFileTest, ReadsAllAndNoMoreThanAllowed) {
  EXPECT_EQ(ReadTextFile(Path("a"), 12).value(), "twelve bytes");
  EXPECT_EQ(AsText(ReadFile(Path("a"), 12).value()), "twelve bytes");
  EXPECT_EQ(ReadFile(Path("a"), 11).error().code, Code::kLimit);
  std::ofstream(Path("empty"));
  EXPECT_TRUE(ReadFile(Path("empty"), 0).value().empty());
}

TEST_F(ReadFileTest, SaysWhatIsMissing) {
  const auto missing = ReadFile(Path("b"), 1);
  EXPECT_EQ(missing.error().code, Code::kNotFound);
  EXPECT_NE(missing.error().message.find(Path("b")), std::string::npos);
}

TEST_F(ReadFileTest, ReadsFilesThatTellNoSize) {
  EXPECT_FALSE(ReadFile("/proc/self/mountinfo", 1 << 20).value().empty());
  EXPECT_EQ(ReadFile("/proc/self/mountinfo", 10).error().code, Code::kLimit);
}

TEST_F(ReadFileTest, ReadsFromTheBeginningOfADescriptor) {
  const UniqueFd file(open(Path("a").c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(lseek(file.get(), 0, SEEK_END), 12);
  EXPECT_EQ(AsText(ReadFile(file.get(), 12, "a").value()), "twelve bytes");
}

TEST_F(ReadFileTest, RefusesWhatIsNoPlainFileWithoutWaiting) {
  ASSERT_EQ(mkfifo(Path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(ReadFile(Path("pipe"), 1).error().code, Code::kInvalid);
  EXPECT_EQ(ReadFile(root_, 1).error().code, Code::kInvalid);
}

TEST_F(ReadFileTest, FollowsALinkOnlyWhereItMay) {
  fs::create_symlink("a", Path("link"));
  EXPECT_TRUE(ReadFile(Path("link"), 12).ok());
  EXPECT_FALSE(ReadFile(Path("link"), 12, Links::kRefused).ok());
  EXPECT_TRUE(ReadFile(Path("a"), 12, Links::kRefused).ok());
}

}  // namespace
}  // namespace vitrine
