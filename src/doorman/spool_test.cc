// SPDX-License-Identifier: Apache-2.0
#include "doorman/spool.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "doorman/limits.h"
#include "gtest/gtest.h"

namespace vitrine::doorman {
namespace {

std::string Content(int file) {
  struct stat status {};
  fstat(file, &status);
  std::string content(static_cast<size_t>(status.st_size), '\0');
  EXPECT_EQ(status.st_size, pread(file, content.data(), content.size(), 0));
  return content;
}

TEST(Spool, KeepsSmallStreamsInSealedMemory) {
  SpoolUse use;
  Spool spool("/nonexistent", PeerKey{}, use);
  ASSERT_TRUE(spool.Append(AsBytes("abc")).ok());
  ASSERT_TRUE(spool.Append(AsBytes("def")).ok());
  const auto file = spool.Take();
  ASSERT_TRUE(file.ok());
  EXPECT_EQ("abcdef", Content(file.value().get()));
  EXPECT_GT(0, write(file.value().get(), "x", 1));
}

TEST(Spool, MovesLargeStreamsToAFileWithoutAName) {
  SpoolUse use;
  Spool spool("/tmp", PeerKey{}, use);
  const std::string piece(300000, 'a');
  std::string all;
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(spool.Append(AsBytes(piece)).ok());
    all += piece;
  }
  EXPECT_EQ(0u, use.memory);
  EXPECT_EQ(all.size(), use.all);
  const auto file = spool.Take();
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(all, Content(file.value().get()));
  struct stat status {};
  fstat(file.value().get(), &status);
  EXPECT_EQ(0u, status.st_nlink);
}

TEST(Spool, SaysWhenThereIsNowhereToWrite) {
  SpoolUse use;
  Spool spool("/nonexistent", PeerKey{}, use);
  const std::string large(kSpoolMemory + 1, 'a');
  EXPECT_FALSE(spool.Append(AsBytes(large)).ok());
}

TEST(Spool, RefusesWhatExceedsTheShareOfAPeer) {
  SpoolUse use;
  use.peers[PeerKey{}] = kSpoolAPeer - 2;
  use.all = kSpoolAPeer - 2;
  Spool spool("/tmp", PeerKey{}, use);
  EXPECT_TRUE(spool.Append(AsBytes("ab")).ok());
  const Status refused = spool.Append(AsBytes("c"));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(Code::kLimit, refused.error().code);
}

TEST(Spool, GivesBackWhatItCounted) {
  SpoolUse use;
  {
    Spool spool("/tmp", PeerKey{}, use);
    ASSERT_TRUE(spool.Append(AsBytes("abc")).ok());
    EXPECT_EQ(3u, use.memory);
    EXPECT_TRUE(spool.Take().ok());
    EXPECT_EQ(3u, use.all);
  }
  EXPECT_EQ(0u, use.memory);
  EXPECT_EQ(0u, use.all);
  EXPECT_TRUE(use.peers.empty());
}

}  // namespace
}  // namespace vitrine::doorman
