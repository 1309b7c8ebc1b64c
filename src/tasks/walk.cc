// SPDX-License-Identifier: Apache-2.0
#include "tasks/walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/file_status.h"
#include "base/text.h"
#include "base/wall_clock.h"
#include "tasks/limits.h"

namespace vitrine::tasks {
namespace {

// The position of the target itself.
constexpr char kBase[] = ".";

constexpr unsigned kWanted = response::kFactsMask | STATX_BTIME;

UniqueFd OpenAt(int folder, const char* name, uint64_t flags) {
  open_how how = {};
  how.flags = flags | O_CLOEXEC;
  how.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  if (folder != AT_FDCWD) how.resolve |= RESOLVE_BENEATH;
  return UniqueFd(
      static_cast<int>(syscall(SYS_openat2, folder, name, &how, sizeof how)));
}

// A file that is held by O_PATH, for reading: the same one, whatever its name
// leads to by now.
UniqueFd Reopen(int path, int flags) {
  const std::string link = "/proc/self/fd/" + std::to_string(path);
  flags |= O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  UniqueFd file(open(link.c_str(), flags | O_NOATIME));
  // Not ours and without the capability: then it counts as read.
  if (!file && errno == EPERM) file.Reset(open(link.c_str(), flags));
  return file;
}

bool Describe(int folder, const char* name, struct statx& status) {
  return statx(folder, name,
               AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC |
                   (name[0] == '\0' ? AT_EMPTY_PATH : 0),
               kWanted, &status) == 0;
}

bool IsSpecial(unsigned char type) {
  return type == DT_FIFO || type == DT_SOCK || type == DT_CHR || type == DT_BLK;
}

std::string Joined(const std::string& folder, const std::string& name) {
  return folder.ends_with('/') ? folder + name : folder + "/" + name;
}

}  // namespace

Result<std::unique_ptr<Walk>> Walk::Create(Options options) {
  Scope scope =
      TRY(Scope::Create(options.target.mask, options.only, options.exclude));
  return std::unique_ptr<Walk>(new Walk(std::move(options), std::move(scope)));
}

Walk::Walk(Options options, Scope scope)
    : options_(std::move(options)), scope_(std::move(scope)) {
  if (options_.position.empty()) return;
  for (const std::string_view part : Split(options_.position, '/')) {
    parts_.emplace_back(part);
  }
  resuming_ = true;
}

std::optional<Item> Walk::Next() {
  if (!started_) {
    started_ = true;
    auto item = Start();
    if (item) return item;
  }
  while (!inside_.empty()) {
    Folder& folder = inside_.back();
    if (folder.next < folder.entries.size()) {
      const Entry entry = std::move(folder.entries[folder.next++]);
      auto item = Step(folder, entry);
      if (item) return item;
      continue;
    }
    auto item = EndOf(folder);
    inside_.pop_back();
    if (item) return item;
  }
  return std::nullopt;
}

std::optional<Item> Walk::EndOf(const Folder& folder) {
  if (!folder.cut) return std::nullopt;
  return Make(Item::Kind::kLimited, folder.path, "too many entries");
}

std::optional<Item> Walk::Start() {
  const Target& target = options_.target;
  if (options_.position == kBase) return std::nullopt;  // It was the last item.
  for (size_t at = target.base.find('/', 1);;
       at = target.base.find('/', at + 1)) {
    if (!scope_.Enters(target.base.substr(0, at), true)) {
      return std::nullopt;  // Excluded, or what it lies in.
    }
    if (at == std::string::npos) break;
  }
  const UniqueFd place =
      OpenAt(AT_FDCWD, target.base.c_str(), O_PATH | O_NOFOLLOW);
  if (!place) {
    // Rows of tables name what many machines lack, and links whose ends are
    // rows of their own.
    const bool absent = errno == ENOENT || errno == ENOTDIR || errno == ELOOP;
    if (absent && !target.required) return std::nullopt;
    return Make(Item::Kind::kError, target.base,
                errno == ELOOP ? "a link lies on the way; name where it leads"
                               : std::strerror(errno));
  }
  struct statx status;
  if (!Describe(place.get(), "", status)) {
    return Make(Item::Kind::kError, target.base, std::strerror(errno));
  }
  if (S_ISREG(status.stx_mode)) {
    if (!scope_.TakesFile(target.base, target.mask.empty())) {
      return std::nullopt;
    }
    return StepFile(place.get(), "", target.base, status);
  }
  if (!S_ISDIR(status.stx_mode)) {
    return Make(target.required ? Item::Kind::kError : Item::Kind::kSkipped,
                target.base,
                S_ISLNK(status.stx_mode) ? "a link; name where it leads"
                                         : SpecialKind(status.stx_mode));
  }
  UniqueFd folder = Reopen(place.get(), O_DIRECTORY);
  if (!folder)
    return Make(Item::Kind::kError, target.base, std::strerror(errno));
  return Enter(std::move(folder), target.base, target.mask.empty(),
               status.stx_mnt_id);
}

std::optional<Item> Walk::Step(Folder& parent, const Entry& entry) {
  const std::string path = Joined(parent.path, entry.name);
  if (entry.type == DT_LNK) {
    ++links_;
    return std::nullopt;
  }
  // The folder that led to the position is not gone into any more.
  if (resuming_ && entry.name != parts_[parent.part]) resuming_ = false;
  const int folder = parent.descriptor.get();
  struct statx status;
  if (IsSpecial(entry.type)) {
    if (!scope_.TakesFile(path, parent.inside)) return std::nullopt;
    return Make(Item::Kind::kSkipped, path, "not a file");
  }
  if (!Describe(folder, entry.name.c_str(), status)) {
    // Gone since its name was read: nothing to look at.
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    return Make(Item::Kind::kError, path, std::strerror(errno));
  }
  if (S_ISLNK(status.stx_mode)) {
    ++links_;
    return std::nullopt;
  }
  if (S_ISDIR(status.stx_mode)) {
    return StepFolder(folder, entry.name, path,
                      scope_.IsInside(path, parent.inside), status);
  }
  if (!scope_.TakesFile(path, parent.inside)) return std::nullopt;
  if (!S_ISREG(status.stx_mode)) {
    return Make(Item::Kind::kSkipped, path, SpecialKind(status.stx_mode));
  }
  return StepFile(folder, entry.name, path, status);
}

std::optional<Item> Walk::StepFile(int folder, const std::string& name,
                                   const std::string& path,
                                   const struct statx& status) {
  Item item = Make(Item::Kind::kFile, path, "");
  if (mounts_.KeepsTimes(status.stx_mnt_id)) {
    const auto print = FingerprintOf(status);
    if (print && options_.is_clean && options_.is_clean(*print)) {
      item.kind = Item::Kind::kClean;
      item.facts = response::FactsOf(status);
      return item;
    }
  }
  item = OpenFile(folder, name, std::move(item));
  // Gone meanwhile, or a link by now.
  if (item.kind == Item::Kind::kSkipped && item.why.empty()) {
    return std::nullopt;
  }
  return item;
}

Item Walk::OpenFile(int folder, const std::string& name, Item item) {
  UniqueFd held;
  if (!name.empty()) {
    held = OpenAt(folder, name.c_str(), O_PATH | O_NOFOLLOW);
    if (!held) {
      item.kind = errno == ENOENT || errno == ELOOP ? Item::Kind::kSkipped
                                                    : Item::Kind::kError;
      if (item.kind == Item::Kind::kError) item.why = std::strerror(errno);
      return item;
    }
  }
  const int path = name.empty() ? folder : held.get();
  struct statx status;
  if (!Describe(path, "", status)) {
    item.kind = Item::Kind::kError;
    item.why = std::strerror(errno);
    return item;
  }
  if (!S_ISREG(status.stx_mode)) {  // Swapped since it was described.
    item.kind = Item::Kind::kSkipped;
    if (!S_ISLNK(status.stx_mode) && !S_ISDIR(status.stx_mode)) {
      item.why = SpecialKind(status.stx_mode);
    }
    return item;
  }
  item.file = Reopen(path, 0);
  if (!item.file) {
    item.kind = Item::Kind::kError;
    item.why = std::strerror(errno);
    return item;
  }
  // By the open file: what was described before may have been changed.
  if (!HasNoWriter(item.file.get())) {
    (void)Describe(item.file.get(), "", status);
    item.facts = response::FactsOf(status);
    return item;
  }
  (void)Describe(item.file.get(), "", status);
  item.facts = response::FactsOf(status);
  if (mounts_.KeepsTimes(status.stx_mnt_id) &&
      response::Settled(item.facts, UnixNowNs())) {
    item.remember = FingerprintOf(status);
  }
  return item;
}

std::optional<Item> Walk::StepFolder(int folder, const std::string& name,
                                     const std::string& path, bool inside,
                                     const struct statx& status) {
  if (!scope_.Enters(path, inside)) return std::nullopt;
  const uint64_t mount = inside_.back().mount;
  if (status.stx_mnt_id != mount) {
    if (!options_.target.cross) return std::nullopt;  // A target of its own.
    if (const char* why = WhyNotInto(status.stx_mnt_id)) {
      return Make(Item::Kind::kSkipped, path, why);
    }
  }
  if (inside_.size() >= kDepthMax) {
    return Make(Item::Kind::kLimited, path, "too deep");
  }
  constexpr uint64_t kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK;
  UniqueFd descriptor = OpenAt(folder, name.c_str(), kFlags | O_NOATIME);
  // Not ours and without the capability: then it counts as read.
  if (!descriptor && errno == EPERM) {
    descriptor = OpenAt(folder, name.c_str(), kFlags);
  }
  if (!descriptor) {
    if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP) {
      return std::nullopt;  // Gone, or swapped for something else.
    }
    return Make(Item::Kind::kError, path, std::strerror(errno));
  }
  struct statx opened;
  if (!Describe(descriptor.get(), "", opened)) {
    return Make(Item::Kind::kError, path, std::strerror(errno));
  }
  // A mount that came in between is left for a later run.
  if (opened.stx_mnt_id != status.stx_mnt_id) return std::nullopt;
  return Enter(std::move(descriptor), path, inside, opened.stx_mnt_id);
}

std::optional<Item> Walk::Enter(UniqueFd descriptor, const std::string& path,
                                bool inside, uint64_t mount) {
  Folder folder;
  folder.path = path;
  folder.inside = inside;
  folder.mount = mount;
  // Its own descriptor for reading the entries, since that one is closed.
  DIR* const stream = fdopendir(fcntl(descriptor.get(), F_DUPFD_CLOEXEC, 3));
  if (stream == nullptr) {
    return Make(Item::Kind::kError, path, std::strerror(errno));
  }
  errno = 0;
  while (const dirent* entry = readdir(stream)) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (folder.entries.size() >= kFolderEntriesMax) {
      folder.cut = true;
      break;
    }
    folder.entries.push_back({std::string(name), entry->d_type});
  }
  const int failed = folder.cut ? 0 : errno;
  closedir(stream);
  // Half a folder in an order of its own could not be gone on with.
  if (failed != 0) {
    return Make(Item::Kind::kError, path, std::strerror(failed));
  }
  std::sort(folder.entries.begin(), folder.entries.end(),
            [](const Entry& a, const Entry& b) { return a.name < b.name; });
  folder.descriptor = std::move(descriptor);
  folder.part = inside_.size();
  Resume(folder);
  inside_.push_back(std::move(folder));
  return std::nullopt;
}

// Passes over what lies before the position. Only the folders on the way to it
// are gone into again.
void Walk::Resume(Folder& folder) {
  if (!resuming_) return;
  const std::string& part = parts_[folder.part];
  const bool last = folder.part + 1 == parts_.size();
  const auto at =
      std::lower_bound(folder.entries.begin(), folder.entries.end(), part,
                       [](const Entry& entry, const std::string& name) {
                         return entry.name < name;
                       });
  folder.next = static_cast<size_t>(at - folder.entries.begin());
  const bool there = at != folder.entries.end() && at->name == part;
  if (there && last) ++folder.next;
  // A file by now, or gone: what comes behind is new ground.
  if (last || !there || at->type == DT_REG) resuming_ = false;
}

const char* Walk::WhyNotInto(uint64_t mount) {
  const mounts::Mount* known = mounts_.Find(mount);
  return known == nullptr ? "a mount that is not known"
                          : mounts::RuleOf(known->type).why_not;
}

Item Walk::Make(Item::Kind kind, const std::string& path,
                std::string why) const {
  Item item;
  item.kind = kind;
  item.path = path;
  item.why = std::move(why);
  item.area = options_.target.area;
  item.position = PositionOf(path);
  return item;
}

std::string Walk::PositionOf(const std::string& path) const {
  const std::string& base = options_.target.base;
  if (path.size() <= base.size()) return kBase;
  return path.substr(base.ends_with('/') ? base.size() : base.size() + 1);
}

}  // namespace vitrine::tasks
