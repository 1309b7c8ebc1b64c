// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>

#include "base/result.h"

namespace vitrine::response {

// Which inode, machine-wide.
struct FileKey {
  uint64_t device = 0;
  uint64_t inode = 0;
  bool operator==(const FileKey&) const = default;
};
struct FileKeyHash {
  size_t operator()(const FileKey& key) const {
    return static_cast<size_t>((key.inode ^ (key.device << 40)) *
                               0x9e3779b97f4a7c15);
  }
};

// What a file is, as far as the kernel tells without its contents. Two equal
// ones with no writer in between have the same contents, but for `settled`.
struct FileFacts {
  FileKey key;
  uint64_t size = 0;
  int64_t modified_ns = 0;
  int64_t changed_ns = 0;
  uint32_t owner = 0;
  uint32_t mode = 0;
  uint64_t mount = 0;  // Where the opener came in.

  bool regular() const { return (mode & 0170000) == 0100000; }
  // Whether anybody but root may write it, by owner and permissions.
  bool WritableByUsers() const { return owner != 0 || (mode & 022) != 0; }
  bool SameContents(const FileFacts& other) const {
    return key == other.key && size == other.size &&
           modified_ns == other.modified_ns && changed_ns == other.changed_ns;
  }
};

// What statx(2) has to be asked for. The last is STATX_MNT_ID, newer than the
// headers.
inline constexpr unsigned kFactsMask = STATX_BASIC_STATS | 0x1000;
// What it said.
FileFacts FactsOf(const struct statx& status);

// Of an open file; asks the kernel only, reads nothing.
Result<FileFacts> FactsOf(int descriptor);

// Whether the file was changed so long ago that a further change would show in
// its time of change. `now_ns` since 1970.
bool Settled(const FileFacts& facts, int64_t now_ns);

}  // namespace vitrine::response
