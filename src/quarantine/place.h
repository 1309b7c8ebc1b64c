// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"

// Folders and files held by descriptor. A path is only ever a hint here: it is
// walked without following links, and what it leads to is compared with what is
// already open.
namespace vitrine::quarantine {

// A name in an open folder.
struct Place {
  UniqueFd folder;  // Opened O_RDONLY | O_DIRECTORY.
  std::string name;
};

// The folder that holds `path`'s last part, seen from the open folder `root`
// (whose inside no link and no ".." leaves) or the machine's own where it is
// -1. kDenied where a link lies on the way, kNotFound where a part is missing.
Result<Place> OpenPlace(int root, const std::string& path);

// What tells one file from all others, before and after: a number of an inode
// is used again, these together are not.
struct FileIdentity {
  uint64_t device = 0;
  uint64_t inode = 0;
  uint64_t size = 0;
  int64_t modified_ns = 0;
  int64_t changed_ns = 0;
  int64_t born_ns = 0;  // 0 where the file system does not know.

  bool operator==(const FileIdentity&) const = default;
  // As ==, but a rename in between is allowed: that touches `changed_ns`.
  bool IsSameFile(const FileIdentity& other) const;
};

// Of an open file / of a name in a folder, links not followed. kNotFound where
// there is no such name.
Result<FileIdentity> IdentityOf(int file);
Result<FileIdentity> IdentityAt(int folder, const std::string& name);

// The path that the kernel has for an open file now.
Result<std::string> PathOf(int file);

// `errno` as an Error, `what` before it.
Error FromErrno(const std::string& what);

// Writes all of `bytes` at the file's position.
Status WriteContent(int file, Bytes bytes);

}  // namespace vitrine::quarantine
