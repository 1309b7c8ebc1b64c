// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "ledger/record.h"

namespace vitrine::ledger {

// Reads a ledger from its oldest record on and holds the chain to what it says,
// also while it is written. Memory: one segment. Thread-compatible.
class LedgerReader {
 public:
  explicit LedgerReader(std::string folder) : folder_(std::move(folder)) {}

  // The next record; nothing where there is none yet. kInvalid, with the file
  // and line: somebody changed what is there, or a disk did. kNotFound: there
  // is no ledger. After an error there is no next one.
  Result<std::optional<Record>> Next();

  // Of the last record.
  const Chain& chain() const { return chain_; }
  // The number that the oldest segment begins with, once something was read;
  // older ones were dropped for room.
  uint64_t first() const { return first_; }

 private:
  Result<bool> Enter();
  Result<bool> Advance();
  Error At(const std::string& what) const;

  const std::string folder_;
  uint64_t index_ = 0;  // Of the segment in hand; 0: none.
  std::string text_;    // What of it was read, and not used.
  size_t at_ = 0;
  uint64_t line_ = 0;
  uint64_t next_ = 1;
  uint64_t first_ = 0;
  Chain chain_{};
};

}  // namespace vitrine::ledger
