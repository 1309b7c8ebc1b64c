// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"
#include "ledger/limits.h"
#include "ledger/record.h"

namespace vitrine::ledger {

// What goes out of this machine, written down before it goes: the one place
// that whoever sends must pass. A folder of segments of lines, each of which is
// chained to the one before it. docs/spec/ledger.md.
//
// One writer at a time holds the folder. Not thread-safe.
class Ledger {
 public:
  struct Options {
    std::string folder;  // Made (0750) where it is not there.
    uint64_t segment_bytes = kSegmentBytes;
    uint64_t total_bytes = kTotalBytes;
  };

  // Repairs what a crash left behind the last good line, with a record that
  // says so. kUnavailable: somebody else is writing. kDenied: no right.
  static Result<std::unique_ptr<Ledger>> Open(const Options& options);

  // Once this has returned the record's number, the record is on the disk, and
  // the request may be sent. On an error it may not. After an error of the
  // disk itself nothing is written any more: what is there cannot be known.
  Result<uint64_t> Append(const Outbound& request);

  // Not synced: what is lost in a power cut is known to be missing.
  Status AppendResult(const Ended& ended);

  // Makes room by dropping the oldest segments. Done by itself at the
  // beginning of each segment.
  Status Retain();

 private:
  enum class Sync : uint8_t { kNow, kLater };

  Ledger(Options options, UniqueFd lock);
  Status Resume();
  Status Repair(const std::string& torn);
  Status SetAside(const std::string& name, bool copy);
  Status BeginSegment(uint64_t index);
  Status Write(Record record, Sync sync);

  const Options options_;
  UniqueFd lock_;
  UniqueFd folder_;
  UniqueFd segment_;
  uint64_t index_ = 0;  // Of the segment.
  uint64_t size_ = 0;
  uint64_t next_ = 1;
  Chain chain_{};
  bool broken_ = false;
};

}  // namespace vitrine::ledger
