// SPDX-License-Identifier: Apache-2.0
#include "base/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/atomic_file.h"
#include "base/file_status.h"
#include "base/read_file.h"
#include "base/system_error.h"
#include "base/unique_fd.h"
#include "base/write_all.h"

namespace vitrine {

Status WritePrivateFile(const std::string& path, Bytes bytes) {
  const UniqueFd file(
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file && errno == EEXIST) {
    return Error{Code::kDenied, path + ": is there already"};
  }
  if (!file) return SystemError(path, errno);
  Status done = Ok();
  if (!WriteAll(file.get(), bytes) || fsync(file.get()) != 0) {
    done = SystemError(path, errno);
  } else {
    done = SyncFolderOf(path);
  }
  if (!done.ok()) unlink(path.c_str());
  return done;
}

Result<ByteVector> ReadPrivateFile(const std::string& path, uint64_t size_max) {
  const UniqueFd file(
      open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file) return SystemError(path, errno);
  struct stat status;
  if (FileStatus(file.get(), status) != 0) return SystemError(path, errno);
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Error{Code::kDenied, path + ": others may read this key"};
  }
  return ReadFile(file.get(), size_max, path);
}

}  // namespace vitrine
