// SPDX-License-Identifier: Apache-2.0
#include "events/store/event_store.h"

#include <algorithm>
#include <vector>

#include "events/record.h"
#include "events/store/limits.h"

namespace vitrine::events {
namespace {

constexpr int64_t kSchemaVersion = 1;

constexpr const char* kSchema = R"sql(
CREATE TABLE spools(
  id INTEGER PRIMARY KEY,
  uid BLOB NOT NULL UNIQUE,
  writer TEXT NOT NULL,
  segment INTEGER NOT NULL DEFAULT 0,
  offset INTEGER NOT NULL DEFAULT 0,
  sequence INTEGER NOT NULL DEFAULT 0,
  ended INTEGER NOT NULL DEFAULT 0,
  touched INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE events(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  spool INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  time INTEGER NOT NULL,
  class INTEGER NOT NULL,
  verdict INTEGER NOT NULL,
  record BLOB NOT NULL,
  UNIQUE(spool, sequence)
) STRICT;
CREATE INDEX events_time ON events(time);
)sql";

// Absent verdicts in the column.
constexpr int64_t kNoVerdict = -1;

int64_t VerdictColumn(const std::optional<Verdict>& verdict) {
  return verdict ? static_cast<int64_t>(*verdict) : kNoVerdict;
}

Status MakeSchema(db::Database& database) {
  // Before the first table: it cannot be turned on later.
  TRY(database.Run("PRAGMA auto_vacuum = INCREMENTAL"));
  TRY(database.Run("PRAGMA journal_mode = WAL"));
  db::Transaction transaction = TRY(db::Transaction::Begin(database));
  TRY(database.Run(kSchema));
  TRY(database.Run("PRAGMA user_version = " + std::to_string(kSchemaVersion)));
  return transaction.Commit();
}

bool HasRule(const Event& event, const config::Mask& mask) {
  return std::any_of(event.rules.begin(), event.rules.end(),
                     [&](const auto& rule) { return mask.Matches(rule); });
}

}  // namespace

Result<EventStore> EventStore::Open(const std::string& path, db::Mode mode) {
  db::Database database = TRY(db::Database::Open(path, mode));
  int64_t version = TRY(database.Ask("PRAGMA user_version"));
  if (version == 0 && mode == db::Mode::kReadWrite) {
    TRY(MakeSchema(database));
    version = kSchemaVersion;
  }
  if (version != kSchemaVersion) {
    return Error{Code::kInvalid, path + ": not an event store of this version"};
  }
  // FULL: a segment is deleted once its records are committed, so committed
  // must mean on the disk.
  TRY(database.Run("PRAGMA synchronous = FULL"));
  // The recorder can reach no folder for temporary files.
  TRY(database.Run("PRAGMA temp_store = MEMORY"));
  return EventStore(std::move(database));
}

Result<Position> EventStore::PositionOf(const SpoolId& spool) {
  db::Statement row = TRY(database_.Prepare(
      "SELECT segment, offset, sequence FROM spools WHERE uid = ?1"));
  row.Bind(1, Bytes(spool));
  const bool known = TRY(row.Step());
  Position position;
  if (!known) return position;
  position.segment = static_cast<uint32_t>(row.Integer(0));
  position.offset = static_cast<uint64_t>(row.Integer(1));
  position.sequence = static_cast<uint64_t>(row.Integer(2));
  return position;
}

Result<int64_t> EventStore::SpoolRow(const SpoolId& spool,
                                     const std::string& writer) {
  db::Statement insert = TRY(database_.Prepare(
      "INSERT INTO spools(uid, writer) VALUES(?1, ?2) ON CONFLICT DO NOTHING"));
  TRY(insert.Bind(1, Bytes(spool)).Bind(2, std::string_view(writer)).Run());
  db::Statement select =
      TRY(database_.Prepare("SELECT id FROM spools WHERE uid = ?1"));
  select.Bind(1, Bytes(spool));
  TRY(select.Step());
  return select.Integer(0);
}

Status EventStore::Ingest(const SpoolId& spool, const std::string& writer,
                          std::span<const NewRecord> records,
                          const Position& after, int64_t now_ns) {
  db::Transaction transaction = TRY(db::Transaction::Begin(database_));
  const int64_t row = TRY(SpoolRow(spool, writer));
  db::Statement insert = TRY(database_.Prepare(
      "INSERT INTO events(spool, sequence, time, class, verdict, record) "
      "VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING"));
  for (const NewRecord& record : records) {
    TRY(insert.Bind(1, row)
            .Bind(2, static_cast<int64_t>(record.sequence))
            .Bind(3, record.event.time_ns)
            .Bind(4, static_cast<int64_t>(record.event.event_class))
            .Bind(5, VerdictColumn(record.event.verdict))
            .Bind(6, Bytes(record.payload))
            .Run());
  }
  db::Statement update = TRY(database_.Prepare(
      "UPDATE spools SET segment = ?2, offset = ?3, sequence = ?4, "
      "touched = ?5 WHERE id = ?1"));
  TRY(update.Bind(1, row)
          .Bind(2, int64_t{after.segment})
          .Bind(3, static_cast<int64_t>(after.offset))
          .Bind(4, static_cast<int64_t>(after.sequence))
          .Bind(5, now_ns)
          .Run());
  return transaction.Commit();
}

Status EventStore::End(const SpoolId& spool) {
  db::Statement update =
      TRY(database_.Prepare("UPDATE spools SET ended = 1 WHERE uid = ?1"));
  return update.Bind(1, Bytes(spool)).Run();
}

Result<uint64_t> EventStore::BytesInUse() {
  const int64_t pages = TRY(database_.Ask("PRAGMA page_count"));
  const int64_t free = TRY(database_.Ask("PRAGMA freelist_count"));
  const int64_t size = TRY(database_.Ask("PRAGMA page_size"));
  return static_cast<uint64_t>((pages - free) * size);
}

Result<int64_t> EventStore::RetainStep(int64_t oldest_ns, uint64_t bytes_max) {
  const uint64_t in_use = TRY(BytesInUse());
  const bool too_much = bytes_max > 0 && in_use > bytes_max;
  db::Statement erase = TRY(database_.Prepare(
      "DELETE FROM events WHERE id IN (SELECT id FROM events WHERE "
      "time < ?1 ORDER BY time, id LIMIT ?2)"));
  TRY(erase.Bind(1, too_much ? INT64_MAX : oldest_ns)
          .Bind(2, kRetainRows)
          .Run());
  const int64_t erased = database_.Changes();
  if (erased == 0) return 0;
  db::Statement spools = TRY(database_.Prepare(
      "DELETE FROM spools WHERE ended = 1 AND touched < ?1 AND NOT EXISTS "
      "(SELECT 1 FROM events WHERE events.spool = spools.id)"));
  TRY(spools.Bind(1, oldest_ns).Run());
  TRY(database_.Run("PRAGMA incremental_vacuum(" +
                    std::to_string(kVacuumPages) + ")"));
  return erased;
}

Status EventStore::ForEach(const EventQuery& query, const Callback& callback) {
  std::string sql =
      "SELECT events.id, spools.writer, spools.uid, events.sequence, record "
      "FROM events JOIN spools ON spools.id = events.spool WHERE "
      "events.id > ?1 AND time >= ?2 AND time <= ?3";
  if (query.event_class) sql += " AND class = ?4";
  if (query.verdict) sql += " AND verdict = ?5";
  if (query.after_id > 0) {
    sql += " ORDER BY events.id";
  } else {
    sql += query.newest > 0 ? " ORDER BY time DESC, events.id DESC"
                            : " ORDER BY time, events.id";
  }
  db::Statement rows = TRY(database_.Prepare(sql));
  rows.Bind(1, query.after_id);
  rows.Bind(2, query.since_ns.value_or(INT64_MIN));
  rows.Bind(3, query.until_ns.value_or(INT64_MAX));
  if (query.event_class) {
    rows.Bind(4, static_cast<int64_t>(*query.event_class));
  }
  if (query.verdict) rows.Bind(5, VerdictColumn(query.verdict));
  if (query.newest == 0 || query.after_id > 0) {
    return Visit(rows, query, callback);
  }
  // The newest, oldest of them first.
  std::vector<StoredEvent> newest;
  TRY(Visit(rows, query, [&](const StoredEvent& event) {
    newest.push_back(event);
    return newest.size() < query.newest;
  }));
  for (auto event = newest.rbegin(); event != newest.rend(); ++event) {
    if (!callback(*event)) break;
  }
  return Ok();
}

Status EventStore::Visit(db::Statement& rows, const EventQuery& query,
                         const Callback& callback) {
  for (;;) {
    const bool more = TRY(rows.Step());
    if (!more) return Ok();
    auto event = DecodeEvent(rows.Blob(4));
    if (!event.ok()) continue;  // Written by a version to come.
    if (query.rule && !HasRule(event.value(), *query.rule)) continue;
    StoredEvent stored;
    stored.id = rows.Integer(0);
    stored.origin.writer = rows.Text(1);
    const Bytes uid = rows.Blob(2);
    if (uid.size() == stored.origin.spool.size()) {
      std::ranges::copy(uid, stored.origin.spool.begin());
    }
    stored.origin.sequence = static_cast<uint64_t>(rows.Integer(3));
    stored.event = std::move(event).value();
    if (!callback(stored)) return Ok();
  }
}

Result<int64_t> EventStore::LastId() {
  return database_.Ask("SELECT coalesce(max(id), 0) FROM events");
}

Result<int64_t> EventStore::Count() {
  return database_.Ask("SELECT count(*) FROM events");
}

}  // namespace vitrine::events
