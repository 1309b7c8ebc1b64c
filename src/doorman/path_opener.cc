// SPDX-License-Identifier: Apache-2.0
#include "doorman/path_opener.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include <algorithm>
#include <array>
#include <climits>
#include <vector>

#include "base/text.h"
#include "doorman/limits.h"
#include "doorman/rights.h"

namespace vitrine::doorman {
namespace {

Error CheckFailure(int number) {
  return {
      number == EACCES ? Code::kDenied : Code::kNotFound,
      std::string("File path check failure: ") + strerror(number) + ". ERROR"};
}

Error AccessDenied() { return {Code::kDenied, "Access denied. ERROR"}; }

// An object that is known but not open.
struct Found {
  UniqueFd object;  // O_PATH.
  struct stat status {};
};

Result<Found> Find(int folder, const char* name) {
  Found found;
  found.object.Reset(openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
  if (!found.object || fstat(found.object.get(), &found.status) != 0) {
    return CheckFailure(errno);
  }
  return found;
}

Result<Opened> Open(const Found& found, const Peer& peer) {
  const bool folder = S_ISDIR(found.status.st_mode);
  if (!folder && !S_ISREG(found.status.st_mode)) {
    return Error{Code::kInvalid, "Not supported file type ERROR"};
  }
  if (!Allows(found.object.get(), found.status, peer, Right::kRead) ||
      (folder &&
       !Allows(found.object.get(), found.status, peer, Right::kSearch))) {
    return folder ? CheckFailure(EACCES) : AccessDenied();
  }
  const std::string name =
      "/proc/self/fd/" + std::to_string(found.object.get());
  Opened opened;
  opened.status = found.status;
  opened.file.Reset(
      open(name.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!opened.file) return folder ? CheckFailure(errno) : AccessDenied();
  return opened;
}

// The components still to go, the next one last.
class Way {
 public:
  Status Prepend(std::string_view path) {
    std::vector<std::string_view> parts = Split(path, '/');
    if (parts.size() > kComponentsAPath - used_) {
      return CheckFailure(ENAMETOOLONG);
    }
    used_ += parts.size();
    std::reverse(parts.begin(), parts.end());
    for (const std::string_view part : parts) {
      if (!part.empty() && part != ".") left_.emplace_back(part);
    }
    return Ok();
  }
  bool empty() const { return left_.empty(); }
  std::string Next() {
    std::string name = std::move(left_.back());
    left_.pop_back();
    return name;
  }

 private:
  std::vector<std::string> left_;
  size_t used_ = 0;
};

Result<std::string> LinkTarget(int link) {
  std::array<char, PATH_MAX> target;
  const ssize_t size = readlinkat(link, "", target.data(), target.size());
  if (size < 0) return CheckFailure(errno);
  return std::string(target.data(), static_cast<size_t>(size));
}

}  // namespace

Result<Opened> OpenPath(std::string_view path, const Peer& peer) {
  if (path.empty() || path.front() != '/') return CheckFailure(ENOENT);
  if (path.size() >= PATH_MAX) return CheckFailure(ENAMETOOLONG);
  Way way;
  TRY(way.Prepend(path));
  Found here = TRY(Find(AT_FDCWD, "/"));
  int links = 0;
  while (!way.empty()) {
    if (!S_ISDIR(here.status.st_mode)) return CheckFailure(ENOTDIR);
    if (!Allows(here.object.get(), here.status, peer, Right::kSearch)) {
      return CheckFailure(EACCES);
    }
    Found next = TRY(Find(here.object.get(), way.Next().c_str()));
    if (!S_ISLNK(next.status.st_mode)) {
      here = std::move(next);
      continue;
    }
    if (++links > kLinksAPath) return CheckFailure(ELOOP);
    const std::string target = TRY(LinkTarget(next.object.get()));
    TRY(way.Prepend(target));
    if (target.starts_with('/')) here = TRY(Find(AT_FDCWD, "/"));
  }
  return Open(here, peer);
}

Result<Opened> OpenName(int folder, const char* name, const Peer& peer) {
  const Found found = TRY(Find(folder, name));
  if (!S_ISREG(found.status.st_mode) && !S_ISDIR(found.status.st_mode)) {
    return Error{Code::kNotFound, ""};
  }
  return Open(found, peer);
}

}  // namespace vitrine::doorman
