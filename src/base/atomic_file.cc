// SPDX-License-Identifier: Apache-2.0
#include "base/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "base/system_error.h"
#include "base/unique_fd.h"
#include "base/write_all.h"

namespace vitrine {
namespace {

constexpr std::string_view kProc = "/proc/";

Status WriteAndRename(const UniqueFd& file, const std::string& temporary,
                      const std::string& path, Bytes bytes) {
  if (!WriteAll(file.get(), bytes)) return SystemError(path, errno);
  // mkostemp(3) makes 0600; a new file gets what open(2) would have given it.
  const mode_t mask = umask(0);
  umask(mask);
  if (fchmod(file.get(), 0666 & ~mask) != 0 || fsync(file.get()) != 0 ||
      rename(temporary.c_str(), path.c_str()) != 0) {
    return SystemError(path, errno);
  }
  return Ok();
}

// What a file would take the place of, or a link to it: a device for everybody
// on the machine. /dev/stdout is a link into /proc, wherever that leads.
bool IsNoFile(const std::string& path) {
  struct stat status;
  if (stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) return true;
  std::string target(kProc.size(), '\0');
  const ssize_t size = readlink(path.c_str(), target.data(), target.size());
  return size > 0 && target == kProc;
}

}  // namespace

Status WriteFileAtomically(const std::string& path, Bytes bytes) {
  if (IsNoFile(path)) {
    return Error{Code::kInvalid, path + ": is there and is no file"};
  }
  std::string temporary = path + ".XXXXXX";
  const UniqueFd file(mkostemp(temporary.data(), O_CLOEXEC));
  if (!file) return SystemError(path, errno);
  const Status written = WriteAndRename(file, temporary, path, bytes);
  if (!written.ok()) {
    unlink(temporary.c_str());
    return written;
  }
  // The rename itself lasts once the folder is synced.
  return SyncFolderOf(path);
}

Status SyncFolder(const std::string& folder) {
  const UniqueFd opened(
      open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened) return SystemError(folder, errno);
  if (fsync(opened.get()) != 0 && errno != EINVAL) {
    return SystemError(folder, errno);
  }
  return Ok();
}

Status SyncFolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return SyncFolder(slash == path.npos ? "." : path.substr(0, slash + 1));
}

}  // namespace vitrine
