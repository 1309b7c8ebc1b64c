// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"

// Files that are old or new, whatever ends the process.
namespace vitrine::publisher {

// What is about to be done to the disk.
enum class FileStep : uint8_t {
  kMakeFolder,
  kCreate,      // Of the file beside it, PATH.new.
  kWriteFirst,  // The first half.
  kWriteRest,
  kSync,
  kRename,
  kSyncFolder,
  kRemove,
};

// Is asked before each step; for tests, which end the process there or let the
// step fail. The errno that it is to fail with; 0: go on. May be empty.
using FileHook = std::function<int(FileStep, const std::string& path)>;

// A value. Thread-compatible.
class DurableFiles {
 public:
  DurableFiles() = default;
  explicit DurableFiles(FileHook hook) : hook_(std::move(hook)) {}

  // Makes `path` hold `bytes`, and the folders that it lies in. When this
  // returns, it is on the disk. A file PATH.new may be left where it fails; it
  // is overwritten the next time.
  Status Write(const std::string& path, Bytes bytes) const;

  // The same for a file that never changes: nothing is done where it holds
  // these bytes already; kInvalid where it holds others.
  Status WriteOnce(const std::string& path, Bytes bytes) const;

  // With those that it lies in; each that is made is on the disk.
  Status MakeFolder(const std::string& folder) const;

  // Absent is removed.
  Status Remove(const std::string& path) const;

 private:
  Status Ask(FileStep step, const std::string& path) const;
  Status WriteBeside(const std::string& path, Bytes bytes) const;
  Status SyncFolder(const std::string& path) const;

  FileHook hook_;
};

// Held by one process at a time, until it is destroyed. kUnavailable: somebody
// else holds it.
class FileLock {
 public:
  static Result<FileLock> Take(const std::string& path);

 private:
  explicit FileLock(UniqueFd file) : file_(std::move(file)) {}
  UniqueFd file_;
};

}  // namespace vitrine::publisher
