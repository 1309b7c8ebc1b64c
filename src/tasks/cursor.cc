// SPDX-License-Identifier: Apache-2.0
#include "tasks/cursor.h"

#include <algorithm>

#include "base/code.h"
#include "crypto/crc32.h"
#include "tasks/limits.h"

namespace vitrine::tasks {
namespace {

// The first bytes of a file of each kind; the last is its version.
constexpr std::string_view kCursorMagic = "VTCURSR\1";
constexpr std::string_view kRecordMagic = "VTTASKR\1";

ByteVector Framed(std::string_view magic, CodeWriter body) {
  const ByteVector payload = body.Take();
  CodeWriter frame;
  frame.Raw(AsBytes(magic));
  frame.U32(crypto::Crc32(payload));
  frame.Raw(payload);
  return frame.Take();
}

// Who reads one of these files, field by field. The first thing that does not
// fit makes it fail for good.
class Fields {
 public:
  static Result<Fields> Open(std::string_view magic, Bytes bytes) {
    if (bytes.size() > kTaskFileMax) {
      return Error{Code::kLimit, "a task's file is too long"};
    }
    CodeReader frame(bytes);
    const Bytes start = frame.Raw(magic.size());
    const uint32_t sum = frame.U32();
    if (!frame.ok() || AsText(start) != magic) return Damaged();
    const Bytes payload = bytes.subspan(frame.at());
    if (crypto::Crc32(payload) != sum) return Damaged();
    return Fields(payload);
  }
  static Error Damaged() {
    return {Code::kInvalid, "a task's file is damaged"};
  }

  uint64_t Number() { return reader_.Varint(); }
  // Times are stored as they are counted: whole seconds, never negative.
  int64_t Time() {
    const uint64_t value = reader_.Varint();
    if (value > INT64_MAX) ok_ = false;
    return static_cast<int64_t>(value & INT64_MAX);
  }
  template <typename Enum>
  Enum Word(Enum last) {
    const uint8_t value = reader_.U8();
    if (value > static_cast<uint8_t>(last)) ok_ = false;
    return ok_ ? static_cast<Enum>(value) : Enum{};
  }
  bool Flag() {
    const uint8_t value = reader_.U8();
    if (value > 1) ok_ = false;
    return value == 1;
  }
  std::string Text() { return std::string(reader_.CountedText()); }
  crypto::Sha256Digest Digest() {
    crypto::Sha256Digest digest = {};
    const Bytes bytes = reader_.Raw(digest.size());
    std::copy(bytes.begin(), bytes.end(), digest.begin());
    return digest;
  }
  Counts ReadCounts() {
    Counts counts;
    for (uint64_t* field :
         {&counts.scanned, &counts.known, &counts.bytes, &counts.found,
          &counts.limited, &counts.errors, &counts.skipped}) {
      *field = Number();
    }
    return counts;
  }

  bool ok() const { return ok_ && reader_.ok(); }
  // Also whether anything is left.
  bool Finished() const { return ok() && reader_.AtEnd(); }

 private:
  explicit Fields(Bytes payload) : reader_(payload) {}

  CodeReader reader_;
  bool ok_ = true;
};

void Put(CodeWriter& out, const Counts& counts) {
  for (const uint64_t field :
       {counts.scanned, counts.known, counts.bytes, counts.found,
        counts.limited, counts.errors, counts.skipped}) {
    out.Varint(field);
  }
}

void PutTime(CodeWriter& out, int64_t time) {
  out.Varint(static_cast<uint64_t>(std::max<int64_t>(time, 0)));
}

void PutByte(CodeWriter& out, auto value) {
  out.U8(static_cast<uint8_t>(value));
}

}  // namespace

Verdict VerdictOf(const Counts& counts) {
  if (counts.found > 0) return Verdict::kFound;
  if (counts.errors > 0) return Verdict::kError;
  if (counts.limited > 0) return Verdict::kLimited;
  return Verdict::kClean;
}

NamedCounts NamesOf(const Counts& counts) {
  return {{{"scanned", counts.scanned},
           {"known_clean", counts.known},
           {"bytes", counts.bytes},
           {"found", counts.found},
           {"errors", counts.errors},
           {"limited", counts.limited},
           {"skipped", counts.skipped}}};
}

const char* EndWord(RunSummary::End end) {
  return end == RunSummary::End::kCompleted ? "completed" : "stopped";
}

Progress ProgressOf(const Cursor& cursor) {
  return {cursor.started, cursor.active,         cursor.cause,
          cursor.target,  cursor.targets.size(), cursor.counts};
}

ByteVector Encode(const Cursor& cursor) {
  CodeWriter out;
  PutTime(out, cursor.started);
  PutTime(out, cursor.active);
  PutByte(out, cursor.cause);
  PutByte(out, cursor.paused);
  out.Raw(cursor.config);
  out.Counted(cursor.boot);
  out.Varint(cursor.targets.size());
  for (const Target& target : cursor.targets) {
    out.Counted(target.base);
    out.Counted(target.mask);
    out.Counted(target.area);
    PutByte(out, target.cross);
    PutByte(out, target.required);
  }
  out.Varint(cursor.target);
  out.Counted(cursor.position);
  Put(out, cursor.counts);
  out.Varint(cursor.log_size);
  return Framed(kCursorMagic, std::move(out));
}

Result<Cursor> DecodeCursor(Bytes bytes) {
  Fields in = TRY(Fields::Open(kCursorMagic, bytes));
  Cursor cursor;
  cursor.started = in.Time();
  cursor.active = in.Time();
  cursor.cause = in.Word(Cause::kMedium);
  cursor.paused = in.Flag();
  cursor.config = in.Digest();
  cursor.boot = in.Text();
  const uint64_t targets = in.Number();
  if (targets > kTargetsMax) return Fields::Damaged();
  for (uint64_t i = 0; i < targets && in.ok(); ++i) {
    Target target;
    target.base = in.Text();
    target.mask = in.Text();
    target.area = in.Text();
    target.cross = in.Flag();
    target.required = in.Flag();
    // A walk relies on it.
    if (!target.base.starts_with('/')) return Fields::Damaged();
    cursor.targets.push_back(std::move(target));
  }
  cursor.target = in.Number();
  cursor.position = in.Text();
  cursor.counts = in.ReadCounts();
  cursor.log_size = in.Number();
  if (!in.Finished() || cursor.target > targets) return Fields::Damaged();
  return cursor;
}

ByteVector Encode(const TaskRecord& record) {
  CodeWriter out;
  PutTime(out, record.plan.considered);
  PutTime(out, record.plan.last_start);
  PutTime(out, record.plan.planned);
  PutByte(out, record.plan.cause);
  out.Raw(record.plan.database);
  out.Varint(record.runs);
  PutByte(out, record.last.has_value());
  if (record.last) {
    PutTime(out, record.last->started);
    PutTime(out, record.last->ended);
    PutTime(out, record.last->active);
    PutByte(out, record.last->cause);
    PutByte(out, record.last->end);
    Put(out, record.last->counts);
  }
  return Framed(kRecordMagic, std::move(out));
}

Result<TaskRecord> DecodeTaskRecord(Bytes bytes) {
  Fields in = TRY(Fields::Open(kRecordMagic, bytes));
  TaskRecord record;
  record.plan.considered = in.Time();
  record.plan.last_start = in.Time();
  record.plan.planned = in.Time();
  record.plan.cause = in.Word(Cause::kMedium);
  record.plan.database = in.Digest();
  record.runs = in.Number();
  if (in.Flag()) {
    RunSummary& last = record.last.emplace();
    last.started = in.Time();
    last.ended = in.Time();
    last.active = in.Time();
    last.cause = in.Word(Cause::kMedium);
    last.end = in.Word(RunSummary::End::kStopped);
    last.counts = in.ReadCounts();
  }
  if (!in.Finished()) return Fields::Damaged();
  return record;
}

}  // namespace vitrine::tasks
