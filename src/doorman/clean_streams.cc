// SPDX-License-Identifier: Apache-2.0
#include "doorman/clean_streams.h"

#include <cstring>
#include <utility>

#include "doorman/limits.h"

namespace vitrine::doorman {

size_t CleanStreams::Hash::operator()(
    const crypto::Sha256Digest& digest) const {
  size_t hash;
  std::memcpy(&hash, digest.data(), sizeof hash);
  return hash;
}

void CleanStreams::Age(Clock::time_point now) {
  if (young_.size() < kCleanStreams / 2 && now - turned_ < kCleanTime / 2) {
    return;
  }
  // Twice late, both are too old.
  const bool both = now - turned_ >= kCleanTime;
  old_ = std::exchange(young_, {});
  if (both) old_.clear();
  turned_ = now;
}

bool CleanStreams::Knows(const crypto::Sha256Digest& digest,
                         Clock::time_point now) {
  Age(now);
  return young_.contains(digest) || old_.contains(digest);
}

void CleanStreams::Remember(const crypto::Sha256Digest& digest,
                            uint64_t database, Clock::time_point now) {
  if (database != database_) return;
  Age(now);
  young_.insert(digest);
}

void CleanStreams::Change(uint64_t database) {
  database_ = database;
  young_.clear();
  old_.clear();
}

}  // namespace vitrine::doorman
