// SPDX-License-Identifier: Apache-2.0
#include "events/store/recorder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/wall_clock.h"
#include "events/record.h"
#include "events/store/limits.h"

namespace vitrine::events {
namespace {

UniqueFd OpenFolder(int at, const char* name) {
  return UniqueFd(
      openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
}

// Names in a folder that `wanted` holds for, sorted, at most `most`.
std::vector<std::string> NamesIn(int folder, bool (*wanted)(std::string_view),
                                 size_t most) {
  std::vector<std::string> names;
  UniqueFd copy = OpenFolder(folder, ".");
  DIR* const listing = copy ? fdopendir(copy.get()) : nullptr;
  if (listing == nullptr) return names;
  copy.Release();
  while (const dirent* entry = readdir(listing)) {
    if (wanted(entry->d_name)) names.emplace_back(entry->d_name);
    if (names.size() == most) break;
  }
  closedir(listing);
  std::sort(names.begin(), names.end());
  return names;
}

// A segment that has not got its name yet.
bool IsHiddenName(std::string_view name) {
  return name.starts_with('.') && IsSegmentName(name.substr(1));
}

// A writer that died between making a segment and naming it leaves a file with
// nothing in it. One that lives holds the lock by then.
void DropHidden(int folder, int64_t now_ns) {
  for (const std::string& name : NamesIn(folder, IsHiddenName, kSegmentsMax)) {
    const UniqueFd file(openat(folder, name.c_str(),
                               O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat status;
    if (!file || fstat(file.get(), &status) != 0) continue;
    const int64_t age_s = now_ns / 1'000'000'000 - status.st_mtim.tv_sec;
    if (age_s >= kHiddenAge.count() &&
        flock(file.get(), LOCK_SH | LOCK_NB) == 0) {
      unlinkat(folder, name.c_str(), 0);
    }
  }
}

}  // namespace

struct Recorder::Progress {
  std::string writer;
  Tail tail = Tail::kLive;
  Position position;
  std::vector<NewRecord> batch;
  size_t batch_bytes = 0;
  uint64_t taken = 0;    // Records, of this call.
  uint64_t missing = 0;  // Sequence numbers that never came.
  uint64_t damaged = 0;  // Bytes that were no record.
};

Recorder::Recorder(Options options, EventStore store)
    : options_(std::move(options)), store_(std::move(store)) {
  if (!options_.journal.empty()) journal_.emplace(options_.journal);
  auto own = SpoolWriter::Open(
      {options_.spool + "/recorder", "recorder", kSegmentBytes, kFolderBytes});
  if (own.ok()) own_ = std::move(own).value();
}

Result<uint64_t> Recorder::Round() {
  const UniqueFd spool = OpenFolder(AT_FDCWD, options_.spool.c_str());
  if (!spool) {
    return Error{Code::kUnavailable,
                 options_.spool + ": " + std::strerror(errno)};
  }
  uint64_t taken = 0;
  for (const std::string& writer :
       NamesIn(spool.get(), IsWriterName, kWritersMax)) {
    taken += TRY(DrainWriter(spool.get(), writer));
  }
  return taken;
}

Result<uint64_t> Recorder::DrainWriter(int spool, const std::string& writer) {
  const UniqueFd folder = OpenFolder(spool, writer.c_str());
  if (!folder) return uint64_t{0};
  DropHidden(folder.get(), UnixNowNs());
  uint64_t taken = 0;
  for (const std::string& name :
       NamesIn(folder.get(), IsSegmentName, kSegmentsMax)) {
    if (taken >= kRoundRecords) break;
    taken +=
        TRY(DrainSegment(folder.get(), writer, name, kRoundRecords - taken));
  }
  return taken;
}

Result<uint64_t> Recorder::DrainSegment(int folder, const std::string& writer,
                                        const std::string& name,
                                        uint64_t most) {
  UniqueFd file(openat(folder, name.c_str(),
                       O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status;
  if (!file || fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return uint64_t{0};
  }
  Progress progress;
  progress.writer = writer;
  // Asked before the first byte is read: then what is read to the end is all.
  if (flock(file.get(), LOCK_SH | LOCK_NB) == 0) {
    progress.tail = Tail::kFinished;
  }
  auto opened = SegmentReader::Open(std::move(file));
  if (!opened.ok() || opened.value().header().writer != writer) {
    if (progress.tail == Tail::kFinished) {
      SetAside(folder, name, writer,
               opened.ok() ? "names another writer" : opened.error().message);
    }
    return uint64_t{0};
  }
  SegmentReader& reader = opened.value();
  const SegmentHeader& header = reader.header();
  progress.position = TRY(store_.PositionOf(header.spool));
  const uint32_t segment = progress.position.segment;
  if (segment < header.index) {
    progress.position.segment = header.index;
    progress.position.offset = 0;
  }
  if (segment <= header.index) {
    reader.Seek(progress.position.offset);
    while (progress.taken < most) {
      const uint64_t before = progress.taken;
      TRY(Take(reader, progress));
      if (progress.taken == before) break;
    }
    if (progress.taken >= most) return progress.taken;  // More next time.
  }
  if (progress.missing > 0) {
    Confess("events-missing", writer + ": events never came", progress.missing);
  }
  if (progress.damaged > 0) {
    Confess("spool-damaged", writer + ": bytes in a spool are no events",
            progress.damaged);
  }
  if (progress.tail == Tail::kFinished) TRY(Finish(folder, name, header));
  return progress.taken;
}

// One transaction's worth of a segment.
Status Recorder::Take(SegmentReader& reader, Progress& progress) {
  const uint64_t from = reader.offset();
  while (progress.batch.size() < kIngestBatch &&
         progress.batch_bytes < kIngestBytes) {
    const SegmentItem item = TRY(reader.Next(progress.tail));
    if (item.kind == SegmentItem::Kind::kEnd) break;
    if (item.kind == SegmentItem::Kind::kDamage) {
      progress.damaged += item.skipped;
      continue;
    }
    auto event = DecodeEvent(item.payload);
    if (!event.ok()) {
      progress.damaged += item.payload.size();
      continue;
    }
    uint64_t& last = progress.position.sequence;
    if (item.sequence <= last) continue;  // Taken before.
    progress.missing += item.sequence - last - 1;
    last = item.sequence;
    NewRecord record;
    record.sequence = item.sequence;
    record.event = std::move(event).value();
    record.payload.assign(item.payload.begin(), item.payload.end());
    progress.batch_bytes += record.payload.size();
    progress.batch.push_back(std::move(record));
  }
  // What is damaged is passed over once and for all, too.
  if (reader.offset() == from && progress.batch.empty()) return Ok();
  return Flush(reader, progress);
}

Status Recorder::Flush(SegmentReader& reader, Progress& progress) {
  const SpoolId& spool = reader.header().spool;
  if (journal_) {
    for (const NewRecord& record : progress.batch) {
      journal_->Send(record.event, {progress.writer, spool, record.sequence});
    }
  }
  progress.position.offset = reader.offset();
  TRY(store_.Ingest(spool, progress.writer, progress.batch, progress.position,
                    UnixNowNs()));
  progress.taken += progress.batch.size();
  progress.batch.clear();
  progress.batch_bytes = 0;
  return Ok();
}

// The segment is taken and nobody writes it: it goes.
Status Recorder::Finish(int folder, const std::string& name,
                        const SegmentHeader& header) {
  // A writer makes the next segment before it lets go of this one.
  const std::string next = SegmentName(header.spool, header.index + 1);
  struct stat status;
  const bool is_last =
      fstatat(folder, next.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 &&
      errno == ENOENT;
  if (unlinkat(folder, name.c_str(), 0) != 0) return Ok();
  if (is_last) TRY(store_.End(header.spool));
  return Ok();
}

void Recorder::SetAside(int folder, const std::string& name,
                        const std::string& writer, const std::string& why) {
  const std::string aside = name + ".damaged";
  if (renameat(folder, name.c_str(), folder, aside.c_str()) == 0) {
    Confess("spool-damaged", writer + ": a segment was set aside: " + why, 1);
  }
}

void Recorder::Confess(const char* reason, const std::string& message,
                       uint64_t count) {
  if (!own_) return;
  Event event = Make(LifecycleActivity::kOther);
  event.severity = Severity::kHigh;
  event.outcome = Outcome::kFailure;
  event.reason = reason;
  event.message = message;
  event.count = count;
  // If it cannot be written either, the writer keeps count.
  static_cast<void>(own_->Append(event));
}

Result<int64_t> Recorder::RetainStep(int64_t now_ns) {
  constexpr int64_t kDayNs = int64_t{86'400} * 1'000'000'000;
  const int64_t oldest =
      options_.age_max_days == 0
          ? INT64_MIN
          : now_ns - static_cast<int64_t>(options_.age_max_days) * kDayNs;
  return store_.RetainStep(oldest, options_.bytes_max);
}

}  // namespace vitrine::events
