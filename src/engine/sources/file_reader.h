// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/mapped_file.h"
#include "base/result.h"

// Files and folders as sources are found in. All names are the caller's own:
// nothing here guards against links.
namespace vitrine::engine::sources {

// The contents of a regular file, for as long as this lives.
class SourceFile {
 public:
  // kNotFound, kDenied or kUnavailable by the system's answer; kLimit beyond
  // `size_max`; kInvalid for what is not a regular file.
  static Result<SourceFile> Open(const std::string& path, uint64_t size_max);

  Bytes bytes() const { return file_->bytes(); }
  // The file was changed while it was read.
  bool damaged() const { return file_->damaged(); }

 private:
  SourceFile() = default;

  std::unique_ptr<ByteVector> buffer_;
  std::unique_ptr<MappedFile> file_;
};

enum class PathKind : uint8_t { kMissing, kFile, kFolder, kOther };
PathKind KindOf(const std::string& path);

struct Listing {
  std::vector<std::string> files;  // Full paths, by rising name.
  // Folders that could not be read, or lie too deep.
  std::vector<std::string> skipped;
};

// The files of a folder, and with `deep` of those below it, but for folders
// whose names start with a dot.
Listing ListFolder(const std::string& path, bool deep);

// "c" of "/a/b/c"; "/a/b" of it, "." for a bare name.
std::string BaseName(const std::string& path);
std::string FolderOf(const std::string& path);

}  // namespace vitrine::engine::sources
