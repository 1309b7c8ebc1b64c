// SPDX-License-Identifier: Apache-2.0
#include "publisher/sources/tree_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>

#include "base/system_error.h"
#include "publisher/sources/limits.h"

namespace vitrine::publisher {
namespace {

struct Closer {
  void operator()(DIR* folder) const { closedir(folder); }
};

Status List(const std::string& root, const std::string& below, int depth,
            std::vector<std::string>& out) {
  const std::string folder = root + "/" + below;
  if (depth > kTreeDepthMax) {
    return Error{Code::kLimit, folder + ": lies too deep"};
  }
  const std::unique_ptr<DIR, Closer> open(opendir(folder.c_str()));
  if (open == nullptr) return SystemError(folder, errno);
  while (const dirent* const entry = readdir(open.get())) {
    const std::string name = entry->d_name;
    if (name.starts_with('.')) continue;
    const std::string path = below + name;
    struct stat status;
    if (lstat((root + "/" + path).c_str(), &status) != 0) {
      return SystemError(root + "/" + path, errno);
    }
    if (S_ISDIR(status.st_mode)) {
      TRY(List(root, path + "/", depth + 1, out));
    } else if (S_ISREG(status.st_mode)) {
      out.push_back(path);
    } else {
      return Error{Code::kInvalid,
                   root + "/" + path + ": neither a plain file nor a folder"};
    }
  }
  return Ok();
}

}  // namespace

Result<std::vector<std::string>> ListTree(const std::string& folder) {
  std::vector<std::string> out;
  TRY(List(folder, "", 0, out));
  std::sort(out.begin(), out.end());
  return out;
}

Status MakeFoldersFor(const std::string& path) {
  std::error_code error;
  const auto folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  if (error) return SystemError(folder.string(), error.value());
  return Ok();
}

}  // namespace vitrine::publisher
