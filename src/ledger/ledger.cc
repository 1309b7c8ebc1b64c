// SPDX-License-Identifier: Apache-2.0
#include "ledger/ledger.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/atomic_file.h"
#include "base/system_error.h"
#include "base/wall_clock.h"
#include "base/write_all.h"
#include "ledger/segment.h"

namespace vitrine::ledger {
namespace {

bool AllFit(const Outbound& out) {
  for (const std::string* text :
       {&out.destination, &out.via, &out.method, &out.target, &out.reason}) {
    if (text->size() > kTextMax) return false;
  }
  return out.bytes.size() <= kRequestBytesMax;
}

Error FailedBefore() {
  return {Code::kUnavailable, "the ledger failed before; start anew"};
}

}  // namespace

Ledger::Ledger(Options options, UniqueFd lock)
    : options_(std::move(options)), lock_(std::move(lock)) {}

Result<std::unique_ptr<Ledger>> Ledger::Open(const Options& options) {
  const std::string& folder = options.folder;
  if (mkdir(folder.c_str(), 0750) != 0 && errno != EEXIST) {
    return SystemError(folder, errno);
  }
  const std::string lock_path = folder + "/lock";
  UniqueFd lock(
      open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640));
  if (!lock) return SystemError(lock_path, errno);
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return Error{Code::kUnavailable,
                 folder + ": somebody else is writing this ledger"};
  }
  std::unique_ptr<Ledger> ledger(new Ledger(options, std::move(lock)));
  ledger->folder_ =
      UniqueFd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!ledger->folder_) return SystemError(folder, errno);
  TRY(ledger->Resume());
  return ledger;
}

// Finds the last segment whose head is sound, and goes on behind its last good
// line.
Status Ledger::Resume() {
  auto indexes = TRY(ListSegments(options_.folder));
  const uint64_t highest = indexes.empty() ? 0 : indexes.back();
  bool lost_segments = false;
  for (; !indexes.empty(); indexes.pop_back()) {
    const std::string name = SegmentName(indexes.back());
    const std::string text = TRY(ReadSegment(options_.folder, name));
    const Sound sound = Examine(text);
    if (!sound.head_good) {
      TRY(SetAside(name, false));
      lost_segments = true;
      continue;
    }
    index_ = indexes.back();
    next_ = sound.next;
    chain_ = sound.chain;
    size_ = sound.bytes;
    segment_ = UniqueFd(
        openat(folder_.get(), name.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!segment_) return SystemError(name, errno);
    if (sound.complete_lines) TRY(SetAside(name, true));
    const std::string torn = text.substr(sound.bytes);
    if (!torn.empty() || lost_segments) TRY(Repair(torn));
    return Ok();
  }
  TRY(BeginSegment(highest + 1));
  return lost_segments ? Repair("") : Ok();
}

// The note goes over what is cut off before that is gone: whenever this is
// interrupted, the next one finds something to note.
Status Ledger::Repair(const std::string& torn) {
  Record record;
  record.kind = Record::Kind::kRepaired;
  record.repaired = {torn.size(), crypto::Sha256(AsBytes(torn))};
  TRY(Write(std::move(record), Sync::kLater));
  if (ftruncate(segment_.get(), static_cast<off_t>(size_)) != 0 ||
      fsync(segment_.get()) != 0) {
    return SystemError(SegmentName(index_), errno);
  }
  return Ok();
}

// Evidence: whole lines that are wrong were not torn by a crash.
Status Ledger::SetAside(const std::string& name, bool copy) {
  for (size_t i = 1; i <= kAsideMax; ++i) {
    const std::string aside = name + ".damaged-" + std::to_string(i);
    if (faccessat(folder_.get(), aside.c_str(), F_OK, 0) == 0) continue;
    if (copy) {
      const std::string text = TRY(ReadSegment(options_.folder, name));
      return WriteFileAtomically(options_.folder + "/" + aside, AsBytes(text));
    }
    if (renameat(folder_.get(), name.c_str(), folder_.get(), aside.c_str()) !=
        0) {
      return SystemError(name, errno);
    }
    return Ok();
  }
  if (!copy && unlinkat(folder_.get(), name.c_str(), 0) != 0) {
    return SystemError(name, errno);
  }
  return Ok();
}

Status Ledger::BeginSegment(uint64_t index) {
  if (broken_) return FailedBefore();
  // What was written before must not be lost where the new head is kept.
  if (segment_ && fdatasync(segment_.get()) != 0) {
    broken_ = true;
    return SystemError(SegmentName(index_), errno);
  }
  const std::string name = SegmentName(index);
  const std::string head = FormatHead({next_, chain_});
  const Status written =
      WriteFileAtomically(options_.folder + "/" + name, AsBytes(head));
  UniqueFd segment(
      openat(folder_.get(), name.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  const int opened = errno;
  // From where there is a head on, no record may go before it.
  if (!written.ok()) {
    broken_ = segment || opened != ENOENT;
    return written;
  }
  if (!segment) {
    broken_ = true;
    return SystemError(name, opened);
  }
  segment_ = std::move(segment);
  index_ = index;
  size_ = head.size();
  return Retain();
}

Status Ledger::Retain() {
  const auto indexes = TRY(ListSegments(options_.folder));
  uint64_t total = 0;
  for (size_t i = indexes.size(); i-- > 0;) {
    const std::string name = SegmentName(indexes[i]);
    struct stat facts;
    if (fstatat(folder_.get(), name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) !=
        0) {
      return SystemError(name, errno);
    }
    total += static_cast<uint64_t>(facts.st_size);
    if (total <= options_.total_bytes || indexes[i] == index_) continue;
    if (unlinkat(folder_.get(), name.c_str(), 0) != 0) {
      return SystemError(name, errno);
    }
  }
  return Ok();
}

Status Ledger::Write(Record record, Sync sync) {
  if (broken_) return FailedBefore();
  record.number = next_;
  record.time_ns = UnixNowNs();
  const Line line = FormatRecord(record, chain_);
  const auto at = static_cast<off_t>(size_);
  if (lseek(segment_.get(), at, SEEK_SET) < 0 ||
      !WriteAll(segment_.get(), AsBytes(line.text))) {
    const Error error = SystemError("writing the ledger", errno);
    if (ftruncate(segment_.get(), at) != 0) broken_ = true;
    return error;
  }
  if (sync == Sync::kNow && fdatasync(segment_.get()) != 0) {
    // Whether it is there is not known, and asking again would say it is.
    broken_ = true;
    return SystemError("syncing the ledger", errno);
  }
  size_ += line.text.size();
  chain_ = line.chain;
  ++next_;
  return Ok();
}

Result<uint64_t> Ledger::Append(const Outbound& request) {
  if (!AllFit(request)) {
    return Error{Code::kLimit, "too large a request for the ledger"};
  }
  if (size_ >= options_.segment_bytes) TRY(BeginSegment(index_ + 1));
  Record record;
  record.kind = Record::Kind::kRequest;
  record.request = request;
  const uint64_t number = next_;
  TRY(Write(std::move(record), Sync::kNow));
  return number;
}

Status Ledger::AppendResult(const Ended& ended) {
  Record record;
  record.kind = Record::Kind::kResult;
  record.result = ended;
  return Write(std::move(record), Sync::kLater);
}

}  // namespace vitrine::ledger
