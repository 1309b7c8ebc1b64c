// SPDX-License-Identifier: Apache-2.0
#include "base/private_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace vitrine {
namespace {

namespace fs = std::filesystem;

class PrivateFileTest : public testing::Test {
 protected:
  PrivateFileTest()
      : root_(fs::path(testing::TempDir()) /
              ("private" + std::to_string(getpid()))),
        path_(root_ / "key") {
    fs::create_directories(root_);
  }
  ~PrivateFileTest() override { fs::remove_all(root_); }

  fs::path root_;
  std::string path_;
};

TEST_F(PrivateFileTest, IsItsOwnersWhateverTheMaskIs) {
  const mode_t mask = umask(0);
  EXPECT_TRUE(WritePrivateFile(path_, AsBytes("secret")).ok());
  umask(mask);
  struct stat status;
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600u);
  EXPECT_EQ(AsText(ReadPrivateFile(path_, 100).value()), "secret");
}

TEST_F(PrivateFileTest, TakesNobodysPlace) {
  ASSERT_TRUE(WritePrivateFile(path_, AsBytes("secret")).ok());
  EXPECT_EQ(WritePrivateFile(path_, AsBytes("x")).error().code, Code::kDenied);
  fs::create_symlink(root_ / "elsewhere", root_ / "link");
  EXPECT_FALSE(WritePrivateFile(root_ / "link", AsBytes("x")).ok());
  EXPECT_FALSE(fs::exists(root_ / "elsewhere"));
  EXPECT_EQ(AsText(ReadPrivateFile(path_, 100).value()), "secret");
}

TEST_F(PrivateFileTest, IsNotReadWhereOthersMay) {
  ASSERT_TRUE(WritePrivateFile(path_, AsBytes("secret")).ok());
  for (const mode_t mode : {0640u, 0604u, 0620u}) {
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);
    EXPECT_EQ(ReadPrivateFile(path_, 100).error().code, Code::kDenied);
  }
  EXPECT_EQ(ReadPrivateFile(root_ / "no", 100).error().code, Code::kNotFound);
}

}  // namespace
}  // namespace vitrine
