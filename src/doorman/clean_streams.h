// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <unordered_set>

#include "crypto/digest.h"
#include "doorman/timers.h"

namespace vitrine::doorman {

// Streams that the newest database was seen to call clean, by SHA-256; clamd
// has the like. A few megabytes at most. Belongs to one thread.
class CleanStreams {
 public:
  explicit CleanStreams(uint64_t database) : database_(database) {}

  bool Knows(const crypto::Sha256Digest& digest, Clock::time_point now);
  // `database` is the number of the one that gave the verdict.
  void Remember(const crypto::Sha256Digest& digest, uint64_t database,
                Clock::time_point now);
  // All that another database said is forgotten.
  void Change(uint64_t database);

 private:
  struct Hash {
    size_t operator()(const crypto::Sha256Digest& digest) const;
  };
  using Set = std::unordered_set<crypto::Sha256Digest, Hash>;

  void Age(Clock::time_point now);

  uint64_t database_;
  // What is not used while young_ fills up, or for kCleanTime, is forgotten
  // with old_.
  Set young_;
  Set old_;
  Clock::time_point turned_;
};

}  // namespace vitrine::doorman
