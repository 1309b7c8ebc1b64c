// SPDX-License-Identifier: Apache-2.0
#include "engine/sources/file_reader.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/unique_fd.h"
#include "engine/sources/limits.h"

namespace vitrine::engine::sources {
namespace {

Error SystemError() {
  const int number = errno;
  const Code code = number == ENOENT || number == ENOTDIR ? Code::kNotFound
                    : number == EACCES || number == EPERM ? Code::kDenied
                                                          : Code::kUnavailable;
  char text[256] = {};
  // The GNU form: the message may or may not be in `text`.
  return Error{code, strerror_r(number, text, sizeof text)};
}

void List(const std::string& folder, int depth, Listing& out) {
  DIR* const stream = opendir(folder.c_str());
  if (stream == nullptr) {
    out.skipped.push_back(folder);
    return;
  }
  std::vector<std::string> names;
  while (const dirent* const entry = readdir(stream)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  closedir(stream);
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    const std::string path = folder + "/" + name;
    const PathKind kind = KindOf(path);
    if (kind == PathKind::kFile) {
      out.files.push_back(path);
    } else if (kind == PathKind::kFolder && depth > 0 && name[0] != '.') {
      List(path, depth - 1, out);
    } else if (kind == PathKind::kFolder && depth == 0) {
      out.skipped.push_back(path);
    }
  }
}

}  // namespace

Result<SourceFile> SourceFile::Open(const std::string& path,
                                    uint64_t size_max) {
  // A named pipe must not block us.
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0) return SystemError();
  struct stat facts = {};
  if (fstat(fd.get(), &facts) != 0) return SystemError();
  if (!S_ISREG(facts.st_mode)) {
    return Error{Code::kInvalid, "not a regular file"};
  }
  if (static_cast<uint64_t>(facts.st_size) > size_max) {
    return Error{Code::kLimit, "file too large"};
  }
  SourceFile out;
  out.buffer_ = std::make_unique<ByteVector>();
  MappedFile file = TRY(MappedFile::Open(fd.get(), *out.buffer_));
  out.file_ = std::make_unique<MappedFile>(std::move(file));
  return out;
}

PathKind KindOf(const std::string& path) {
  struct stat facts = {};
  if (stat(path.c_str(), &facts) != 0) return PathKind::kMissing;
  if (S_ISREG(facts.st_mode)) return PathKind::kFile;
  return S_ISDIR(facts.st_mode) ? PathKind::kFolder : PathKind::kOther;
}

Listing ListFolder(const std::string& path, bool deep) {
  Listing out;
  std::string folder = path;
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  List(folder, deep ? kFolderDepthMax : -1, out);
  return out;
}

std::string BaseName(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace vitrine::engine::sources
