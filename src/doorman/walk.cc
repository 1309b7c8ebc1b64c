// SPDX-License-Identifier: Apache-2.0
#include "doorman/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <memory>

#include "doorman/limits.h"

namespace vitrine::doorman {
namespace {

// Not in linux/magic.h of every release.
constexpr long kMqueueMagic = 0x19800202;
constexpr long kFuseCtlMagic = 0x65735543;
constexpr long kConfigFsMagic = 0x62656570;

constexpr std::array<long, 13> kKernelFileSystems = {
    PROC_SUPER_MAGIC, SYSFS_MAGIC,        DEBUGFS_MAGIC,       TRACEFS_MAGIC,
    SECURITYFS_MAGIC, CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC, PSTOREFS_MAGIC,
    BPF_FS_MAGIC,     DEVPTS_SUPER_MAGIC, kMqueueMagic,        kFuseCtlMagic,
    kConfigFsMagic};

bool OfTheKernel(int folder) {
  struct statfs status;
  return fstatfs(folder, &status) == 0 &&
         std::find(kKernelFileSystems.begin(), kKernelFileSystems.end(),
                   static_cast<long>(status.f_type)) !=
             kKernelFileSystems.end();
}

std::string Join(const std::string& folder, const std::string& name) {
  return folder == "/" ? folder + name : folder + "/" + name;
}

Walk::Item Problem(std::string path, std::string problem) {
  Walk::Item item;
  item.kind = Walk::Item::Kind::kProblem;
  item.path = std::move(path);
  item.problem = std::move(problem);
  return item;
}

}  // namespace

Walk::Walk(std::string path, Peer peer, WalkOptions options)
    : path_(std::move(path)), peer_(std::move(peer)), options_(options) {
  while (path_.size() > 1 && path_.back() == '/') path_.pop_back();
}

std::string Walk::Shown(const std::string& path) const {
  std::string shown = path;
  if (options_.printable) std::replace(shown.begin(), shown.end(), '\n', '?');
  return shown;
}

Walk::Item Walk::Next() {
  if (!begun_) {
    begun_ = true;
    Item item = Begin();
    if (item.kind != Item::Kind::kEnd) return item;
  }
  while (!stack_.empty()) {
    Item item = Visit();
    if (item.kind != Item::Kind::kEnd) return item;
  }
  return {};
}

Walk::Item Walk::Begin() {
  Result<Opened> opened = OpenPath(path_, peer_);
  if (!opened.ok()) return Problem(path_, opened.error().message);
  return Take(std::move(opened).value(), path_, 0);
}

Walk::Item Walk::Visit() {
  Folder& folder = stack_.back();
  std::vector<Name>& names =
      folder.names.empty() ? folder.folders : folder.names;
  if (names.empty()) {
    stack_.pop_back();
    return {};
  }
  const std::string name = std::move(names.back().text);
  names.pop_back();
  std::string path = Join(folder.path, name);
  Result<Opened> opened =
      options_.follow_links ? OpenPath(path, peer_)
                            : OpenName(folder.open.get(), name.c_str(), peer_);
  if (opened.ok()) {
    return Take(std::move(opened).value(), std::move(path), folder.device);
  }
  const std::string& message = opened.error().message;
  // Nothing that has content of its own: a device, or a link to nowhere.
  if (message.empty() || opened.error().code == Code::kInvalid) return {};
  if (options_.follow_links && opened.error().code == Code::kNotFound) {
    return {};
  }
  return Problem(Shown(path), message);
}

Walk::Item Walk::Take(Opened opened, std::string path, uint64_t parent_device) {
  if (S_ISDIR(opened.status.st_mode)) {
    return Enter(std::move(opened), std::move(path), parent_device);
  }
  Item item;
  item.kind = Item::Kind::kFile;
  item.path = Shown(path);
  item.file = std::move(opened.file);
  return item;
}

Walk::Item Walk::Enter(Opened opened, std::string path,
                       uint64_t parent_device) {
  if (stack_.size() > options_.max_depth) {
    return Problem(Shown(path), "Directory recursion limit exceeded. ERROR");
  }
  const uint64_t device = opened.status.st_dev;
  if (device != parent_device && OfTheKernel(opened.file.get())) {
    return stack_.empty()
               ? Problem(Shown(path), "Not supported file type ERROR")
               : Item{};
  }
  if (options_.follow_links &&
      !been_.emplace(device, opened.status.st_ino).second) {
    return {};
  }
  const int copy = fcntl(opened.file.get(), F_DUPFD_CLOEXEC, 0);
  const std::unique_ptr<DIR, int (*)(DIR*)> list(
      copy < 0 ? nullptr : fdopendir(copy), closedir);
  if (!list) {
    if (copy >= 0) close(copy);
    return Problem(Shown(path), "Access denied. ERROR");
  }
  Folder folder;
  folder.open = std::move(opened.file);
  folder.path = std::move(path);
  folder.device = device;
  while (const dirent* entry = readdir(list.get())) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
      continue;
    }
    if (folder.names.size() + folder.folders.size() >= kNamesAFolder) {
      return Problem(Shown(folder.path), "Too many directory entries. ERROR");
    }
    (entry->d_type == DT_DIR ? folder.folders : folder.names)
        .push_back({entry->d_ino, entry->d_name});
  }
  const auto later = [](const Name& a, const Name& b) {
    return a.inode > b.inode;
  };
  std::sort(folder.names.begin(), folder.names.end(), later);
  std::sort(folder.folders.begin(), folder.folders.end(), later);
  stack_.push_back(std::move(folder));
  return {};
}

}  // namespace vitrine::doorman
