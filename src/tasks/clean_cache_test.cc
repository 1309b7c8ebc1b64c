// SPDX-License-Identifier: Apache-2.0
#include "tasks/clean_cache.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tasks/limits.h"

namespace vitrine::tasks {
namespace {

constexpr uint32_t kToday = 20785;
constexpr size_t kMost = 10'000;

Fingerprint Print(uint64_t inode) {
  return {0x800000001,
          inode,
          10 * inode,
          -1,
          1'795'824'000'000'000'000,
          static_cast<int64_t>(inode)};
}

class CleanCacheTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = "/tmp/vitrine-clean." + std::to_string(getpid());
    rules_.fill(1);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  CleanCache Open(uint32_t today = kToday) {
    return CleanCache::Open(path_, rules_, today, kMost).value();
  }
  std::string Content() {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void SetContent(const std::string& content) {
    std::ofstream(path_, std::ios::binary) << content;
  }

  std::string path_;
  CleanCache::Rules rules_ = {};
};

TEST_F(CleanCacheTest, KnowsWhatAnotherLifeFoundClean) {
  {
    CleanCache cache = Open();
    EXPECT_FALSE(cache.Knows(Print(1)));
    cache.Add(Print(1));
    EXPECT_TRUE(cache.Knows(Print(1)));
    ASSERT_TRUE(cache.Flush().ok());
    cache.Add(Print(2));  // Lost by a kill: not flushed.
  }
  CleanCache cache = Open();
  EXPECT_TRUE(cache.Knows(Print(1)));
  EXPECT_FALSE(cache.Knows(Print(2)));
}

TEST_F(CleanCacheTest, AnyChangedFactIsAnotherFile) {
  CleanCache cache = Open();
  cache.Add(Print(1));
  for (int field = 0; field < 6; ++field) {
    Fingerprint other = Print(1);
    if (field == 0) ++other.device;
    if (field == 1) ++other.inode;
    if (field == 2) ++other.size;
    if (field == 3) ++other.modified_ns;
    if (field == 4) ++other.changed_ns;
    if (field == 5) ++other.born_ns;
    EXPECT_FALSE(cache.Knows(other)) << field;
  }
}

TEST_F(CleanCacheTest, OtherRulesKnowNothing) {
  {
    CleanCache cache = Open();
    cache.Add(Print(1));
    ASSERT_TRUE(cache.Compact().ok());
  }
  rules_.fill(2);
  EXPECT_FALSE(Open().Knows(Print(1)));
  rules_.fill(1);
  EXPECT_FALSE(Open().Knows(Print(1))) << "the file was begun anew";
}

TEST_F(CleanCacheTest, ACutTailCostsItsBatchAlone) {
  {
    CleanCache cache = Open();
    cache.Add(Print(1));
    ASSERT_TRUE(cache.Flush().ok());
    cache.Add(Print(2));
    ASSERT_TRUE(cache.Flush().ok());
  }
  const std::string whole = Content();
  for (size_t cut = 1; cut < 60; ++cut) {
    SetContent(whole.substr(0, whole.size() - cut));
    {
      CleanCache cache = Open();
      EXPECT_TRUE(cache.Knows(Print(1))) << cut;
      EXPECT_FALSE(cache.Knows(Print(2))) << cut;
      cache.Add(Print(3));
      ASSERT_TRUE(cache.Flush().ok());
    }
    EXPECT_TRUE(Open().Knows(Print(3))) << cut;
  }
}

TEST_F(CleanCacheTest, ADamagedFileIsDiscarded) {
  {
    CleanCache cache = Open();
    cache.Add(Print(1));
    cache.Add(Print(2));
    ASSERT_TRUE(cache.Compact().ok());
  }
  const std::string whole = Content();
  for (size_t at = 0; at < whole.size(); ++at) {
    // A count that is too large looks like a cut tail.
    std::string bad = whole;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    SetContent(bad);
    CleanCache cache = Open();
    EXPECT_FALSE(cache.Knows(Print(1))) << at;
    EXPECT_FALSE(cache.Knows(Print(2))) << at;
  }
}

TEST_F(CleanCacheTest, IsBoundedAndForgetsWhatWasNotMetForLongest) {
  {
    CleanCache cache = Open(kToday - 1);
    for (uint64_t i = 1; i <= kMost + 5; ++i) cache.Add(Print(i));
    EXPECT_EQ(cache.size(), kMost);
    ASSERT_TRUE(cache.Flush().ok());
  }
  {
    CleanCache cache = Open();
    for (uint64_t i = 1; i <= 1000; ++i) EXPECT_TRUE(cache.Knows(Print(i)));
    ASSERT_TRUE(cache.Compact().ok());
    EXPECT_EQ(cache.size(), kMost - kMost / 10);
  }
  CleanCache cache = Open();
  for (uint64_t i = 1; i <= 1000; ++i) EXPECT_TRUE(cache.Knows(Print(i)));
}

TEST_F(CleanCacheTest, IsNobodyElsesToRead) {
  CleanCache cache = Open();
  ASSERT_TRUE(cache.Compact().ok());
  const auto rights = std::filesystem::status(path_).permissions();
  EXPECT_EQ(rights, std::filesystem::perms::owner_read |
                        std::filesystem::perms::owner_write);
}

}  // namespace
}  // namespace vitrine::tasks
