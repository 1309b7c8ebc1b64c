// SPDX-License-Identifier: Apache-2.0
#include "tuf/file_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/atomic_file.h"
#include "base/check.h"
#include "base/unique_fd.h"

namespace vitrine::tuf {
namespace {

Error FromErrno(const std::string& path) {
  const Code code = errno == ENOENT                     ? Code::kNotFound
                    : errno == EACCES || errno == EPERM ? Code::kDenied
                                                        : Code::kUnavailable;
  return {code, path + ": " + std::strerror(errno)};
}

}  // namespace

Result<ByteVector> ReadSmallFile(const std::string& path, size_t size_max) {
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return FromErrno(path);
  constexpr size_t kPiece = 65536;
  ByteVector bytes;
  while (bytes.size() <= size_max) {
    const size_t at = bytes.size();
    bytes.resize(at + kPiece);
    const ssize_t got = read(file.get(), bytes.data() + at, kPiece);
    if (got < 0 && errno != EINTR) return FromErrno(path);
    bytes.resize(at + static_cast<size_t>(got < 0 ? 0 : got));
    if (got == 0) return bytes;
  }
  return Error{Code::kLimit,
               path + ": more than " + std::to_string(size_max) + " bytes"};
}

Result<ByteVector> FileStore::Load(const std::string& name, size_t size_max) {
  CHECK(name.find('/') == name.npos);
  return ReadSmallFile(folder_ + "/" + name, size_max);
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
    return FromErrno(path);
  }
  const UniqueFd folder(
      open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || fsync(folder.get()) != 0) return FromErrno(folder_);
  return Ok();
}

}  // namespace vitrine::tuf
