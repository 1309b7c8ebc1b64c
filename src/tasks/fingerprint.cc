// SPDX-License-Identifier: Apache-2.0
#include "tasks/fingerprint.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/statfs.h>

#include "base/file_time.h"
#include "response/identity.h"

namespace vitrine::tasks {
namespace {

struct TimeKeeper {
  std::string_view type;
  uint64_t magic;
};
constexpr TimeKeeper kTimeKeepers[] = {{"ext4", EXT4_SUPER_MAGIC},
                                       {"xfs", XFS_SUPER_MAGIC},
                                       {"btrfs", BTRFS_SUPER_MAGIC},
                                       {"f2fs", F2FS_SUPER_MAGIC}};

}  // namespace

std::optional<Fingerprint> FingerprintOf(const struct statx& status) {
  if ((status.stx_mask & STATX_BTIME) == 0) return std::nullopt;
  const response::FileFacts facts = response::FactsOf(status);
  Fingerprint print;
  print.device = facts.key.device;
  print.inode = facts.key.inode;
  print.size = facts.size;
  print.modified_ns = facts.modified_ns;
  print.changed_ns = facts.changed_ns;
  print.born_ns = FileTimeNs(status.stx_btime);
  return print;
}

bool HasNoWriter(int file) {
  if (fcntl(file, F_SETLEASE, F_RDLCK) != 0) return false;
  (void)fcntl(file, F_SETLEASE, F_UNLCK);
  return true;
}

bool KeepsTimes(std::string_view type) {
  for (const TimeKeeper& keeper : kTimeKeepers) {
    if (keeper.type == type) return true;
  }
  return false;
}

bool KeepsTimes(int file) {
  struct statfs status;
  if (fstatfs(file, &status) != 0) return false;
  for (const TimeKeeper& keeper : kTimeKeepers) {
    if (keeper.magic == static_cast<uint64_t>(status.f_type)) return true;
  }
  return false;
}

}  // namespace vitrine::tasks
