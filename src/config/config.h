// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "config/mask.h"
#include "config/schedule.h"

namespace vitrine::config {

// The whole of vitrine.toml as values; a struct a section, a member a key, the
// defaults as written here. docs/configuration.md has it for people, and a test
// holds the two together. Plain values, copied freely.

enum class GuardMode : uint8_t {
  kBlock,   // What is found cannot be opened, and is acted on.
  kNotify,  // Everything is scanned and reported; nothing is refused.
  kOff,     // Nothing is marked: the kernel does not ask.
};

// What an opener gets where there is no verdict.
enum class Access : uint8_t { kAllow, kDeny };

// The mount points of the Filesystem Hierarchy Standard that stay mounted.
std::vector<Mask> LastingMounts();

struct GuardConfig {
  GuardMode mode = GuardMode::kBlock;
  // From the kernel's question to our answer, at the latest.
  std::chrono::milliseconds deadline{5000};  // deadline_ms, 50..600000
  Access on_deadline = Access::kAllow;
  Access on_error = Access::kAllow;     // Unreadable, or a scanner died.
  Access on_limited = Access::kAllow;   // Not all of it could be looked at.
  std::vector<Mask> exclude_paths;      // Over the path that was opened.
  std::vector<Mask> exclude_mounts;     // Over mount points, and below.
  std::vector<Mask> exclude_processes;  // Over the opener's program.
  std::vector<Mask> exclude_rules;      // Over rule names: found is clean.
  // Where not empty, only mount points that match are watched.
  std::vector<Mask> watch_only;
  // Mount points whose files may be pinned, so that the kernel answers for
  // known ones by itself. They cannot be unmounted while the guard runs.
  std::vector<Mask> lasting_mounts = LastingMounts();
  bool containers = true;  // Look into other mount namespaces.
  // Opens waiting for a scanner. One more is answered by on_deadline.
  uint32_t max_scan_queue = 16384;  // 16..1000000
};

struct ScannerConfig {
  uint32_t count = 0;              // 0: as many as there are processors. ..256
  uint32_t memory_mb = 2048;       // Of one scanner. 64..1048576
  uint32_t cpu_percent = 0;        // Of one processor, for all; 0: no bound.
  bool require_full_cage = false;  // Refuse to start without a part of it.
};

enum class LimitedReply : uint8_t { kError, kFound };

struct DoormanConfig {
  std::string unix_socket;           // "": run/vitrine/clamd.ctl.
  uint32_t unix_mode = 0666;         // Of the socket.
  std::vector<std::string> tcp;      // "ADDRESS:PORT"; none by default.
  uint64_t stream_max_length = 100;  // stream_max_length_mb. 1..1048576
  std::chrono::seconds command_read_timeout{30};  // ..._s, 1..3600
  std::chrono::seconds read_timeout{120};         // ..._s, 1..3600
  std::chrono::seconds idle_timeout{30};          // ..._s, 1..3600
  uint32_t max_connections = 10000;               // 1..100000
  uint32_t max_connections_per_peer = 5000;       // 1..100000
  uint32_t max_queue = 1000;  // Samples at scanners at one time. 1..100000
  bool allow_shutdown = false;
  bool follow_links = false;
  uint32_t max_directory_recursion = 15;  // 1..256
  // What a client is told of a sample that was not looked at in full.
  LimitedReply limited = LimitedReply::kError;
  bool unofficial_suffix = true;  // On names of signatures.
};

// One rung of the ladder: tried in turn until one succeeds. The last resort is
// always to refuse the open.
enum class Action : uint8_t { kQuarantine, kDelete, kBlock, kNotify };

struct Ladder {
  std::vector<Mask> rules;  // Over rule names.
  std::vector<Action> actions;
};

struct QuarantineConfig {
  uint32_t max_age_days = 90;   // 0: no bound.
  uint32_t max_size_mb = 4096;  // Of the whole store; 0: no bound.
  // [[quarantine.ladder]]; the first one whose `rules` match is taken.
  std::vector<Ladder> ladders;
  // quarantine.actions: where no ladder matches.
  std::vector<Action> actions = {Action::kQuarantine, Action::kBlock};
};

struct EventsConfig {
  uint32_t retention_days = 90;  // 1..36500
  uint32_t max_size_mb = 512;    // 1..1048576
  bool journald = true;
};

// Where new databases come from, and how they are asked for.
struct UpdateConfig {
  std::vector<std::string> mirrors;   // "https://HOST[:PORT]/PATH/", in turn.
  std::string proxy;                  // "http://HOST:PORT"; "": none.
  std::string authorities;            // File or folder; "": the system's.
  std::chrono::minutes interval{60};  // interval_minutes, 5..10080
  std::chrono::seconds connect_timeout{15};  // ..._s, 1..600
  std::chrono::seconds file_timeout{600};    // ..._s, 5..86400
  std::chrono::seconds job_timeout{3600};    // ..._s, 5..86400
  uint32_t min_rate = 100;  // min_rate_bytes: a second, over 20 s. 0..1000000
  uint32_t job_max_mb = 4096;  // Of all files of one job. 1..1048576
  uint32_t attempts = 3;       // Rounds over all mirrors. 1..20
};

enum class TaskType : uint8_t {
  kFull,
  kCustom,
  kCritical,
  kMemory,
  kRemovable
};
enum class IoClass : uint8_t { kNormal, kBestEffort, kIdle };

// [tasks.NAME]
struct TaskConfig {
  std::string name;  // Lower-case letters, digits, '-'; at most 64.
  TaskType type = TaskType::kFull;
  // kCustom: what to look at, at least one; kRemovable: mount points, any if
  // none is named. Full paths; one with `*` or `?` is a mask.
  std::vector<Mask> paths;
  std::vector<Mask> only;  // Where not empty, other files are left out.
  std::vector<Mask> exclude_paths;  // Files and folders left out.
  Schedule schedule;
  std::chrono::minutes random_delay{0};  // random_delay_minutes, ..1440
  bool run_missed = true;
  bool after_update = false;
  int nice = 10;             // 0..19
  uint32_t cpu_percent = 0;  // Of one processor; 0: no bound.
  IoClass io = IoClass::kIdle;
};

struct Config {
  GuardConfig guard;
  ScannerConfig scanner;
  DoormanConfig doorman;
  QuarantineConfig quarantine;
  EventsConfig events;
  UpdateConfig update;
  std::vector<TaskConfig> tasks;  // By name.
};

}  // namespace vitrine::config
