// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"
#include "events/event.h"
#include "events/limits.h"
#include "events/spool_format.h"

namespace vitrine::events {

// Appends events to a spool: a folder that one program writes into and that the
// recorder empties. Each event is one write(2) to an open file, so that what
// Append() has returned Ok for outlives the writer's death (not a power cut:
// nothing is synced). It never waits for the recorder, for SQLite or for
// retention, and opens a file only once in kSegmentBytes: a guard that answers
// for opens must let its own through.
//
// Thread-safe. A writer holds its own descriptors; several writers, in one
// process or many, may share a folder.
class SpoolWriter {
 public:
  struct Options {
    std::string folder;  // Paths::EventSpool() + "/" + writer; made (0750).
    std::string writer;  // "guard", "doorman", "cli", ...: see IsWriterName().
    uint64_t segment_bytes = kSegmentBytes;
    uint64_t folder_bytes = kFolderBytes;
  };
  static Result<std::unique_ptr<SpoolWriter>> Open(Options options);

  // Puts the event behind all before it. An error means that it was not
  // written; it is counted, and the next that is written is preceded by an
  // event with the reason "events-lost" and the count.
  Status Append(const Event& event);

  // What was appended survives a power cut from here on.
  Status Sync();

  // Events that could not be written and are not yet confessed.
  uint64_t lost() const;
  const SpoolId& id() const { return id_; }

 private:
  SpoolWriter(Options options, SpoolId id, UniqueFd folder);

  Status AppendLocked(const Event& event);
  Status WriteFrame(const Event& event);
  Status MakeRoom();
  Status BeginSegment();
  Result<uint64_t> FolderSize() const;

  const Options options_;
  const SpoolId id_;
  const UniqueFd folder_;

  mutable std::mutex mutex_;  // Guards all below.
  UniqueFd segment_;
  uint64_t size_ = 0;  // Of the segment.
  uint32_t next_index_ = 0;
  uint64_t next_sequence_ = 1;
  uint64_t lost_ = 0;
  uint64_t refused_until_ = 0;  // See MakeRoom().
};

}  // namespace vitrine::events
