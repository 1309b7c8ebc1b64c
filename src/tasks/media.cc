// SPDX-License-Identifier: Apache-2.0
#include "tasks/media.h"

#include <fstream>

namespace vitrine::tasks {

std::vector<std::string> Media::NewIn(const std::vector<mounts::Mount>& table) {
  std::vector<std::string> points;
  std::set<Known> now;
  for (const mounts::Mount& mount : table) {
    // Major number 0: no device behind it.
    if (mount.device.starts_with("0:")) continue;
    if (!mounts::RuleOf(mount.type).watched) continue;
    Known known{mount.id, mount.device, mount.point};
    const bool is_new =
        begun_ ? !known_.contains(known) : is_removable_(mount.device);
    if (is_new) points.push_back(mount.point);
    now.insert(std::move(known));
  }
  known_ = std::move(now);
  begun_ = true;
  return points;
}

bool IsRemovableDevice(const std::string& device) {
  // A partition has no such file; the disk it is on, one folder up, has.
  for (const char* name : {"/removable", "/../removable"}) {
    std::ifstream file("/sys/dev/block/" + device + name);
    char digit = '0';
    if (file >> digit) return digit == '1';
  }
  return false;
}

}  // namespace vitrine::tasks
