// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "tasks/item.h"
#include "tasks/mounts_by_id.h"
#include "tasks/process_map.h"

namespace vitrine::tasks {

// Goes through running processes by rising number: the files that each executes
// from, once for all processes and deleted ones too, and where asked for its
// memory: pages that no file shows, copied into memory files of kChunk bytes at
// most, for a scanner to look at. Copies bytes and looks at none.
//
// Needs CAP_SYS_PTRACE and CAP_SYS_ADMIN, for processes of others. Leaves out
// our own programs, which hold the rules; kernel threads have no memory. A
// position is the number of a process that is done with. What of a process
// cannot be looked at while it lives is an item that says so, with the range
// where it is memory. Thread-compatible; holds one chunk.
class ProcessSource : public Source {
 public:
  struct Options {
    bool memory = false;   // Else executed files alone.
    std::string area;      // Of the items.
    std::string position;  // Empty: from the first process on.
    // Programs "vitrine*" in these are ours.
    std::vector<std::string> own_folders;
    std::string processes = "/proc";
    std::function<bool(const Fingerprint&)> is_clean;
  };
  explicit ProcessSource(Options options);

  std::optional<Item> Next() override;

 private:
  struct Process {
    pid_t pid = 0;
    UniqueFd folder;  // Its /proc/PID: of this process and no later one.
    UniqueFd memory;
    UniqueFd pages;
    std::string program;
    std::vector<Region> regions;
    bool cut = false;   // There are more of them.
    size_t file = 0;    // Next region whose file is looked at,
    size_t region = 0;  // whose memory is,
    uint64_t at = 0;    // and from which address on.
  };
  struct Chunk {
    uint64_t begin = 0;
    uint64_t end = 0;
    UniqueFd file;       // None: nothing could be copied.
    std::string error;   // Why not; empty: all of it has gone.
    uint64_t lost = 0;   // Pages that are there and cannot be read lie from
    uint64_t until = 0;  // the one address to the other.
  };

  void FindOwn();
  void FindProcesses();
  std::optional<Process> Open(pid_t pid, std::string& why) const;
  bool OpenMemory(Process& process, std::string& why) const;
  bool IsOwn(const Process& process) const;
  std::optional<Item> NextFile();
  bool MayRemember(const Item& item);
  void LookUp(Item& item) const;
  std::optional<Item> NextMemory();
  using Ranges = std::vector<std::pair<uint64_t, uint64_t>>;
  Result<Ranges> Runs(const Region& region, uint64_t from) const;
  std::optional<Item> ItemOf(Chunk chunk);
  std::optional<Chunk> Copy(const Region& region, uint64_t from);
  Result<uint64_t> CopyRange(uint64_t begin, uint64_t end, Chunk& chunk);
  bool IsThere(uint64_t address) const;
  Item Make(Item::Kind kind, std::string path) const;
  Item Unseen(Item::Kind kind, std::string why, uint64_t begin,
              uint64_t end) const;

  const Options options_;
  std::set<std::pair<uint64_t, uint64_t>> own_;    // Device and inode.
  std::set<std::pair<uint64_t, uint64_t>> files_;  // Looked at.
  MountsById mounts_;
  std::map<uint64_t, bool> media_;  // Whether a device is one.
  std::deque<pid_t> pids_;
  std::optional<Process> process_;
  std::deque<Item> ready_;  // Come next.
};

}  // namespace vitrine::tasks
