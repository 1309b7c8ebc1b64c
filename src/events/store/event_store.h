// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "config/mask.h"
#include "db/database.h"
#include "events/event.h"
#include "events/present.h"
#include "events/spool_format.h"

namespace vitrine::events {

// How far a spool has been taken.
struct Position {
  uint32_t segment = 0;
  uint64_t offset = 0;    // Of the next frame in that segment.
  uint64_t sequence = 0;  // Of the last record; 0: none yet.
};

struct NewRecord {
  uint64_t sequence = 0;
  Event event;
  ByteVector payload;  // As it was in the spool.
};

struct StoredEvent {
  int64_t id = 0;  // Ascends as events are taken; never used twice.
  Origin origin;
  Event event;
};

struct EventQuery {
  std::optional<int64_t> since_ns;
  std::optional<int64_t> until_ns;
  std::optional<Class> event_class;
  std::optional<Verdict> verdict;
  std::optional<config::Mask> rule;  // Any of the event's rules.
  int64_t after_id = 0;
  uint64_t newest = 0;  // Only the newest so many; 0: all.
};

// The local store of events: one SQLite file that the recorder alone writes.
// Taking a record twice changes nothing, and how far a spool was taken is
// committed with the records, so that a recorder that was killed goes on
// exactly where it was. Thread-compatible.
class EventStore {
 public:
  // kInvalid where the file is damaged or of a version we do not know.
  static Result<EventStore> Open(const std::string& path, db::Mode mode);

  Result<Position> PositionOf(const SpoolId& spool);
  // One transaction: the records, and that the spool is taken up to `after`.
  // Committed to the disk when this returns.
  Status Ingest(const SpoolId& spool, const std::string& writer,
                std::span<const NewRecord> records, const Position& after,
                int64_t now_ns);
  // That nobody writes to this spool any more.
  Status End(const SpoolId& spool);

  // Deletes some events older than `oldest_ns`, or the oldest ones while the
  // file has more than `bytes_max` bytes in use. How many; 0: nothing left to
  // do.
  Result<int64_t> RetainStep(int64_t oldest_ns, uint64_t bytes_max);

  // In the order of their time; with after_id, in that of taking. The callback
  // returns whether to go on.
  using Callback = std::function<bool(const StoredEvent&)>;
  Status ForEach(const EventQuery& query, const Callback& callback);
  Result<int64_t> LastId();
  Result<int64_t> Count();

 private:
  explicit EventStore(db::Database database) : database_(std::move(database)) {}

  Result<int64_t> SpoolRow(const SpoolId& spool, const std::string& writer);
  Result<uint64_t> BytesInUse();
  Status Visit(db::Statement& rows, const EventQuery& query,
               const Callback& callback);

  db::Database database_;
};

}  // namespace vitrine::events
