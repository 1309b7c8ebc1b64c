// SPDX-License-Identifier: Apache-2.0
#include "quarantine/place.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/stat.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstring>

#include "base/file_time.h"
#include "base/write_all.h"
#include "quarantine/limits.h"

namespace vitrine::quarantine {
namespace {

UniqueFd OpenAt2(int root, const char* path, uint64_t flags, uint64_t resolve) {
  open_how how = {};
  how.flags = flags;
  how.resolve = resolve;
  long got;
  int tries = 0;
  do {
    // EAGAIN: something on the way was renamed meanwhile; openat2(2).
    got = syscall(SYS_openat2, root, path, &how, sizeof how);
  } while (got < 0 && (errno == EAGAIN || errno == EINTR) &&
           ++tries < kPathTries);
  return UniqueFd(static_cast<int>(got));
}

Result<FileIdentity> Stat(int folder, const char* name, int flags) {
  struct statx status = {};
  if (statx(folder, name, flags | AT_NO_AUTOMOUNT,
            STATX_BASIC_STATS | STATX_BTIME, &status) != 0) {
    return FromErrno("looking at a file");
  }
  FileIdentity identity;
  identity.device =
      uint64_t{status.stx_dev_major} << 32 | uint64_t{status.stx_dev_minor};
  identity.inode = status.stx_ino;
  identity.size = status.stx_size;
  identity.modified_ns = FileTimeNs(status.stx_mtime);
  identity.changed_ns = FileTimeNs(status.stx_ctime);
  if ((status.stx_mask & STATX_BTIME) != 0) {
    identity.born_ns = FileTimeNs(status.stx_btime);
  }
  return identity;
}

}  // namespace

bool FileIdentity::IsSameFile(const FileIdentity& other) const {
  return device == other.device && inode == other.inode && size == other.size &&
         modified_ns == other.modified_ns && born_ns == other.born_ns;
}

Result<Place> OpenPlace(int root, const std::string& path) {
  if (path.size() > kPathMax || !path.starts_with('/')) {
    return Error{Code::kInvalid, "not a whole path"};
  }
  const size_t slash = path.rfind('/');
  Place place;
  place.name = path.substr(slash + 1);
  if (place.name.empty() || place.name == "." || place.name == "..") {
    return Error{Code::kInvalid, "not the path of a file"};
  }
  UniqueFd own_root;
  if (root < 0) {
    own_root.Reset(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    root = own_root.get();
  }
  const std::string folder = path.substr(0, slash + 1);
  place.folder =
      OpenAt2(root, folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC,
              RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
  if (place.folder) return place;
  if (errno == ELOOP) {
    return Error{Code::kDenied, folder + ": a link lies on the way"};
  }
  return FromErrno(folder);
}

Result<FileIdentity> IdentityOf(int file) {
  return Stat(file, "", AT_EMPTY_PATH);
}

Result<FileIdentity> IdentityAt(int folder, const std::string& name) {
  return Stat(folder, name.c_str(), AT_SYMLINK_NOFOLLOW);
}

Result<std::string> PathOf(int file) {
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  std::string path(kPathMax + 1, '\0');
  const ssize_t size = readlink(link.c_str(), path.data(), path.size());
  if (size < 0) return FromErrno(link);
  if (static_cast<size_t>(size) > kPathMax) {
    return Error{Code::kLimit, "path longer than the kernel opens"};
  }
  path.resize(static_cast<size_t>(size));
  return path;
}

Error FromErrno(const std::string& what) {
  Code code = Code::kUnavailable;
  switch (errno) {
    case EACCES:
    case EPERM:
    case EROFS:
    case ELOOP:
      code = Code::kDenied;
      break;
    case ENOENT:
    case ENOTDIR:
      code = Code::kNotFound;
      break;
    default:
      break;
  }
  return {code, what + ": " + std::strerror(errno)};
}

Status WriteContent(int file, Bytes bytes) {
  if (!WriteAll(file, bytes)) return FromErrno("writing");
  return Ok();
}

}  // namespace vitrine::quarantine
