// SPDX-License-Identifier: Apache-2.0
#include "doorman/clean_streams.h"

#include "doorman/limits.h"
#include "gtest/gtest.h"

namespace vitrine::doorman {
namespace {

crypto::Sha256Digest Digest(uint32_t number) {
  return crypto::Sha256(Bytes(reinterpret_cast<const uint8_t*>(&number), 4));
}

TEST(CleanStreams, AreThoseOfTheNewestDatabase) {
  const Clock::time_point now = Clock::now();
  CleanStreams streams(1);
  EXPECT_FALSE(streams.Knows(Digest(1), now));
  streams.Remember(Digest(1), 1, now);
  EXPECT_TRUE(streams.Knows(Digest(1), now));
  EXPECT_FALSE(streams.Knows(Digest(2), now));
  streams.Change(2);
  EXPECT_FALSE(streams.Knows(Digest(1), now));
  streams.Remember(Digest(1), 1, now);  // An answer that took its time.
  EXPECT_FALSE(streams.Knows(Digest(1), now));
}

TEST(CleanStreams, AreForgottenAfterATime) {
  const Clock::time_point now = Clock::now();
  CleanStreams streams(1);
  streams.Remember(Digest(1), 1, now);
  EXPECT_TRUE(streams.Knows(Digest(1), now + kCleanTime * 2 / 5));
  EXPECT_FALSE(streams.Knows(Digest(1), now + kCleanTime * 11 / 10));
  streams.Remember(Digest(2), 1, now + kCleanTime * 11 / 10);
  EXPECT_FALSE(streams.Knows(Digest(2), now + kCleanTime * 3));
}

TEST(CleanStreams, AreBounded) {
  const Clock::time_point now = Clock::now();
  CleanStreams streams(1);
  for (uint32_t i = 0; i < kCleanStreams + 10; ++i) {
    streams.Remember(Digest(i), 1, now);
  }
  EXPECT_FALSE(streams.Knows(Digest(0), now));
  EXPECT_TRUE(streams.Knows(Digest(kCleanStreams), now));
}

}  // namespace
}  // namespace vitrine::doorman
