// SPDX-License-Identifier: Apache-2.0
#include "base/own_program.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace vitrine {
namespace {

TEST(OwnProgram, IsAFileInItsFolder) {
  const std::string program = OwnProgram();
  EXPECT_EQ(access(program.c_str(), X_OK), 0) << program;
  EXPECT_EQ(program, OwnFolder() + "/base_test");
}

TEST(FindOurProgram, LooksBesideFirstAndThenWhereInstallationsPutThem) {
  namespace fs = std::filesystem;
  std::string root = (fs::temp_directory_path() / "programs.XXXXXX").string();
  ASSERT_NE(mkdtemp(root.data()), nullptr);
  const auto make = [&](const std::string& path) {
    fs::create_directories(fs::path(root + path).parent_path());
    std::ofstream(root + path) << "#!";
    fs::permissions(root + path, fs::perms::owner_all);
  };
  make("/usr/sbin/daemon");
  make("/usr/libexec/vitrine/inner");
  make("/usr/bin/tool");
  const std::string sbin = root + "/usr/sbin";
  EXPECT_EQ(FindOurProgram(sbin, "inner"), sbin + "/../libexec/vitrine/inner");
  EXPECT_EQ(FindOurProgram(sbin, "tool"), sbin + "/../bin/tool");
  EXPECT_EQ(FindOurProgram(root + "/usr/bin", "daemon"),
            root + "/usr/bin/../sbin/daemon");
  EXPECT_EQ(FindOurProgram(sbin, "other"), sbin + "/other");
  make("/usr/sbin/inner");
  EXPECT_EQ(FindOurProgram(sbin, "inner"), sbin + "/inner");
  // What nobody can execute is no program.
  fs::permissions(sbin + "/inner", fs::perms::owner_read);
  EXPECT_NE(FindOurProgram(sbin, "inner"), sbin + "/inner");
  fs::remove_all(root);
}

}  // namespace
}  // namespace vitrine
