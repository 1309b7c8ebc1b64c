// SPDX-License-Identifier: Apache-2.0
#include "guard/openers.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace vitrine::guard {
namespace {

namespace fs = std::filesystem;

class OpenersTest : public testing::Test {
 protected:
  OpenersTest() {
    std::string name = fs::canonical(testing::TempDir()) / "openers.XXXXXX";
    folder_ = mkdtemp(name.data());
    fs::create_directories(folder_ / "own/inner");
    Write("own/inner/file");
    openers_ = std::make_unique<SystemOpeners>(
        0, supervisor_, 0, std::vector<std::string>{folder_ / "own"});
  }
  ~OpenersTest() override { fs::remove_all(folder_); }

  void Write(const std::string& name) {
    std::ofstream(folder_ / name) << "contents";
  }
  UniqueFd Open(const std::string& name) {
    return UniqueFd(open((folder_ / name).c_str(), O_RDONLY | O_CLOEXEC));
  }
  bool IsOwn(const UniqueFd& file) {
    return openers_->IsOwnFile(file.get(), openers_->PathOf(file.get()));
  }

  fs::path folder_;
  std::atomic<int32_t> supervisor_ = 0;
  std::unique_ptr<SystemOpeners> openers_;
};

TEST_F(OpenersTest, FilesBelowAFolderOfOursAreOurs) {
  EXPECT_TRUE(IsOwn(Open("own/inner/file")));
  Write("own-not");
  EXPECT_FALSE(IsOwn(Open("own-not")));
}

TEST_F(OpenersTest, ALinkElsewhereToAFileOfOursIsNot) {
  fs::create_hard_link(folder_ / "own/inner/file", folder_ / "link");
  EXPECT_FALSE(IsOwn(Open("link")));
}

// As a file of the same path in another mount namespace would be.
TEST_F(OpenersTest, AnotherFileOfThatPathIsNot) {
  const UniqueFd file = Open("own/inner/file");
  fs::rename(folder_ / "own", folder_ / "moved");
  EXPECT_FALSE(IsOwn(file));
  fs::create_directories(folder_ / "own/inner");
  Write("own/inner/file");
  EXPECT_FALSE(IsOwn(file));
  fs::remove(folder_ / "moved/inner/file");
  EXPECT_FALSE(IsOwn(file));
}

}  // namespace
}  // namespace vitrine::guard
