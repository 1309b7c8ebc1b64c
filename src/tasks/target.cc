// SPDX-License-Identifier: Apache-2.0
#include "tasks/target.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "tasks/limits.h"

namespace vitrine::tasks {
namespace {

// A path with stars is a mask below the folder that is plain; one without is
// itself.
Target TargetOf(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  Target target;
  const size_t star = path.find_first_of("*?\\");
  if (star == std::string::npos) {
    target.base = std::move(path);
    return target;
  }
  const size_t slash = path.rfind('/', star);
  target.base = slash == 0 ? "/" : path.substr(0, slash);
  target.mask = std::move(path);
  return target;
}

}  // namespace

bool IsProcesses(const Target& target, config::TaskType type) {
  const bool looks =
      type == config::TaskType::kCritical || type == config::TaskType::kMemory;
  return looks && target.base == kProcesses;
}

std::vector<Target> TargetsOf(const std::vector<config::Mask>& paths) {
  std::vector<Target> targets;
  for (const config::Mask& path : paths) {
    Target target = TargetOf(path.text());
    target.cross = true;
    target.required = true;
    targets.push_back(std::move(target));
  }
  return targets;
}

std::vector<Target> TargetsOf(const std::vector<mounts::Mount>& mounts) {
  // Of two mounts on one point the later one is seen.
  std::map<std::string, const mounts::Mount*> seen;
  for (const mounts::Mount& mount : mounts) seen[mount.point] = &mount;
  std::map<std::string, const mounts::Mount*> whole;  // By device.
  for (const auto& [point, mount] : seen) {
    if (mount->root == "/") whole.try_emplace(mount->device, mount);
  }
  std::vector<Target> targets;
  for (const auto& [point, mount] : seen) {
    if (!mounts::RuleOf(mount->type).watched) continue;
    const auto known = whole.find(mount->device);
    if (known != whole.end() && known->second != mount) continue;
    if (targets.size() == kTargetsMax) break;
    targets.push_back({point, "", "", false, false});
  }
  return targets;
}

std::vector<Target> CriticalTargets(const std::vector<std::string>& homes) {
  std::vector<Target> targets;
  for (const CriticalRow& row : CriticalRows()) {
    const std::string_view path = row.path;
    std::vector<std::string> places;
    if (!path.starts_with("~/")) {
      places.emplace_back(path);
    } else {
      for (const std::string& home : homes) {
        places.push_back(home + std::string(path.substr(1)));
      }
    }
    for (std::string& place : places) {
      if (targets.size() == kTargetsMax) return targets;
      Target target = TargetOf(std::move(place));
      target.area = row.area;
      target.cross = true;
      targets.push_back(std::move(target));
    }
  }
  return targets;
}

std::vector<std::string> HomesIn(std::string_view passwd) {
  std::vector<std::string> homes;
  for (const std::string_view line : Split(passwd, '\n')) {
    const auto fields = Split(line, ':');
    if (fields.size() != 7 || homes.size() >= kHomesMax) continue;
    const std::string_view home = fields[5];
    // "/" and folders of services are not homes with profiles, and a star in
    // one would be a mask.
    if (home.size() < 2 || home[0] != '/' ||
        home.find_first_of("*?\\") != home.npos) {
      continue;
    }
    if (std::find(homes.begin(), homes.end(), home) == homes.end()) {
      homes.emplace_back(home);
    }
  }
  return homes;
}

}  // namespace vitrine::tasks
