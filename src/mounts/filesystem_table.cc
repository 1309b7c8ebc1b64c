// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "mounts/mount_table.h"

namespace vitrine::mounts {
namespace {

// What the kernel makes up on reading; nobody can put a file there.
constexpr const char* kKernel = "the kernel's own, holds no files of anybody";
// The guard's reader would wait for that server, and all openers with it.
constexpr const char* kServer = "its server could hold the guard up";

constexpr std::array<FilesystemRule, 56> kTable = {{
    {"ext4", true, nullptr},
    {"xfs", true, nullptr},
    {"btrfs", true, nullptr},
    {"tmpfs", true, nullptr},
    {"overlay", true, nullptr},
    {"ext2", true, nullptr},
    {"ext3", true, nullptr},
    {"f2fs", true, nullptr},
    {"vfat", true, nullptr},
    {"msdos", true, nullptr},
    {"exfat", true, nullptr},
    {"ntfs3", true, nullptr},
    {"hfs", true, nullptr},
    {"hfsplus", true, nullptr},
    {"iso9660", true, nullptr},
    {"udf", true, nullptr},
    {"squashfs", true, nullptr},
    {"erofs", true, nullptr},
    {"jfs", true, nullptr},
    {"nilfs2", true, nullptr},
    {"reiserfs", true, nullptr},
    {"bcachefs", true, nullptr},
    {"zfs", true, nullptr},
    {"ramfs", true, nullptr},
    {"fuse", false, kServer},
    {"fuseblk", false, kServer},
    {"nfs", false, kServer},
    {"nfs4", false, kServer},
    {"cifs", false, kServer},
    {"smb3", false, kServer},
    {"9p", false, kServer},
    {"virtiofs", false, kServer},
    {"ceph", false, kServer},
    {"afs", false, kServer},
    {"autofs", false, "mounts others when touched; those are watched"},
    {"proc", false, kKernel},
    {"sysfs", false, kKernel},
    {"cgroup", false, kKernel},
    {"cgroup2", false, kKernel},
    {"devpts", false, kKernel},
    {"devtmpfs", false, "only root can put files there"},
    {"securityfs", false, kKernel},
    {"debugfs", false, kKernel},
    {"tracefs", false, kKernel},
    {"configfs", false, kKernel},
    {"pstore", false, kKernel},
    {"efivarfs", false, kKernel},
    {"bpf", false, kKernel},
    {"mqueue", false, kKernel},
    {"hugetlbfs", false, "holds no executable contents that can be read"},
    {"fusectl", false, kKernel},
    {"binfmt_misc", false, kKernel},
    {"nsfs", false, kKernel},
    {"rpc_pipefs", false, kKernel},
    {"nfsd", false, kKernel},
    {"selinuxfs", false, kKernel},
}};

constexpr FilesystemRule kUnknown = {"", false, "unknown type"};

}  // namespace

const FilesystemRule& RuleOf(std::string_view type) {
  // "fuse.sshfs" and the like.
  if (type.starts_with("fuse.")) type = "fuse";
  for (const FilesystemRule& rule : kTable) {
    if (type == rule.type) return rule;
  }
  return kUnknown;
}

}  // namespace vitrine::mounts
