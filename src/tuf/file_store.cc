// SPDX-License-Identifier: Apache-2.0
#include "tuf/file_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/atomic_file.h"
#include "base/check.h"
#include "base/read_file.h"
#include "base/system_error.h"
#include "base/unique_fd.h"

namespace vitrine::tuf {

Result<ByteVector> FileStore::Load(const std::string& name, size_t size_max) {
  CHECK(name.find('/') == name.npos);
  return ReadFile(folder_ + "/" + name, size_max);
}

Status FileStore::Save(const std::string& name, Bytes file) {
  CHECK(name.find('/') == name.npos);
  return WriteFileAtomically(folder_ + "/" + name, file);
}

Status FileStore::Remove(const std::string& name) {
  CHECK(name.find('/') == name.npos);
  const std::string path = folder_ + "/" + name;
  if (unlink(path.c_str()) != 0) {
    if (errno == ENOENT) return Ok();
    return SystemError(path, errno);
  }
  const UniqueFd folder(
      open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || fsync(folder.get()) != 0) return SystemError(folder_, errno);
  return Ok();
}

}  // namespace vitrine::tuf
