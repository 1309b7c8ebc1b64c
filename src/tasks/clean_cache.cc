// SPDX-License-Identifier: Apache-2.0
#include "tasks/clean_cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/atomic_file.h"
#include "base/code.h"
#include "base/read_file.h"
#include "base/system_error.h"
#include "base/write_all.h"
#include "crypto/crc32.h"
#include "tasks/limits.h"

namespace vitrine::tasks {
namespace {

constexpr std::string_view kMagic = "VTCLEAN\1";
constexpr size_t kHeadSize = 8 + 32 + 4;
constexpr size_t kBatchHeadSize = 8;
constexpr size_t kEntrySize = 6 * 8 + 4;

void Put(CodeWriter& out, const CleanFile& file) {
  out.U64(file.print.device);
  out.U64(file.print.inode);
  out.U64(file.print.size);
  out.U64(static_cast<uint64_t>(file.print.modified_ns));
  out.U64(static_cast<uint64_t>(file.print.changed_ns));
  out.U64(static_cast<uint64_t>(file.print.born_ns));
  out.U32(file.used);
}

CleanFile Take(CodeReader& in) {
  CleanFile file;
  file.print.device = in.U64();
  file.print.inode = in.U64();
  file.print.size = in.U64();
  file.print.modified_ns = static_cast<int64_t>(in.U64());
  file.print.changed_ns = static_cast<int64_t>(in.U64());
  file.print.born_ns = static_cast<int64_t>(in.U64());
  file.used = in.U32();
  return file;
}

// What is no cache, or longer than Compact() leaves and as much again of
// batches, is as good as none.
Result<ByteVector> ReadEntries(const std::string& path) {
  constexpr uint64_t kMost = 2 * kCleanMax * (kEntrySize + kBatchHeadSize);
  auto bytes = ReadFile(path, kMost, Links::kRefused);
  if (bytes.ok()) return bytes;
  switch (bytes.error().code) {
    case Code::kNotFound:
    case Code::kInvalid:
    case Code::kLimit:
      return ByteVector();
    default:
      return bytes;
  }
}

}  // namespace

ByteVector CacheHead(const CleanCache::Rules& rules) {
  CodeWriter head;
  head.Raw(AsBytes(kMagic));
  head.Raw(rules);
  head.U32(crypto::Crc32(rules));
  return head.Take();
}

ByteVector CacheBatch(const std::vector<CleanFile>& files) {
  CodeWriter body;
  for (const CleanFile& file : files) Put(body, file);
  const ByteVector entries = body.Take();
  CodeWriter batch;
  batch.U32(static_cast<uint32_t>(files.size()));
  batch.U32(crypto::Crc32(entries));
  batch.Raw(entries);
  return batch.Take();
}

CacheContents ReadCache(Bytes bytes, const CleanCache::Rules& rules) {
  CacheContents contents;
  const ByteVector head = CacheHead(rules);
  if (bytes.size() < kHeadSize ||
      !std::equal(head.begin(), head.end(), bytes.begin())) {
    return contents;
  }
  CodeReader in(bytes, kHeadSize);
  contents.sound = kHeadSize;
  while (bytes.size() - in.at() >= kBatchHeadSize) {
    const uint64_t count = in.U32();
    const uint32_t sum = in.U32();
    const Bytes entries = in.Raw(count * kEntrySize);
    // The last write was not finished.
    if (!in.ok()) break;
    if (crypto::Crc32(entries) != sum) return {};
    CodeReader fields(entries);
    for (uint64_t i = 0; i < count; ++i) {
      contents.files.push_back(Take(fields));
    }
    contents.sound = in.at();
  }
  contents.usable = true;
  return contents;
}

Result<CleanCache> CleanCache::Open(const std::string& path, const Rules& rules,
                                    uint32_t today, size_t most) {
  CleanCache cache(path, rules, today, most);
  const ByteVector bytes = TRY(ReadEntries(path));
  const CacheContents contents = ReadCache(bytes, rules);
  if (!contents.usable) {
    TRY(cache.Begin());
    return cache;
  }
  for (const CleanFile& file : contents.files) {
    if (cache.entries_.size() >= most) break;
    cache.entries_[{file.print.device, file.print.inode}] = file;
  }
  cache.file_.Reset(
      open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW));
  if (!cache.file_ ||
      ftruncate(cache.file_.get(), static_cast<off_t>(contents.sound)) != 0) {
    return SystemError(path, errno);
  }
  return cache;
}

Status CleanCache::Begin() {
  TRY(WriteFileAtomically(path_, CacheHead(rules_)));
  file_.Reset(
      open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW));
  if (!file_ || fchmod(file_.get(), 0600) != 0) {
    return SystemError(path_, errno);
  }
  return Ok();
}

bool CleanCache::Knows(const Fingerprint& file) {
  const auto known = entries_.find({file.device, file.inode});
  if (known == entries_.end() || known->second.print != file) return false;
  known->second.used = today_;
  return true;
}

void CleanCache::Add(const Fingerprint& file) {
  const response::FileKey key{file.device, file.inode};
  // What does not fit is scanned again next time; Compact() makes room.
  if (entries_.size() >= most_ && !entries_.contains(key)) return;
  const CleanFile entry{file, today_};
  entries_[key] = entry;
  added_.push_back(entry);
}

Status CleanCache::Flush() {
  if (added_.empty()) return Ok();
  const ByteVector batch = CacheBatch(added_);
  added_.clear();
  if (!file_) return Error{Code::kUnavailable, path_ + ": not open"};
  if (WriteAll(file_.get(), batch)) return Ok();
  const int number = errno;
  // Half a batch with whole ones behind it would be damage.
  file_.Reset();
  return SystemError(path_, number);
}

Status CleanCache::Compact() {
  std::vector<CleanFile> files;
  files.reserve(entries_.size());
  for (const auto& [key, file] : entries_) files.push_back(file);
  // A tenth is kept free for what the next run comes upon.
  const size_t kept = most_ - most_ / 10;
  if (files.size() > kept) {
    std::nth_element(
        files.begin(), files.begin() + static_cast<ptrdiff_t>(kept),
        files.end(),
        [](const CleanFile& a, const CleanFile& b) { return a.used > b.used; });
    for (size_t i = kept; i < files.size(); ++i) {
      entries_.erase({files[i].print.device, files[i].print.inode});
    }
    files.resize(kept);
  }
  added_.clear();
  ByteVector bytes = CacheHead(rules_);
  const ByteVector batch = CacheBatch(files);
  bytes.insert(bytes.end(), batch.begin(), batch.end());
  TRY(WriteFileAtomically(path_, bytes));
  file_.Reset(
      open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW));
  if (!file_ || fchmod(file_.get(), 0600) != 0) {
    return SystemError(path_, errno);
  }
  return Ok();
}

}  // namespace vitrine::tasks
