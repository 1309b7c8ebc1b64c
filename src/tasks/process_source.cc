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

#include "base/text.h"
#include "base/wall_clock.h"
#include "base/write_all.h"
#include "tasks/limits.h"
#include "tasks/media.h"

namespace vitrine::tasks {
namespace {

constexpr uint64_t kPage = 4096;

std::string ReadText(int folder, const char* name, size_t most) {
  const UniqueFd file(openat(folder, name, O_RDONLY | O_CLOEXEC));
  std::string text;
  char buffer[65536];
  ssize_t got;
  while (file && text.size() < most &&
         (got = read(file.get(), buffer, sizeof buffer)) > 0) {
    text.append(buffer, static_cast<size_t>(got));
  }
  return text;
}

std::string ReadLink(int folder, const char* name) {
  char buffer[PATH_MAX];
  const ssize_t size = readlinkat(folder, name, buffer, sizeof buffer);
  return size > 0 ? std::string(buffer, static_cast<size_t>(size)) : "";
}

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
  if (folder == nullptr) return;
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
  // Kernel threads have none; a zombie has none any more.
  if (process.program.empty() || IsOwn(process)) return std::nullopt;
  process.regions = ParseMaps(ReadText(folder, "maps", kMapsBytesMax));
  if (options_.memory) {
    process.memory.Reset(openat(folder, "mem", O_RDONLY | O_CLOEXEC));
    if (!process.memory) {
      if (errno == EACCES || errno == EPERM) why = std::strerror(errno);
      return std::nullopt;
    }
    process.pages.Reset(openat(folder, "pagemap", O_RDONLY | O_CLOEXEC));
  }
  return process;
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
        Item item = Make(Item::Kind::kMemory, process.program);
        item.file = std::move(chunk->file);
        const auto facts = response::FactsOf(item.file.get());
        if (facts.ok()) item.facts = facts.value();
        item.range = RangeText(chunk->begin, chunk->end);
        return item;
      }
    }
    ++process.region;
    process.at = 0;
  }
  return std::nullopt;
}

// Where, from an address on, there are pages that matter: of at most one chunk,
// holes of less than kChunkHole included.
std::vector<std::pair<uint64_t, uint64_t>> ProcessSource::Runs(
    const Region& region, uint64_t from) const {
  constexpr uint64_t kPresentOrSwapped = uint64_t{3} << 62;
  constexpr uint64_t kOfFile = uint64_t{1} << 61;
  const bool all = ContentOf(region) == Content::kAll;
  std::vector<std::pair<uint64_t, uint64_t>> runs;
  std::vector<uint64_t> words(8192);
  uint64_t at = from;
  while (at < region.end) {
    const uint64_t pages =
        std::min<uint64_t>((region.end - at) / kPage, words.size());
    const ssize_t got = pread(process_->pages.get(), words.data(), pages * 8,
                              static_cast<off_t>(at / kPage * 8));
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

std::optional<ProcessSource::Chunk> ProcessSource::Copy(const Region& region,
                                                        uint64_t from) {
  while (from < region.end) {
    const auto runs = Runs(region, from);
    if (runs.empty()) return std::nullopt;
    Chunk chunk;
    chunk.begin = runs.front().first;
    chunk.end = runs.back().second;
    from = chunk.end;
    UniqueFd file(static_cast<int>(
        memfd_create("memory", MFD_CLOEXEC | MFD_ALLOW_SEALING)));
    const uint64_t size = chunk.end - chunk.begin;
    if (!file || ftruncate(file.get(), static_cast<off_t>(size)) != 0) {
      return std::nullopt;
    }
    uint64_t copied = 0;
    std::vector<uint8_t> buffer(kCopyPiece);
    for (const auto& [begin, end] : runs) {
      for (uint64_t at = begin; at < end;) {
        const ssize_t got = pread(process_->memory.get(), buffer.data(),
                                  std::min<uint64_t>(end - at, buffer.size()),
                                  static_cast<off_t>(at));
        // Unmapped by now, or pages that nobody can read.
        if (got <= 0) break;
        const auto piece = static_cast<size_t>(got);
        if (pwrite(file.get(), buffer.data(), piece,
                   static_cast<off_t>(at - chunk.begin)) != got) {
          return std::nullopt;
        }
        at += piece;
        copied += piece;
      }
    }
    if (copied == 0) continue;
    chunk.file = Sealed(std::move(file));
    if (!chunk.file) return std::nullopt;
    return chunk;
  }
  return std::nullopt;
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
