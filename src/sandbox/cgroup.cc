// SPDX-License-Identifier: Apache-2.0
#include "sandbox/cgroup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <optional>
#include <string_view>

#include "base/system_error.h"
#include "base/text.h"
#include "base/unique_fd.h"

namespace vitrine::sandbox {
namespace {

// The kernel's own period for sharing out processor time, in microseconds.
constexpr uint64_t kCpuPeriod = 100000;

// One bound in both versions of the interface.
struct Bound {
  const char* controller;
  std::vector<std::pair<const char*, std::string>> version_1;
  std::vector<std::pair<const char*, std::string>> version_2;
  // Of files that only some kernels have; not being there is no failure.
  const char* optional_file = "";
};

std::vector<Bound> BoundsOf(const CgroupLimits& limits) {
  std::vector<Bound> bounds;
  if (limits.memory != 0) {
    const std::string bytes = std::to_string(limits.memory);
    bounds.push_back({"memory",
                      {{"memory.limit_in_bytes", bytes}},
                      {{"memory.max", bytes}, {"memory.swap.max", "0"}},
                      "memory.swap.max"});
  }
  if (limits.cpu_percent != 0) {
    const std::string quota =
        std::to_string(kCpuPeriod / 100 * limits.cpu_percent);
    const std::string period = std::to_string(kCpuPeriod);
    bounds.push_back(
        {"cpu",
         {{"cpu.cfs_period_us", period}, {"cpu.cfs_quota_us", quota}},
         {{"cpu.max", quota + ' ' + period}}});
  }
  if (limits.processes != 0) {
    const std::string number = std::to_string(limits.processes);
    bounds.push_back({"pids", {{"pids.max", number}}, {{"pids.max", number}}});
  }
  return bounds;
}

bool Contains(std::string_view list, char separator, std::string_view word) {
  const auto words = Split(list, separator);
  return std::find(words.begin(), words.end(), word) != words.end();
}

// A mounted tree of groups.
struct Hierarchy {
  std::string mount_point;
  std::string root;     // The group that the mount point shows.
  std::string options;  // Of version 1: its controllers, among others.
  bool version_2;
};

// mountinfo(5): fields up to a lone dash, then type, source and options.
std::vector<Hierarchy> MountedHierarchies() {
  std::vector<Hierarchy> hierarchies;
  std::ifstream file("/proc/self/mountinfo");
  for (std::string line; std::getline(file, line);) {
    const auto fields = Split(line, ' ');
    const auto dash = std::find(fields.begin(), fields.end(), "-");
    if (fields.size() < 6 || fields.end() - dash < 4) continue;
    const std::string_view type = dash[1];
    if (type != "cgroup" && type != "cgroup2") continue;
    hierarchies.push_back({std::string(fields[4]), std::string(fields[3]),
                           std::string(dash[3]), type == "cgroup2"});
  }
  return hierarchies;
}

// The caller's group for a controller; of version 2 if that is empty.
std::optional<std::string> OwnGroup(std::string_view controller) {
  std::ifstream file("/proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    const size_t first = line.find(':');
    const size_t second = line.find(':', first + 1);
    if (first == line.npos || second == line.npos) continue;
    const std::string_view names =
        std::string_view(line).substr(first + 1, second - first - 1);
    if (controller.empty() ? names.empty() : Contains(names, ',', controller)) {
      return line.substr(second + 1);
    }
  }
  return std::nullopt;
}

// Folders in which a group for `controller` could be made, the better first:
// the caller's own group, and the top, which alone may hold both processes and
// groups with bounds.
std::vector<std::string> Parents(const Hierarchy& hierarchy,
                                 std::string_view controller) {
  std::vector<std::string> parents;
  const std::optional<std::string> own =
      OwnGroup(hierarchy.version_2 ? std::string_view() : controller);
  if (own && *own != hierarchy.root) {
    const std::string_view above =
        hierarchy.root == "/" ? std::string_view() : hierarchy.root;
    if (own->starts_with(above)) {
      parents.push_back(hierarchy.mount_point + own->substr(above.size()));
    }
  }
  parents.push_back(hierarchy.mount_point);
  return parents;
}

bool WriteTo(const std::string& path, const std::string& text) {
  const UniqueFd file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  return file && write(file.get(), text.data(), text.size()) ==
                     static_cast<ssize_t>(text.size());
}

bool WriteBound(const std::string& folder, const Bound& bound, bool version_2) {
  for (const auto& [name, value] :
       version_2 ? bound.version_2 : bound.version_1) {
    if (WriteTo(folder + '/' + name, value)) continue;
    if (std::string_view(name) != bound.optional_file || errno != ENOENT) {
      return false;
    }
  }
  return true;
}

// Makes a group with this bound; the folder, or nothing.
std::optional<std::string> MakeGroup(const Hierarchy& hierarchy,
                                     const std::string& name,
                                     const Bound& bound) {
  for (const std::string& parent : Parents(hierarchy, bound.controller)) {
    if (hierarchy.version_2) {
      // Fails where the controller is bound to version 1, and in a group that
      // holds processes.
      WriteTo(parent + "/cgroup.subtree_control",
              std::string("+") + bound.controller);
    }
    const std::string folder = parent + '/' + name;
    const bool made = mkdir(folder.c_str(), 0755) == 0;
    if (!made && errno != EEXIST) continue;
    if (WriteBound(folder, bound, hierarchy.version_2)) return folder;
    if (made) rmdir(folder.c_str());
  }
  return std::nullopt;
}

}  // namespace

Result<Cgroup> Cgroup::Create(const std::string& name,
                              const CgroupLimits& limits) {
  if (name.empty() || name.find('/') != name.npos || name.front() == '.') {
    return Error{Code::kInvalid, "name of a cgroup"};
  }
  const std::vector<Hierarchy> hierarchies = MountedHierarchies();
  Cgroup cgroup;
  for (const Bound& bound : BoundsOf(limits)) {
    std::optional<std::string> folder;
    for (const Hierarchy& hierarchy : hierarchies) {
      if (folder) break;
      if (hierarchy.version_2 ||
          Contains(hierarchy.options, ',', bound.controller)) {
        folder = MakeGroup(hierarchy, name, bound);
      }
    }
    if (!folder) {
      if (!cgroup.missing_.empty()) cgroup.missing_ += ", ";
      cgroup.missing_ += bound.controller;
    } else if (std::find(cgroup.folders_.begin(), cgroup.folders_.end(),
                         *folder) == cgroup.folders_.end()) {
      cgroup.folders_.push_back(*folder);
    }
  }
  if (cgroup.folders_.empty()) {
    return Error{Code::kUnavailable,
                 "no cgroup can be had to bound: " + cgroup.missing_};
  }
  return cgroup;
}

Cgroup::~Cgroup() {
  for (const std::string& folder : folders_) rmdir(folder.c_str());
}

Status Cgroup::Add(pid_t pid) const {
  for (const std::string& folder : folders_) {
    const std::string path = folder + "/cgroup.procs";
    if (!WriteTo(path, std::to_string(pid))) {
      return SystemError(path.c_str(), errno);
    }
  }
  return Ok();
}

}  // namespace vitrine::sandbox
