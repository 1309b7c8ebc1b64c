// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"
#include "events/journal.h"
#include "events/segment_reader.h"
#include "events/spool_writer.h"
#include "events/store/event_store.h"

namespace vitrine::events {

// Empties the spools into the store and journald. Runs in a program of its own
// without privileges: it believes of a record only what DecodeEvent() accepts,
// and of who wrote it only the folder in which it lies.
//
// An event is in the store once. It is told to journald before it is committed:
// after a kill some are told twice (VITRINE_EVENT is the same), none is left
// out. Thread-compatible.
class Recorder {
 public:
  struct Options {
    std::string spool;    // Folder of the writers' folders.
    std::string journal;  // Socket; "": journald is not told.
    uint64_t age_max_days = 0;
    uint64_t bytes_max = 0;
  };
  // A recorder that cannot write a spool of its own (about gaps and damage)
  // does without.
  Recorder(Options options, EventStore store);

  // Takes what there is, up to kRoundRecords a writer, and deletes segments
  // that are finished and taken. How many records.
  Result<uint64_t> Round();
  // One small step of retention; how many events it deleted.
  Result<int64_t> RetainStep(int64_t now_ns);

  EventStore& store() { return store_; }

 private:
  struct Progress;  // Of one segment.

  Result<uint64_t> DrainWriter(int spool, const std::string& writer);
  Result<uint64_t> DrainSegment(int folder, const std::string& writer,
                                const std::string& name, uint64_t most);
  Status Take(SegmentReader& reader, Progress& progress);
  Status Flush(SegmentReader& reader, Progress& progress);
  Status Finish(int folder, const std::string& name,
                const SegmentHeader& header);
  void SetAside(int folder, const std::string& name, const std::string& writer,
                const std::string& why);
  void Confess(const char* reason, const std::string& message, uint64_t count);

  Options options_;
  EventStore store_;
  std::optional<JournalSender> journal_;
  std::unique_ptr<SpoolWriter> own_;
};

}  // namespace vitrine::events
