// SPDX-License-Identifier: Apache-2.0
#include "courier/staging.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <memory>
#include <vector>

#include "base/system_error.h"
#include "base/text.h"
#include "base/write_all.h"
#include "courier/limits.h"
#include "crypto/digest.h"

namespace vitrine::courier {
namespace {

constexpr const char* kPartsFolder = ".parts";
constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW;

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

Result<UniqueFd> OpenFolder(int parent, const std::string& name) {
  if (mkdirat(parent, name.c_str(), 0750) != 0 && errno != EEXIST) {
    return SystemError(name, errno);
  }
  UniqueFd folder(openat(parent, name.c_str(), kFolderFlags));
  if (!folder) return SystemError(name, errno);
  return folder;
}

}  // namespace

bool Staging::Part::Take(Bytes bytes) {
  if (!WriteAll(file_.get(), bytes)) return false;
  size_ += bytes.size();
  return true;
}

Result<Staging> Staging::Open(const std::string& folder) {
  UniqueFd opened(open(folder.c_str(), kFolderFlags));
  if (!opened) return SystemError(folder, errno);
  Staging staging(std::move(opened));
  staging.parts_ = TRY(OpenFolder(staging.folder_.get(), kPartsFolder));
  TRY(staging.DropOldParts());
  return staging;
}

Status Staging::DropOldParts() {
  const int copy = openat(parts_.get(), ".", kFolderFlags);
  const std::unique_ptr<DIR, CloseFolder> listing(fdopendir(copy));
  if (listing == nullptr) return SystemError(kPartsFolder, errno);
  const time_t oldest =
      time(nullptr) -
      std::chrono::duration_cast<std::chrono::seconds>(kPartAge).count();
  size_t kept = 0;
  size_t seen = 0;
  while (const dirent* entry = readdir(listing.get())) {
    if (++seen > kNamesMax) break;
    struct stat facts;
    if (entry->d_name[0] == '.' || fstatat(parts_.get(), entry->d_name, &facts,
                                           AT_SYMLINK_NOFOLLOW) != 0) {
      continue;
    }
    if (facts.st_mtime >= oldest && ++kept <= kPartsMax) continue;
    unlinkat(parts_.get(), entry->d_name, 0);
  }
  return Ok();
}

// A part is its mirror's own: what another one sends need not be the same file.
Result<Staging::Part> Staging::BeginPart(std::string_view name,
                                         std::string_view source, Begin begin) {
  const std::string key = std::string(source) + "\n" + std::string(name);
  Part part;
  part.name_ = ToHex(crypto::Sha256(AsBytes(key)));
  part.file_ =
      UniqueFd(openat(parts_.get(), part.name_.c_str(),
                      O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640));
  if (!part.file_) return SystemError("a part", errno);
  const off_t end = lseek(part.file_.get(), 0, SEEK_END);
  if (end < 0) return SystemError("a part", errno);
  if (begin == Begin::kResume) {
    part.size_ = static_cast<uint64_t>(end) / kResumeStep * kResumeStep;
  }
  const auto size = static_cast<off_t>(part.size_);
  if (ftruncate(part.file_.get(), size) != 0 ||
      lseek(part.file_.get(), size, SEEK_SET) != size) {
    return SystemError("a part", errno);
  }
  return part;
}

Status Staging::Finish(Part part, std::string_view name) {
  const auto folders = Split(name, '/');
  std::vector<UniqueFd> way;
  int at = folder_.get();
  for (size_t i = 0; i + 1 < folders.size(); ++i) {
    way.push_back(TRY(OpenFolder(at, std::string(folders[i]))));
    at = way.back().get();
  }
  const std::string last(folders.back());
  if (renameat(parts_.get(), part.name_.c_str(), at, last.c_str()) != 0) {
    return SystemError(name, errno);
  }
  return Ok();
}

void Staging::Drop(const Part& part) {
  unlinkat(parts_.get(), part.name_.c_str(), 0);
}

}  // namespace vitrine::courier
