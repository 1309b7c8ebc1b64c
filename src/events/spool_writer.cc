// SPDX-License-Identifier: Apache-2.0
#include "events/spool_writer.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "base/wall_clock.h"
#include "crypto/aead.h"
#include "events/record.h"

namespace vitrine::events {
namespace {

// A segment goes on past its size when the next one cannot be made (no
// descriptor, no inode), but not for ever.
constexpr uint64_t kStretch = 4;

// A full folder is measured again after this many refused events, so that a
// storm does not read the folder for each of them.
constexpr uint64_t kRefusedBetweenChecks = 256;

Error FromErrno(const std::string& what) {
  const Code code = errno == EACCES || errno == EPERM || errno == EROFS
                        ? Code::kDenied
                        : Code::kUnavailable;
  return {code, what + ": " + std::strerror(errno)};
}

// The writer's folder, and the spool that it lies in where this is the first.
Status MakeFolder(const std::string& folder) {
  if (mkdir(folder.c_str(), 0750) == 0 || errno == EEXIST) return Ok();
  const size_t slash = folder.rfind('/');
  if (errno != ENOENT || slash == folder.npos) return FromErrno(folder);
  if (mkdir(folder.substr(0, slash).c_str(), 0755) != 0 && errno != EEXIST) {
    return FromErrno(folder);
  }
  if (mkdir(folder.c_str(), 0750) == 0 || errno == EEXIST) return Ok();
  return FromErrno(folder);
}

// All of it by one call, or nothing: a part stays only where the file cannot be
// cut back, and `*torn` then says so.
Status WriteWhole(int file, Bytes bytes, uint64_t at, bool* torn) {
  ssize_t put;
  do {
    put = write(file, bytes.data(), bytes.size());
  } while (put < 0 && errno == EINTR);
  if (put == static_cast<ssize_t>(bytes.size())) return Ok();
  if (put >= 0) errno = ENOSPC;
  const Error error = FromErrno("writing an event");
  if (put > 0 && ftruncate(file, static_cast<off_t>(at)) != 0) *torn = true;
  return error;
}

Event LostEvents(uint64_t count) {
  Event event = Make(LifecycleActivity::kOther);
  event.severity = Severity::kHigh;
  event.outcome = Outcome::kFailure;
  event.reason = "events-lost";
  event.message = "Events could not be written to the spool";
  event.count = count;
  return event;
}

}  // namespace

SpoolWriter::SpoolWriter(Options options, SpoolId id, UniqueFd folder)
    : options_(std::move(options)), id_(id), folder_(std::move(folder)) {}

Result<std::unique_ptr<SpoolWriter>> SpoolWriter::Open(Options options) {
  if (!IsWriterName(options.writer)) {
    return Error{Code::kInvalid, "not a writer's name: " + options.writer};
  }
  TRY(MakeFolder(options.folder));
  UniqueFd folder(open(options.folder.c_str(),
                       O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (!folder) return FromErrno(options.folder);
  SpoolId id;
  crypto::RandomBytes(id);
  std::unique_ptr<SpoolWriter> writer(
      new SpoolWriter(std::move(options), id, std::move(folder)));
  const std::lock_guard lock(writer->mutex_);
  TRY(writer->BeginSegment());
  return writer;
}

Status SpoolWriter::Append(const Event& event) {
  const std::lock_guard lock(mutex_);
  const Status done = AppendLocked(event);
  if (!done.ok()) ++lost_;
  return done;
}

Status SpoolWriter::AppendLocked(const Event& event) {
  TRY(MakeRoom());
  if (lost_ > 0) {
    TRY(WriteFrame(LostEvents(lost_)));
    lost_ = 0;
  }
  return WriteFrame(event);
}

Status SpoolWriter::WriteFrame(const Event& event) {
  ByteVector payload;
  if (event.time_ns == 0) {
    Event timed = event;
    timed.time_ns = UnixNowNs();
    payload = EncodeEvent(timed);
  } else {
    payload = EncodeEvent(event);
  }
  const ByteVector frame = EncodeFrame(next_sequence_, payload);
  bool torn = false;
  const Status done = WriteWhole(segment_.get(), frame, size_, &torn);
  if (torn) segment_.Reset();  // The reader stops at the tear; go on elsewhere.
  TRY(done);
  size_ += frame.size();
  ++next_sequence_;
  return Ok();
}

// A segment that has room: the current one or the next.
Status SpoolWriter::MakeRoom() {
  if (segment_ && size_ < options_.segment_bytes && lost_ == 0) return Ok();
  if (lost_ < refused_until_) {
    return Error{Code::kLimit, "the spool's folder is full"};
  }
  const auto held = FolderSize();
  if (held.ok() && held.value() >= options_.folder_bytes) {
    refused_until_ = lost_ + kRefusedBetweenChecks;
    return Error{Code::kLimit, "the spool's folder is full"};
  }
  refused_until_ = 0;
  if (segment_ && size_ < options_.segment_bytes) return Ok();
  const Status begun = BeginSegment();
  if (begun.ok()) return begun;
  const bool stretch = segment_ && size_ < kStretch * options_.segment_bytes;
  return stretch ? Ok() : begun;
}

// A segment is seen under its name only when it is locked and has its header:
// a reader that gets the lock knows that the writer is done with it.
Status SpoolWriter::BeginSegment() {
  const std::string name = SegmentName(id_, next_index_);
  const std::string hidden = "." + name;
  UniqueFd file(openat(
      folder_.get(), hidden.c_str(),
      O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640));
  if (!file) return FromErrno("making a spool segment");
  const ByteVector header =
      EncodeSegmentHeader({id_, next_index_, options_.writer, UnixNowNs()});
  bool torn = false;
  Status done = Ok();
  if (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    done = FromErrno("locking a spool segment");
  } else {
    done = WriteWhole(file.get(), header, 0, &torn);
  }
  if (done.ok() && renameat(folder_.get(), hidden.c_str(), folder_.get(),
                            name.c_str()) != 0) {
    done = FromErrno("naming a spool segment");
  }
  if (!done.ok()) {
    unlinkat(folder_.get(), hidden.c_str(), 0);
    return done;
  }
  segment_ = std::move(file);
  size_ = header.size();
  ++next_index_;
  return Ok();
}

Result<uint64_t> SpoolWriter::FolderSize() const {
  // A descriptor of its own: the position of a folder's is shared by copies.
  const int copy =
      openat(folder_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (copy < 0) return FromErrno("reading the spool's folder");
  DIR* const listing = fdopendir(copy);
  if (listing == nullptr) {
    close(copy);
    return FromErrno("reading the spool's folder");
  }
  uint64_t total = 0;
  size_t seen = 0;
  while (const dirent* entry = readdir(listing)) {
    if (++seen > kSegmentsMax) break;
    struct stat status;
    if (fstatat(dirfd(listing), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) ==
            0 &&
        S_ISREG(status.st_mode)) {
      total += static_cast<uint64_t>(status.st_size);
    }
  }
  closedir(listing);
  return seen > kSegmentsMax ? UINT64_MAX : total;
}

Status SpoolWriter::Sync() {
  const std::lock_guard lock(mutex_);
  if (segment_ && fdatasync(segment_.get()) != 0) return FromErrno("fdatasync");
  return Ok();
}

uint64_t SpoolWriter::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

}  // namespace vitrine::events
