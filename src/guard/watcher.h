// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "guard/gate.h"
#include "mounts/mount_table.h"

namespace vitrine::guard {

using mounts::FilesystemRule;
using mounts::Mount;
using mounts::ParseMounts;
using mounts::RuleOf;
using response::EventSink;

// One mount, and whether it is watched, as `vitrine status` shows it.
struct Coverage {
  std::string point;
  std::string type;
  std::string device;
  uint64_t space = 0;  // Mount namespace; 0 is the guard's own.
  bool watched = false;
  std::string why_not;  // Of what is not watched.
  // What should be watched and is not: the status is degraded by it.
  bool failed = false;
  // Of watched ones: "seen" (an own open came back as a question), or why this
  // could not be tried.
  std::string proof;
};

// Keeps the marks in line with the mounts, in all mount namespaces: one thread,
// woken by the kernel for mounts of our own namespace, looking into the others
// every kNamespaceScan. It opens files, so it is not the reader. What is public
// is thread-safe.
class Watcher {
 public:
  struct Parts {
    Fanotify& permission;
    Fanotify& notice;
    Gate& gate;
    EventSink& sink;
    SharedState& shared;
  };
  static std::unique_ptr<Watcher> Start(Parts parts);
  ~Watcher() = default;  // Stops and joins; marks stay with the groups.

  std::vector<Coverage> coverage() const;
  // Namespaces beyond kNamespacesMax, and lines of tables left out.
  uint64_t unseen() const;
  // Looks again now, by another configuration or mode; returns when done.
  void Refresh();

 private:
  // A mount namespace. No descriptor of it is held: that would keep a
  // container's file systems alive after its end.
  struct Space {
    uint64_t id = 0;     // 0: our own.
    std::string folder;  // "/proc/self" or that of a process in it.
    std::string table;   // As last read.
    std::vector<Coverage> coverage;
    std::vector<Mount> mounts;  // While they are looked at; as coverage.
  };
  // An overlay is made of files of other file systems.
  enum class Kind : uint8_t { kPlain, kStacked };
  // Whether opens in it are seen as opens in its layers.
  enum class Layers : uint8_t { kNotSeen, kSeen, kPartly, kUntried };

  explicit Watcher(Parts parts) : parts_(parts) {}

  void Run(std::stop_token stop);
  void Look();
  void FindSpaces();
  Status ReadTableOf(Space& space, bool anew);
  void LookInto(Space& space, Kind kind);
  Layers TryLayers(int place);
  void UnmarkStacked();
  Coverage Consider(int root, const Mount& mount);
  Status Mark(int root, const Mount& mount, Coverage& coverage);
  void Unmark();
  std::string Prove(int place);
  void FindLasting(const std::vector<Mount>& mounts);
  void Publish();
  void Tell(const Coverage& coverage);

  const Parts parts_;
  std::vector<Space> spaces_;  // The first is our own.
  std::unordered_map<std::string, std::string> proofs_;  // By device.
  std::unordered_set<std::string> told_;  // Failures that have been told.
  Gate::Config config_;                   // Of the last look.
  Deadline::Clock::time_point proven_at_{};
  uint64_t unseen_now_ = 0;
  std::unordered_set<std::string> marked_;  // Devices that are not stacked.
  bool nests_ = false;                      // This kernel asks about layers.
  bool again_ = false;

  mutable std::mutex mutex_;  // Guards all below.
  std::vector<Coverage> coverage_;
  uint64_t unseen_ = 0;
  uint64_t wanted_ = 1;  // Looks asked for,
  uint64_t done_ = 0;    // and finished.
  std::condition_variable_any changed_;

  std::jthread thread_;
};

}  // namespace vitrine::guard
