// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "mounts/mount_table.h"

namespace vitrine::tasks {

// Links by "MAJOR:MINOR".
inline constexpr char kBlockDevices[] = "/sys/dev/block";

// Notices media: file systems on block devices that are mounted while the
// program runs, and removable ones that were there when it began. What
// containers mount of their own accord (overlay, tmpfs) is none.
// Thread-compatible.
class Media {
 public:
  // Whether the device "MAJOR:MINOR" can be taken out of the machine.
  using IsRemovable = std::function<bool(const std::string& device)>;
  explicit Media(IsRemovable is_removable)
      : is_removable_(std::move(is_removable)) {}

  // Mount points of media in the table that were not in the one before.
  std::vector<std::string> NewIn(const std::vector<mounts::Mount>& table);

 private:
  struct Known {
    uint64_t id;
    std::string device;
    std::string point;
    auto operator<=>(const Known&) const = default;
  };

  const IsRemovable is_removable_;
  bool begun_ = false;
  std::set<Known> known_;
};

// By sysfs, whose folder of block devices is `devices`: it or its disk says
// that its medium can be taken out, or what it is made of (by device mapper) is
// so.
bool IsRemovableDevice(const std::string& device,
                       const std::string& devices = kBlockDevices);

// Whether what lies there may have been changed elsewhere by the next time: the
// device is removable, whatever it says of itself (on USB, an SD card). By the
// mount's source where the file system has a number of its own (btrfs);
// where that names no device it is one.
bool IsMedium(const mounts::Mount& mount,
              const std::string& devices = kBlockDevices);
bool IsMedium(const std::string& device,
              const std::string& devices = kBlockDevices);

}  // namespace vitrine::tasks
