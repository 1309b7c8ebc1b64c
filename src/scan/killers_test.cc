// SPDX-License-Identifier: Apache-2.0
#include "scan/killers.h"

#include <gtest/gtest.h>

#include "scan/limits.h"

namespace vitrine::scan {
namespace {

SampleIdentity Sample(uint64_t inode) { return {{1, inode, 3, 4, 5}}; }

TEST(Killers, KnowsASampleAfterItsSecondDeath) {
  Killers killers;
  EXPECT_FALSE(killers.Knows(Sample(1)));
  killers.Add(Sample(1));
  EXPECT_FALSE(killers.Knows(Sample(1)));
  killers.Add(Sample(1));
  EXPECT_TRUE(killers.Knows(Sample(1)));
  EXPECT_FALSE(killers.Knows(Sample(2)));
  killers.Clear();
  EXPECT_FALSE(killers.Knows(Sample(1)));
}

TEST(Killers, AreTheSameOnlyInTheSameState) {
  struct stat status = {};
  status.st_dev = 1;
  status.st_ino = 2;
  status.st_size = 3;
  status.st_mtim = {4, 5};
  status.st_ctim = {6, 7};
  const auto before = SampleIdentity::Of(status);
  EXPECT_EQ(SampleIdentity::Of(status), before);
  for (int change = 0; change < 5; ++change) {
    struct stat other = status;
    if (change == 0) other.st_dev = 9;
    if (change == 1) other.st_ino = 9;
    if (change == 2) other.st_size = 9;
    if (change == 3) other.st_mtim.tv_nsec = 9;
    if (change == 4) other.st_ctim.tv_sec = 9;
    EXPECT_NE(SampleIdentity::Of(other), before) << change;
  }
}

TEST(Killers, ForgetsTheOneNotAskedForLongest) {
  Killers killers;
  for (uint64_t i = 0; i < kKillersMax; ++i) {
    killers.Add(Sample(i));
    killers.Add(Sample(i));
  }
  EXPECT_EQ(killers.size(), kKillersMax);
  EXPECT_TRUE(killers.Knows(Sample(0)));  // And now 1 is the oldest.
  killers.Add(Sample(kKillersMax));
  EXPECT_EQ(killers.size(), kKillersMax);
  EXPECT_TRUE(killers.Knows(Sample(0)));
  EXPECT_FALSE(killers.Knows(Sample(1)));
}

}  // namespace
}  // namespace vitrine::scan
