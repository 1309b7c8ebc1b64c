// SPDX-License-Identifier: Apache-2.0
#include "tasks/media.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "tasks/limits.h"

namespace vitrine::tasks {
namespace {

namespace fs = std::filesystem;

std::string FirstWord(const std::string& file) {
  std::string word;
  std::ifstream(file) >> word;
  return word;
}

// A partition has no such file; the disk it is on, one folder up, has.
bool SaysRemovable(const std::string& device) {
  for (const char* name : {"/removable", "/../removable"}) {
    const std::string digit = FirstWord(device + name);
    if (!digit.empty()) return digit == "1";
  }
  return false;
}

// Disks on USB call themselves fixed as they like, and cards in a reader of the
// machine's own always do.
bool IsPluggedIn(const std::string& device) {
  for (const char* name : {"/device/type", "/../device/type"}) {
    if (FirstWord(device + name) == "SD") return true;
  }
  std::error_code error;
  for (const fs::path& part : fs::canonical(device, error)) {
    const std::string name = part.string();
    if (name.size() > 3 && name.starts_with("usb") && IsDigit(name[3])) {
      return true;
    }
  }
  return false;
}

// Whether it holds of the device or of one that it is made of.
bool AnyLayer(const std::string& device, int depth,
              bool (*holds)(const std::string&)) {
  if (holds(device)) return true;
  if (depth == kDeviceLayersMax) return true;
  std::error_code error;
  for (fs::directory_iterator layer(device + "/slaves", error), end;
       !error && layer != end; layer.increment(error)) {
    if (AnyLayer(layer->path(), depth + 1, holds)) return true;
  }
  return false;
}

}  // namespace

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

bool IsRemovableDevice(const std::string& device, const std::string& devices) {
  return AnyLayer(devices + "/" + device, 0, SaysRemovable);
}

bool IsMedium(const std::string& device, const std::string& devices) {
  return AnyLayer(devices + "/" + device, 0, [](const std::string& folder) {
    return SaysRemovable(folder) || IsPluggedIn(folder);
  });
}

bool IsMedium(const mounts::Mount& mount, const std::string& devices) {
  if (!mount.device.starts_with("0:")) return IsMedium(mount.device, devices);
  struct stat status;
  if (!mount.source.starts_with('/') ||
      stat(mount.source.c_str(), &status) != 0 || !S_ISBLK(status.st_mode)) {
    // Nobody can say what it lies on.
    return true;
  }
  return IsMedium(std::to_string(major(status.st_rdev)) + ":" +
                      std::to_string(minor(status.st_rdev)),
                  devices);
}

}  // namespace vitrine::tasks
