// SPDX-License-Identifier: Apache-2.0
#include "publisher/files/durable_files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "base/atomic_file.h"
#include "base/read_file.h"
#include "base/system_error.h"
#include "base/write_all.h"

namespace vitrine::publisher {
namespace {

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == path.npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

Status DurableFiles::Ask(FileStep step, const std::string& path) const {
  const int number = hook_ ? hook_(step, path) : 0;
  if (number != 0) return SystemError(path, number);
  return Ok();
}

Status DurableFiles::MakeFolder(const std::string& folder) const {
  struct stat status;
  if (stat(folder.c_str(), &status) == 0) return Ok();
  TRY(MakeFolder(FolderOf(folder)));
  TRY(Ask(FileStep::kMakeFolder, folder));
  if (mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) {
    return SystemError(folder, errno);
  }
  return SyncFolder(folder);
}

Status DurableFiles::SyncFolder(const std::string& path) const {
  const std::string folder = FolderOf(path);
  TRY(Ask(FileStep::kSyncFolder, folder));
  return vitrine::SyncFolder(folder);
}

Status DurableFiles::WriteBeside(const std::string& path, Bytes bytes) const {
  TRY(Ask(FileStep::kCreate, path));
  const UniqueFd file(
      open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!file) return SystemError(path, errno);
  const Bytes first = bytes.first(bytes.size() / 2);
  TRY(Ask(FileStep::kWriteFirst, path));
  if (!WriteAll(file.get(), first)) return SystemError(path, errno);
  TRY(Ask(FileStep::kWriteRest, path));
  if (!WriteAll(file.get(), bytes.subspan(first.size()))) {
    return SystemError(path, errno);
  }
  TRY(Ask(FileStep::kSync, path));
  if (fsync(file.get()) != 0) return SystemError(path, errno);
  return Ok();
}

Status DurableFiles::Write(const std::string& path, Bytes bytes) const {
  TRY(MakeFolder(FolderOf(path)));
  const std::string beside = path + ".new";
  TRY(WriteBeside(beside, bytes));
  TRY(Ask(FileStep::kRename, path));
  if (rename(beside.c_str(), path.c_str()) != 0) {
    return SystemError(path, errno);
  }
  return SyncFolder(path);
}

Status DurableFiles::WriteOnce(const std::string& path, Bytes bytes) const {
  const auto there = ReadFile(path, bytes.size());
  if (there.ok() && std::equal(bytes.begin(), bytes.end(),
                               there.value().begin(), there.value().end())) {
    return Ok();
  }
  if (there.ok() || there.error().code == Code::kLimit) {
    return Error{Code::kInvalid, path + ": is there with other bytes"};
  }
  if (there.error().code != Code::kNotFound) return there.error();
  return Write(path, bytes);
}

Status DurableFiles::Remove(const std::string& path) const {
  TRY(Ask(FileStep::kRemove, path));
  if (unlink(path.c_str()) != 0) {
    if (errno == ENOENT) return Ok();
    return SystemError(path, errno);
  }
  return SyncFolder(path);
}

Result<FileLock> FileLock::Take(const std::string& path) {
  UniqueFd file(
      open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (!file) return SystemError(path, errno);
  if (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    return Error{Code::kUnavailable, path + ": another process holds it"};
  }
  return FileLock(std::move(file));
}

}  // namespace vitrine::publisher
