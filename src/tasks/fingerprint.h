// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace vitrine::tasks {

// What a file is, as the cache of clean verdicts knows it again. Nobody but
// root can give another content the same: the times of change and of birth are
// the kernel's.
struct Fingerprint {
  uint64_t device = 0;
  uint64_t inode = 0;
  uint64_t size = 0;
  int64_t modified_ns = 0;
  int64_t changed_ns = 0;
  int64_t born_ns = 0;
  bool operator==(const Fingerprint&) const = default;
};

// The fingerprint of a file that the kernel describes so; nullopt where it does
// not say when the file was made.
std::optional<Fingerprint> FingerprintOf(const struct statx& status);

// Whether a file system's times of change and birth are set by the kernel alone
// and its numbers of inodes last: not those that somebody can take away, change
// elsewhere and bring back (vfat, exfat, udf), nor those that forget (tmpfs).
bool KeepsTimes(std::string_view type);
// The same of the one that an open file lies on.
bool KeepsTimes(int file);

// Whether the open file has no writer at this moment. Cannot be told of a file
// that is not ours to lease: then false.
bool HasNoWriter(int file);

}  // namespace vitrine::tasks
