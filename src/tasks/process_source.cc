// SPDX-License-Identifier: Apache-2.0
#include "tasks/process_source.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>

#include "base/system_error.h"
#include "base/text.h"
#include "base/wall_clock.h"
#include "base/write_all.h"
#include "tasks/limits.h"
#include "tasks/media.h"

namespace vitrine::tasks {
namespace {

constexpr uint64_t kPage = 4096;
// Of a word of pagemap; proc(5).
constexpr uint64_t kPresentOrSwapped = uint64_t{3} << 62;
constexpr uint64_t kOfFile = uint64_t{1} << 61;

// All of a file of /proc, or its first `most` bytes; what went wrong, by errno,
// in `error`.
std::string ReadText(int folder, const char* name, size_t most, int& error) {
  const UniqueFd file(openat(folder, name, O_RDONLY | O_CLOEXEC));
  error = file ? 0 : errno;
  std::string text;
  char buffer[65536];
  while (error == 0 && text.size() < most) {
    const ssize_t got = read(file.get(), buffer, sizeof buffer);
    if (got == 0) break;
    if (got > 0) text.append(buffer, static_cast<size_t>(got));
    if (got < 0 && errno != EINTR) error = errno;
  }
  return text;
}

// Empty, and errno says why, where it cannot be read.
std::string ReadLink(int folder, const char* name) {
  char buffer[PATH_MAX];
  const ssize_t size = readlinkat(folder, name, buffer, sizeof buffer);
  return size > 0 ? std::string(buffer, static_cast<size_t>(size)) : "";
}

// What a process that has ended meanwhile answers is no error.
bool HasEnded(int number) { return number == ENOENT || number == ESRCH; }

std::string RangeText(uint64_t begin, uint64_t end) {
  char text[64];
  std::snprintf(text, sizeof text, "0x%llx-0x%llx",
                static_cast<unsigned long long>(begin),
                static_cast<unsigned long long>(end));
  return text;
}

std::pair<uint64_t, uint64_t> KeyOf(const struct stat& status) {
  return {status.st_dev, status.st_ino};
}

// The memory file that was written, for reading alone: nobody who gets it can
// change it.
UniqueFd Sealed(UniqueFd file) {
  (void)fcntl(file.get(), F_ADD_SEALS,
              F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
  const std::string link = "/proc/self/fd/" + std::to_string(file.get());
  return UniqueFd(open(link.c_str(), O_RDONLY | O_CLOEXEC));
}

}  // namespace

ProcessSource::ProcessSource(Options options) : options_(std::move(options)) {
  FindOwn();
  FindProcesses();
}

void ProcessSource::FindOwn() {
  for (const std::string& name : options_.own_folders) {
    DIR* const folder = opendir(name.c_str());
    if (folder == nullptr) continue;
    while (const dirent* entry = readdir(folder)) {
      struct stat status;
      if (std::string_view(entry->d_name).starts_with("vitrine") &&
          fstatat(dirfd(folder), entry->d_name, &status, 0) == 0) {
        own_.insert(KeyOf(status));
      }
    }
    closedir(folder);
  }
}

void ProcessSource::FindProcesses() {
  const auto done = ParseDecimal(options_.position).value_or(0);
  DIR* const folder = opendir(options_.processes.c_str());
  if (folder == nullptr) {
    Item item;
    item.kind = Item::Kind::kError;
    item.path = options_.processes;
    item.why = std::strerror(errno);
    item.area = options_.area;
    ready_.push_back(std::move(item));
    return;
  }
  while (const dirent* entry = readdir(folder)) {
    const auto pid = ParseDecimal(entry->d_name);
    if (pid && *pid > done && *pid <= INT_MAX) {
      pids_.push_back(static_cast<pid_t>(*pid));
    }
  }
  closedir(folder);
  std::sort(pids_.begin(), pids_.end());
}

std::optional<Item> ProcessSource::Next() {
  for (;;) {
    if (!ready_.empty()) {
      Item item = std::move(ready_.front());
      ready_.pop_front();
      return item;
    }
    if (process_) {
      auto item = NextFile();
      if (!item && options_.memory) item = NextMemory();
      if (item) return item;
      // The process is done with: a mark for the cursor.
      Item mark = Make(Item::Kind::kSkipped, "");
      mark.position = std::to_string(process_->pid);
      process_.reset();
      return mark;
    }
    if (pids_.empty()) return std::nullopt;
    const pid_t pid = pids_.front();
    pids_.pop_front();
    std::string why;
    process_ = Open(pid, why);
    if (!process_ && !why.empty()) {
      Item item;
      item.kind = Item::Kind::kError;
      item.path = options_.processes + "/" + std::to_string(pid);
      item.why = why;
      item.area = options_.area;
      item.position = std::to_string(pid);
      return item;
    }
    if (process_ && process_->cut) {
      Item item = Make(Item::Kind::kLimited, process_->program);
      item.why = "too many regions";
      return item;
    }
  }
}

// Nothing, and no reason, for one that has ended, has no memory or is ours.
std::optional<ProcessSource::Process> ProcessSource::Open(
    pid_t pid, std::string& why) const {
  Process process;
  process.pid = pid;
  const std::string path = options_.processes + "/" + std::to_string(pid);
  process.folder.Reset(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!process.folder) return std::nullopt;
  const int folder = process.folder.get();
  process.program = ReadLink(folder, "exe");
  if (process.program.empty()) {
    // Kernel threads have none; a zombie has none any more.
    if (!HasEnded(errno)) why = std::strerror(errno);
    return std::nullopt;
  }
  if (IsOwn(process)) return std::nullopt;
  int error = 0;
  const std::string maps = ReadText(folder, "maps", kMapsBytesMax, error);
  if (error != 0) {
    if (!HasEnded(error)) why = std::strerror(error);
    return std::nullopt;
  }
  process.regions = ParseMaps(maps);
  process.cut =
      maps.size() >= kMapsBytesMax || process.regions.size() >= kRegionsMax;
  if (options_.memory && !OpenMemory(process, why)) return std::nullopt;
  return process;
}

bool ProcessSource::OpenMemory(Process& process, std::string& why) const {
  const int folder = process.folder.get();
  process.memory.Reset(openat(folder, "mem", O_RDONLY | O_CLOEXEC));
  if (process.memory) {
    process.pages.Reset(openat(folder, "pagemap", O_RDONLY | O_CLOEXEC));
  }
  if (process.pages) return true;
  if (!HasEnded(errno)) why = std::strerror(errno);
  return false;
}

bool ProcessSource::IsOwn(const Process& process) const {
  struct stat status;
  return process.pid == getpid() ||
         (fstatat(process.folder.get(), "exe", &status, 0) == 0 &&
          own_.contains(KeyOf(status)));
}

// The file behind the next executable region that no process had before.
std::optional<Item> ProcessSource::NextFile() {
  Process& process = *process_;
  while (process.file < process.regions.size()) {
    const Region& region = process.regions[process.file++];
    if (!region.executable || !region.file) continue;
    char name[64];
    std::snprintf(name, sizeof name, "map_files/%llx-%llx",
                  static_cast<unsigned long long>(region.begin),
                  static_cast<unsigned long long>(region.end));
    // Unmapped by now, or the process has ended.
    struct stat status;
    const int folder = process.folder.get();
    if (fstatat(folder, name, &status, 0) != 0) {
      if (errno != EPERM && errno != EACCES) continue;
      Item item = Make(Item::Kind::kError, region.path);
      item.why = std::strerror(errno);
      return item;
    }
    if (!S_ISREG(status.st_mode)) continue;
    if (!files_.insert(KeyOf(status)).second) continue;
    Item item = Make(Item::Kind::kFile, region.path);
    item.file.Reset(
        openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOATIME));
    if (!item.file) {
      item.kind = Item::Kind::kError;
      item.why = std::strerror(errno);
      return item;
    }
    const auto facts = response::FactsOf(item.file.get());
    if (facts.ok()) item.facts = facts.value();
    if (MayRemember(item)) LookUp(item);
    return item;
  }
  return std::nullopt;
}

bool ProcessSource::MayRemember(const Item& item) {
  if (!KeepsTimes(item.file.get())) return false;
  const uint64_t device = item.facts.key.device;
  // A number of the file system's own: its mount tells the device.
  if (device >> 32 == 0) return mounts_.KeepsTimes(item.facts.mount);
  const auto [known, is_new] = media_.try_emplace(device);
  if (is_new) {
    known->second = IsMedium(std::to_string(device >> 32) + ":" +
                             std::to_string(device & UINT32_MAX));
  }
  return !known->second;
}

// Whether it is known to be clean, or could be once it is found so.
void ProcessSource::LookUp(Item& item) const {
  const bool idle = HasNoWriter(item.file.get());
  struct statx status;
  if (statx(item.file.get(), "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME,
            &status) != 0) {
    return;
  }
  const auto print = FingerprintOf(status);
  if (!print) return;
  if (options_.is_clean && options_.is_clean(*print)) {
    item.kind = Item::Kind::kClean;
    item.file.Reset();
  } else if (idle && response::Settled(item.facts, UnixNowNs())) {
    item.remember = print;
  }
}

std::optional<Item> ProcessSource::NextMemory() {
  Process& process = *process_;
  while (process.region < process.regions.size()) {
    const Region& region = process.regions[process.region];
    if (process.at < region.begin) process.at = region.begin;
    if (ContentOf(region) != Content::kNone && process.at < region.end) {
      auto chunk = Copy(region, process.at);
      if (chunk) {
        // What lies across two chunks is whole in one of them.
        const bool more =
            chunk->end < region.end && chunk->end - chunk->begin == kChunk;
        process.at = more ? chunk->end - kChunkOverlap : chunk->end;
        auto item = ItemOf(*std::move(chunk));
        if (item) return item;
        continue;  // It has gone meanwhile.
      }
    }
    ++process.region;
    process.at = 0;
  }
  return std::nullopt;
}

std::optional<Item> ProcessSource::ItemOf(Chunk chunk) {
  if (!chunk.error.empty()) {
    return Unseen(Item::Kind::kError, chunk.error, chunk.begin, chunk.end);
  }
  std::optional<Item> unread;
  if (chunk.until != 0) {
    unread =
        Unseen(Item::Kind::kLimited, "cannot be read", chunk.lost, chunk.until);
  }
  if (!chunk.file) return unread;
  if (unread) ready_.push_back(*std::move(unread));
  Item item = Make(Item::Kind::kMemory, process_->program);
  item.file = std::move(chunk.file);
  const auto facts = response::FactsOf(item.file.get());
  if (facts.ok()) item.facts = facts.value();
  item.range = RangeText(chunk.begin, chunk.end);
  return item;
}

// Where, from an address on, there are pages that matter: of at most one chunk,
// holes of less than kChunkHole included.
Result<ProcessSource::Ranges> ProcessSource::Runs(const Region& region,
                                                  uint64_t from) const {
  const bool all = ContentOf(region) == Content::kAll;
  Ranges runs;
  std::vector<uint64_t> words(8192);
  uint64_t at = from;
  while (at < region.end) {
    const uint64_t pages =
        std::min<uint64_t>((region.end - at) / kPage, words.size());
    const ssize_t got = pread(process_->pages.get(), words.data(), pages * 8,
                              static_cast<off_t>(at / kPage * 8));
    if (got < 0 && !HasEnded(errno)) return SystemError("pagemap", errno);
    if (got <= 0) break;
    const uint64_t count = static_cast<uint64_t>(got) / 8;
    for (uint64_t i = 0; i < count; ++i) {
      const bool there = (words[i] & kPresentOrSwapped) != 0 &&
                         (all || (words[i] & kOfFile) == 0);
      if (!there) continue;
      const uint64_t page = at + i * kPage;
      if (!runs.empty()) {
        const bool full = page + kPage - runs.front().first > kChunk;
        if (full || page - runs.back().second >= kChunkHole) return runs;
      }
      if (!runs.empty() && runs.back().second == page) {
        runs.back().second += kPage;
      } else {
        runs.emplace_back(page, page + kPage);
      }
    }
    at += count * kPage;
  }
  return runs;
}

// What matters from an address on; nothing where there is no more.
std::optional<ProcessSource::Chunk> ProcessSource::Copy(const Region& region,
                                                        uint64_t from) {
  const auto runs = Runs(region, from);
  Chunk chunk;
  if (!runs.ok()) {
    chunk.begin = from;
    chunk.end = region.end;
    chunk.error = runs.error().message;
    return chunk;
  }
  if (runs.value().empty()) return std::nullopt;
  chunk.begin = runs.value().front().first;
  chunk.end = runs.value().back().second;
  chunk.file.Reset(static_cast<int>(
      memfd_create("memory", MFD_CLOEXEC | MFD_ALLOW_SEALING)));
  const uint64_t size = chunk.end - chunk.begin;
  if (!chunk.file ||
      ftruncate(chunk.file.get(), static_cast<off_t>(size)) != 0) {
    chunk.error = std::strerror(errno);
    return chunk;
  }
  uint64_t copied = 0;
  for (const auto& [begin, end] : runs.value()) {
    const auto some = CopyRange(begin, end, chunk);
    if (!some.ok()) {
      chunk.error = some.error().message;
      return chunk;
    }
    copied += some.value();
  }
  if (copied == 0) {
    chunk.file.Reset();
    return chunk;
  }
  chunk.file = Sealed(std::move(chunk.file));
  if (!chunk.file) chunk.error = std::strerror(errno);
  return chunk;
}

// How much of it could be read. An error is one of ours.
Result<uint64_t> ProcessSource::CopyRange(uint64_t begin, uint64_t end,
                                          Chunk& chunk) {
  uint64_t copied = 0;
  std::vector<uint8_t> buffer(kCopyPiece);
  for (uint64_t at = begin; at < end;) {
    const ssize_t got = pread(process_->memory.get(), buffer.data(),
                              std::min<uint64_t>(end - at, buffer.size()),
                              static_cast<off_t>(at));
    if (got == 0) break;  // The process has ended.
    if (got < 0) {
      // Unmapped by now, or a page that nobody can read: what is behind it may
      // be readable.
      const uint64_t next = (at / kPage + 1) * kPage;
      if (IsThere(at)) {
        if (chunk.until == 0) chunk.lost = at;
        chunk.until = next;
      }
      at = next;
      continue;
    }
    const auto piece = static_cast<size_t>(got);
    if (pwrite(chunk.file.get(), buffer.data(), piece,
               static_cast<off_t>(at - chunk.begin)) != got) {
      return Unavailable("memory file");
    }
    at += piece;
    copied += piece;
  }
  return copied;
}

bool ProcessSource::IsThere(uint64_t address) const {
  uint64_t word = 0;
  return pread(process_->pages.get(), &word, sizeof word,
               static_cast<off_t>(address / kPage * 8)) == sizeof word &&
         (word & kPresentOrSwapped) != 0;
}

Item ProcessSource::Unseen(Item::Kind kind, std::string why, uint64_t begin,
                           uint64_t end) const {
  Item item = Make(kind, process_->program);
  item.why = std::move(why);
  item.range = RangeText(begin, end);
  return item;
}

Item ProcessSource::Make(Item::Kind kind, std::string path) const {
  Item item;
  item.kind = kind;
  item.path = std::move(path);
  item.area = options_.area;
  item.pid = static_cast<uint32_t>(process_->pid);
  item.program = process_->program;
  return item;
}

}  // namespace vitrine::tasks
