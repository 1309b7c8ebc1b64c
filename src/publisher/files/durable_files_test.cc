// SPDX-License-Identifier: Apache-2.0
#include "publisher/files/durable_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/read_file.h"

namespace vitrine::publisher {
namespace {

class DurableFilesTest : public testing::Test {
 protected:
  DurableFilesTest()
      : folder_(std::filesystem::path(testing::TempDir()) /
                ("durable" + std::to_string(getpid()))) {}
  ~DurableFilesTest() override { std::filesystem::remove_all(folder_); }

  std::string At(const std::string& name) const { return folder_ / name; }
  std::string Read(const std::string& name) const {
    const auto bytes = ReadFile(At(name), 1000);
    return bytes.ok() ? std::string(AsText(bytes.value())) : "none";
  }

  std::filesystem::path folder_;
};

TEST_F(DurableFilesTest, AnErrorAtEachStepLeavesOldOrNew) {
  ASSERT_TRUE(DurableFiles().Write(At("a/f"), AsBytes("old")).ok());
  for (int step = 0;; ++step) {
    int left = step;
    const DurableFiles files(
        [&](FileStep, const std::string&) { return left-- == 0 ? ENOSPC : 0; });
    if (files.Write(At("a/f"), AsBytes("newer")).ok()) break;
    EXPECT_TRUE(Read("a/f") == "old" || Read("a/f") == "newer") << step;
    ASSERT_TRUE(DurableFiles().Write(At("a/f"), AsBytes("old")).ok());
  }
  EXPECT_EQ(Read("a/f"), "newer");
}

TEST_F(DurableFilesTest, WhatIsWrittenOnceIsNotChanged) {
  const DurableFiles files;
  ASSERT_TRUE(files.WriteOnce(At("f"), AsBytes("one")).ok());
  EXPECT_TRUE(files.WriteOnce(At("f"), AsBytes("one")).ok());
  EXPECT_FALSE(files.WriteOnce(At("f"), AsBytes("two")).ok());
  EXPECT_FALSE(files.WriteOnce(At("f"), AsBytes("o")).ok());
  EXPECT_EQ(Read("f"), "one");
}

TEST_F(DurableFilesTest, WhatIsAbsentIsRemoved) {
  const DurableFiles files;
  ASSERT_TRUE(files.Write(At("f"), AsBytes("x")).ok());
  EXPECT_TRUE(files.Remove(At("f")).ok());
  EXPECT_TRUE(files.Remove(At("f")).ok());
  EXPECT_EQ(ReadFile(At("f"), 10).error().code, Code::kNotFound);
}

TEST_F(DurableFilesTest, ALockIsHeldByOne) {
  std::filesystem::create_directories(folder_);
  {
    const auto lock = FileLock::Take(At("lock"));
    ASSERT_TRUE(lock.ok());
    EXPECT_EQ(FileLock::Take(At("lock")).error().code, Code::kUnavailable);
  }
  EXPECT_TRUE(FileLock::Take(At("lock")).ok());
}

}  // namespace
}  // namespace vitrine::publisher
