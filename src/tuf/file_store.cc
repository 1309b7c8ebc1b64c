// SPDX-License-Identifier: Apache-2.0
#include "tuf/file_store.h"

#include <unistd.h>

#include <cerrno>

#include "base/atomic_file.h"
#include "base/check.h"
#include "base/read_file.h"
#include "base/system_error.h"

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
  return SyncFolder(folder_);
}

}  // namespace vitrine::tuf
