// SPDX-License-Identifier: Apache-2.0
#include "config/reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/text.h"
#include "base/unique_fd.h"
#include "config/limits.h"
#include "config/section.h"

namespace vitrine::config {
namespace {

const Section::Words<Access> kAccess = {{"allow", Access::kAllow},
                                        {"deny", Access::kDeny}};
const Section::Words<Action> kActions = {{"quarantine", Action::kQuarantine},
                                         {"delete", Action::kDelete},
                                         {"block", Action::kBlock},
                                         {"notify", Action::kNotify}};

class Reader {
 public:
  explicit Reader(std::vector<Problem>& problems) : problems_(problems) {}

  Config Read(const Node& root) {
    Config config;
    Section top(root, "", problems_);
    if (const Node* node = Table(top, "guard")) Guard(*node, config.guard);
    if (const Node* node = Table(top, "scanner")) {
      Scanner(*node, config.scanner);
    }
    if (const Node* node = Table(top, "doorman")) {
      Doorman(*node, config.doorman);
    }
    if (const Node* node = Table(top, "quarantine")) {
      Quarantine(*node, config.quarantine);
    }
    if (const Node* node = Table(top, "events")) Events(*node, config.events);
    if (const Node* node = Table(top, "update")) Update(*node, config.update);
    if (const Node* node = Table(top, "tasks")) Tasks(*node, config.tasks);
    top.End();
    return config;
  }

 private:
  const Node* Table(Section& section, std::string_view key) {
    return section.Take(key, Node::Kind::kTable);
  }

  void Guard(const Node& table, GuardConfig& guard) {
    Section section(table, "guard", problems_);
    section.Word("mode",
                 {{"block", GuardMode::kBlock},
                  {"notify", GuardMode::kNotify},
                  {"off", GuardMode::kOff}},
                 guard.mode);
    section.Time("deadline_ms", 50, 600000, guard.deadline);
    section.Word("on_deadline", kAccess, guard.on_deadline);
    section.Word("on_error", kAccess, guard.on_error);
    section.Word("on_limited", kAccess, guard.on_limited);
    section.PathMasks("exclude_paths", guard.exclude_paths);
    section.PathMasks("exclude_mounts", guard.exclude_mounts);
    section.PathMasks("exclude_processes", guard.exclude_processes);
    section.Masks("exclude_rules", guard.exclude_rules);
    section.PathMasks("watch_only", guard.watch_only);
    section.PathMasks("lasting_mounts", guard.lasting_mounts);
    section.Bool("containers", guard.containers);
    section.Number("max_scan_queue", 16, 1000000, guard.max_scan_queue);
    section.End();
  }

  void Scanner(const Node& table, ScannerConfig& scanner) {
    Section section(table, "scanner", problems_);
    section.Number("count", 0, 256, scanner.count);
    section.Number("memory_mb", 64, 1048576, scanner.memory_mb);
    section.Number("cpu_percent", 0, 25600, scanner.cpu_percent);
    section.Bool("require_full_cage", scanner.require_full_cage);
    section.End();
  }

  void Doorman(const Node& table, DoormanConfig& doorman) {
    Section section(table, "doorman", problems_);
    section.Text("unix_socket", doorman.unix_socket);
    if (!doorman.unix_socket.empty() && doorman.unix_socket[0] != '/') {
      section.Complain(table.line, "unix_socket", "must be a full path");
    }
    section.Number("unix_mode", 0, 0777, doorman.unix_mode);
    section.Texts("tcp", doorman.tcp);
    for (const std::string& address : doorman.tcp) {
      if (!IsAddress(address)) {
        section.Complain(LineOf(table, "tcp"), "tcp",
                         "has \"" + address + "\": write ADDRESS:PORT");
      }
    }
    section.Number("stream_max_length_mb", 1, 1048576,
                   doorman.stream_max_length);
    section.Time("command_read_timeout_s", 1, 3600,
                 doorman.command_read_timeout);
    section.Time("read_timeout_s", 1, 3600, doorman.read_timeout);
    section.Time("idle_timeout_s", 1, 3600, doorman.idle_timeout);
    section.Number("max_connections", 1, 100000, doorman.max_connections);
    section.Number("max_connections_per_peer", 1, 100000,
                   doorman.max_connections_per_peer);
    section.Number("max_queue", 1, 100000, doorman.max_queue);
    section.Bool("allow_shutdown", doorman.allow_shutdown);
    section.Bool("follow_links", doorman.follow_links);
    section.Number("max_directory_recursion", 1, 256,
                   doorman.max_directory_recursion);
    section.Word<LimitedReply>(
        "limited",
        {{"error", LimitedReply::kError}, {"found", LimitedReply::kFound}},
        doorman.limited);
    section.Bool("unofficial_suffix", doorman.unofficial_suffix);
    section.End();
  }

  void Quarantine(const Node& table, QuarantineConfig& quarantine) {
    Section section(table, "quarantine", problems_);
    section.Number("max_age_days", 0, 36500, quarantine.max_age_days);
    section.Number("max_size_mb", 0, 1048576, quarantine.max_size_mb);
    section.WordList("actions", kActions, quarantine.actions);
    const Node* list = section.Take("ladder", Node::Kind::kList);
    if (list != nullptr && list->items.size() > kListMax) {
      section.Complain(list->line, "ladder", "has too many entries");
    } else if (list != nullptr) {
      for (const Node& item : list->items) {
        if (item.kind != Node::Kind::kTable) {
          section.Complain(item.line, "ladder", "must be a list of tables");
          continue;
        }
        quarantine.ladders.push_back(ReadLadder(item));
      }
    }
    section.End();
  }

  Ladder ReadLadder(const Node& table) {
    Ladder ladder;
    Section section(table, "quarantine.ladder", problems_);
    section.Masks("rules", ladder.rules);
    section.WordList("actions", kActions, ladder.actions);
    if (LineOf(table, "rules") == 0) {
      section.Complain(table.line, "rules", "is missing");
    }
    if (LineOf(table, "actions") == 0) {
      section.Complain(table.line, "actions", "is missing");
    }
    section.End();
    return ladder;
  }

  void Events(const Node& table, EventsConfig& events) {
    Section section(table, "events", problems_);
    section.Number("retention_days", 1, 36500, events.retention_days);
    section.Number("max_size_mb", 1, 1048576, events.max_size_mb);
    section.Bool("journald", events.journald);
    section.End();
  }

  void Update(const Node& table, UpdateConfig& update) {
    Section section(table, "update", problems_);
    section.Texts("mirrors", update.mirrors);
    for (const std::string& mirror : update.mirrors) {
      if (!IsBase(mirror, "https://") && !IsBase(mirror, "http://")) {
        section.Complain(LineOf(table, "mirrors"), "mirrors",
                         "has \"" + mirror + "\": write https://HOST/PATH/");
      }
    }
    section.Text("proxy", update.proxy);
    if (!update.proxy.empty() && !IsProxy(update.proxy)) {
      section.Complain(LineOf(table, "proxy"), "proxy",
                       "must be http://HOST:PORT");
    }
    section.Text("authorities", update.authorities);
    if (!update.authorities.empty() && update.authorities[0] != '/') {
      section.Complain(LineOf(table, "authorities"), "authorities",
                       "must be a full path");
    }
    section.Time("interval_minutes", 5, 10080, update.interval);
    section.Time("connect_timeout_s", 1, 600, update.connect_timeout);
    section.Time("file_timeout_s", 5, 86400, update.file_timeout);
    section.Time("job_timeout_s", 5, 86400, update.job_timeout);
    section.Number("min_rate_bytes", 0, 1000000, update.min_rate);
    section.Number("job_max_mb", 1, 1048576, update.job_max_mb);
    section.Number("attempts", 1, 20, update.attempts);
    section.End();
  }

  void Tasks(const Node& table, std::vector<TaskConfig>& tasks) {
    for (const auto& [name, line, value] : table.entries) {
      if (value.kind != Node::Kind::kTable || !IsTaskName(name)) {
        problems_.push_back(
            {line, "tasks." + name +
                       " must be a table, named by a-z, 0-9 and - alone"});
        continue;
      }
      tasks.push_back(ReadTask(value, name, line));
    }
    std::sort(tasks.begin(), tasks.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
  }

  TaskConfig ReadTask(const Node& table, const std::string& name,
                      uint32_t line) {
    TaskConfig task;
    task.name = name;
    Section section(table, "tasks." + name, problems_);
    section.Word("type",
                 {{"full", TaskType::kFull},
                  {"custom", TaskType::kCustom},
                  {"critical", TaskType::kCritical},
                  {"memory", TaskType::kMemory},
                  {"removable", TaskType::kRemovable}},
                 task.type);
    section.PathMasks("paths", task.paths);
    section.PathMasks("only", task.only);
    section.PathMasks("exclude_paths", task.exclude_paths);
    std::string schedule;
    section.Text("schedule", schedule);
    if (LineOf(table, "schedule") != 0) {
      auto parsed = Schedule::Parse(schedule);
      if (parsed.ok()) task.schedule = parsed.value();
      if (!parsed.ok()) {
        section.Complain(LineOf(table, "schedule"), "schedule",
                         "is wrong: " + parsed.error().message);
      }
    }
    section.Time("random_delay_minutes", 0, 1440, task.random_delay);
    section.Bool("run_missed", task.run_missed);
    section.Bool("after_update", task.after_update);
    section.Number("nice", 0, 19, task.nice);
    section.Number("cpu_percent", 0, 25600, task.cpu_percent);
    section.Word("io",
                 {{"normal", IoClass::kNormal},
                  {"best-effort", IoClass::kBestEffort},
                  {"idle", IoClass::kIdle}},
                 task.io);
    CheckTask(table, line, task, section);
    section.End();
    return task;
  }

  void CheckTask(const Node& table, uint32_t line, const TaskConfig& task,
                 Section& section) {
    if (LineOf(table, "type") == 0) {
      section.Complain(line, "type", "is missing");
    }
    const bool custom = task.type == TaskType::kCustom;
    const bool removable = task.type == TaskType::kRemovable;
    if (custom && task.paths.empty()) {
      section.Complain(line, "paths", "is missing");
    }
    if (!custom && !removable && LineOf(table, "paths") != 0) {
      section.Complain(LineOf(table, "paths"), "paths",
                       "is for custom and removable tasks alone");
    }
    for (const Mask& path : task.paths) {
      if (path.text().starts_with('/')) continue;
      section.Complain(LineOf(table, "paths"), "paths",
                       "has \"" + path.text() + "\": write a full path");
    }
    if (removable && task.schedule.kind != Schedule::Kind::kManual) {
      section.Complain(LineOf(table, "schedule"), "schedule",
                       "is not for removable tasks: they start with a medium");
    }
  }

  static bool IsTaskName(const std::string& name) {
    return !name.empty() && name.size() <= 64 &&
           std::all_of(name.begin(), name.end(), [](char c) {
             return IsDigit(static_cast<uint8_t>(c)) || c == '-' ||
                    (c >= 'a' && c <= 'z');
           });
  }

  static bool IsAddress(std::string_view text) {
    const size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    const auto port = ParseDecimal(text.substr(colon + 1));
    return port && *port >= 1 && *port <= 65535;
  }

  // A URL that names can be put behind. The courier looks more closely.
  static bool IsBase(std::string_view text, std::string_view scheme) {
    return text.starts_with(scheme) && text.size() > scheme.size() + 1 &&
           text.ends_with('/') && text.find_first_of("?#@ ") == text.npos;
  }

  static bool IsProxy(std::string_view text) {
    constexpr std::string_view kScheme = "http://";
    return text.starts_with(kScheme) && IsAddress(text.substr(kScheme.size()));
  }

  // The line of `key`, 0 where it is absent.
  static uint32_t LineOf(const Node& table, std::string_view key) {
    for (const auto& entry : table.entries) {
      if (entry.key == key) return entry.line;
    }
    return 0;
  }

  std::vector<Problem>& problems_;
};

// The whole of a small file; nullopt-like kNotFound where there is none.
Result<std::string> ReadTrusted(const std::string& path, unsigned owner) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) {
    return Error{errno == ENOENT ? Code::kNotFound : Code::kDenied,
                 path + ": " + std::strerror(errno)};
  }
  struct stat facts;
  if (fstat(fd.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
    return Error{Code::kInvalid, path + ": not a file"};
  }
  const bool theirs = facts.st_uid != 0 && facts.st_uid != owner;
  if (theirs || (facts.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Error{Code::kDenied, path + ": others may write it"};
  }
  std::string text(kFileSizeMax + 1, '\0');
  size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = read(fd.get(), text.data() + size, text.size() - size);
    if (got < 0) return Error{Code::kDenied, path + ": cannot be read"};
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  text.resize(size);
  return text;
}

}  // namespace

Config ReadConfig(std::string_view text, std::vector<Problem>& problems) {
  const Node tree = ParseTree(text, problems);
  if (!problems.empty() && tree.entries.empty()) return {};
  Config config = Reader(problems).Read(tree);
  std::stable_sort(
      problems.begin(), problems.end(),
      [](const auto& a, const auto& b) { return a.line < b.line; });
  return config;
}

std::string Describe(const std::string& file,
                     const std::vector<Problem>& problems) {
  std::string text;
  for (size_t i = 0; i < problems.size(); ++i) {
    if (i > 0) text += "\n";
    if (i == kProblemsMax) {
      return text + file + ": and " + std::to_string(problems.size() - i) +
             " more";
    }
    text += file + ":" + std::to_string(problems[i].line) + ": " +
            problems[i].message;
  }
  return text;
}

Result<Config> LoadConfig(const Paths& paths, unsigned trusted_owner) {
  const std::string file = paths.ConfigFile();
  const auto text = ReadTrusted(file, trusted_owner);
  if (!text.ok()) {
    if (text.error().code == Code::kNotFound) return Config{};
    return text.error();
  }
  std::vector<Problem> problems;
  Config config = ReadConfig(text.value(), problems);
  if (!problems.empty()) {
    return Error{Code::kInvalid, Describe(file, problems)};
  }
  return config;
}

}  // namespace vitrine::config
