// SPDX-License-Identifier: Apache-2.0
#include "cli/walker.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <regex.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/file_status.h"

namespace vitrine::cli {
namespace {

constexpr int kOpenFlags =
    O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW;

// File systems that show the kernel's state. Some of their files never end,
// some act when they are read.
bool IsKernelState(int descriptor) {
  constexpr uint64_t kCgroup2 = 0x63677270;
  constexpr uint64_t kTypes[] = {PROC_SUPER_MAGIC,
                                 SYSFS_MAGIC,
                                 DEBUGFS_MAGIC,
                                 TRACEFS_MAGIC,
                                 SECURITYFS_MAGIC,
                                 CGROUP_SUPER_MAGIC,
                                 kCgroup2,
                                 BPF_FS_MAGIC,
                                 PSTOREFS_MAGIC,
                                 DEVPTS_SUPER_MAGIC,
                                 SELINUX_MAGIC,
                                 BINFMTFS_MAGIC,
                                 0x62656570 /*configfs*/,
                                 0x65735543 /*fuse control*/};
  struct statfs status;
  if (fstatfs(descriptor, &status) != 0) return false;
  return std::find(std::begin(kTypes), std::end(kTypes),
                   static_cast<uint64_t>(status.f_type)) != std::end(kTypes);
}

unsigned char TypeOf(mode_t mode) {
  return static_cast<unsigned char>(IFTODT(mode));
}

WalkItem Make(WalkItem::Kind kind, const std::string& path, std::string why) {
  WalkItem item;
  item.kind = kind;
  item.path = path;
  item.why = std::move(why);
  return item;
}

WalkItem Failed(const std::string& path) {
  return Make(WalkItem::Kind::kError, path, std::strerror(errno));
}

std::string Joined(const std::string& folder, const std::string& name) {
  return folder.ends_with('/') ? folder + name : folder + "/" + name;
}

}  // namespace

// The four lists of patterns, compiled.
class Walker::Filter {
 public:
  ~Filter() {
    for (auto* list :
         {&exclude_, &exclude_folder_, &include_, &include_folder_}) {
      for (auto& pattern : *list) regfree(pattern.get());
    }
  }

  Status Compile(const WalkOptions& options) {
    TRY(CompileList(options.exclude, exclude_));
    TRY(CompileList(options.exclude_folder, exclude_folder_));
    TRY(CompileList(options.include, include_));
    return CompileList(options.include_folder, include_folder_);
  }

  bool TakesFile(const std::string& path) const {
    return Takes(path, exclude_, include_);
  }
  bool TakesFolder(const std::string& path) const {
    return Takes(path, exclude_folder_, include_folder_);
  }

 private:
  using List = std::vector<std::unique_ptr<regex_t>>;

  static Status CompileList(const std::vector<std::string>& texts, List& list) {
    for (const std::string& text : texts) {
      auto pattern = std::make_unique<regex_t>();
      const int failed =
          regcomp(pattern.get(), text.c_str(), REG_EXTENDED | REG_NOSUB);
      if (failed != 0) {
        char why[200];
        regerror(failed, pattern.get(), why, sizeof why);
        return Error{Code::kInvalid, text + ": " + why};
      }
      list.push_back(std::move(pattern));
    }
    return Ok();
  }

  static bool Any(const List& list, const std::string& path) {
    return std::any_of(list.begin(), list.end(), [&](const auto& pattern) {
      return regexec(pattern.get(), path.c_str(), 0, nullptr, 0) == 0;
    });
  }

  static bool Takes(const std::string& path, const List& exclude,
                    const List& include) {
    return !Any(exclude, path) && (include.empty() || Any(include, path));
  }

  List exclude_;
  List exclude_folder_;
  List include_;
  List include_folder_;
};

Result<UniqueFd> OpenItem(const WalkItem& item) {
  UniqueFd fd(item.folder != nullptr
                  ? openat(item.folder->get(), item.name.c_str(), kOpenFlags)
                  : open(item.path.c_str(), kOpenFlags & ~O_NOFOLLOW));
  if (!fd) {
    const Code code = errno == ENOENT ? Code::kNotFound : Code::kDenied;
    return Error{code, std::strerror(errno)};
  }
  struct stat status;
  if (fstat(fd.get(), &status) != 0) {
    return Error{Code::kUnavailable, std::strerror(errno)};
  }
  if (!S_ISREG(status.st_mode)) {
    return Error{Code::kInvalid, SpecialKind(status.st_mode)};
  }
  return fd;
}

Result<std::unique_ptr<Walker>> Walker::Create(std::vector<std::string> paths,
                                               const WalkOptions& options) {
  auto filter = std::make_unique<Filter>();
  TRY(filter->Compile(options));
  return std::unique_ptr<Walker>(
      new Walker(std::move(paths), options, std::move(filter)));
}

Walker::Walker(std::vector<std::string> paths, const WalkOptions& options,
               std::unique_ptr<Filter> filter)
    : named_(paths.begin(), paths.end()),
      options_(options),
      filter_(std::move(filter)) {}

Walker::~Walker() = default;

std::optional<WalkItem> Walker::Next() {
  while (true) {
    std::optional<WalkItem> item;
    if (inside_.empty()) {
      if (named_.empty()) return std::nullopt;
      const std::string path = std::move(named_.front());
      named_.pop_front();
      item = StartNamed(path);
    } else if (inside_.back().next == inside_.back().entries.size()) {
      inside_.pop_back();
    } else {
      Folder& folder = inside_.back();
      const Entry entry = std::move(folder.entries[folder.next++]);
      item = StepInto(folder, entry);
    }
    if (item) return item;
  }
}

std::optional<WalkItem> Walker::StartNamed(const std::string& path) {
  if (path == "-") return Make(WalkItem::Kind::kInput, path, "");
  struct stat status;
  if (stat(path.c_str(), &status) != 0) return Failed(path);
  if (S_ISREG(status.st_mode)) {
    return Make(WalkItem::Kind::kFile, path, "");
  }
  if (!S_ISDIR(status.st_mode)) {
    return Make(WalkItem::Kind::kError, path, SpecialKind(status.st_mode));
  }
  UniqueFd fd(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return Failed(path);
  return Enter(std::move(fd), path, true);
}

std::optional<WalkItem> Walker::StepInto(const Folder& parent,
                                         const Entry& entry) {
  const std::string path = Joined(parent.path, entry.name);
  unsigned char type = entry.type;
  if (type == DT_UNKNOWN) {
    struct stat status;
    if (fstatat(parent.descriptor->get(), entry.name.c_str(), &status,
                AT_SYMLINK_NOFOLLOW) != 0) {
      return Failed(path);
    }
    type = TypeOf(status.st_mode);
  }
  if (type == DT_LNK) {
    ++links_;
    return std::nullopt;
  }
  if (type == DT_DIR) {
    if (!filter_->TakesFolder(path)) return std::nullopt;
    if (inside_.size() > options_.depth_max) {
      return Make(WalkItem::Kind::kLimited, path, "max-dir-recursion");
    }
    UniqueFd fd(openat(parent.descriptor->get(), entry.name.c_str(),
                       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd) return Failed(path);
    return Enter(std::move(fd), path, false);
  }
  if (!filter_->TakesFile(path)) return std::nullopt;
  if (type != DT_REG) {
    return Make(WalkItem::Kind::kSkipped, path, SpecialKind(DTTOIF(type)));
  }
  WalkItem item = Make(WalkItem::Kind::kFile, path, "");
  item.folder = parent.descriptor;
  item.name = entry.name;
  return item;
}

std::optional<WalkItem> Walker::Enter(UniqueFd descriptor,
                                      const std::string& path, bool named) {
  struct stat status;
  if (fstat(descriptor.get(), &status) != 0) return Failed(path);
  if (!named && status.st_dev != inside_.back().device) {
    if (!options_.cross_file_systems) return std::nullopt;
    if (IsKernelState(descriptor.get())) {
      return Make(WalkItem::Kind::kSkipped, path, "a view of the kernel");
    }
  }
  Folder folder;
  folder.path = path;
  folder.device = status.st_dev;
  const int copy = dup(descriptor.get());
  DIR* const listing = copy < 0 ? nullptr : fdopendir(copy);
  if (listing == nullptr) {
    const WalkItem failed = Failed(path);
    if (copy >= 0) close(copy);
    return failed;
  }
  errno = 0;
  while (const dirent* entry = readdir(listing)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") {
      folder.entries.push_back({name, entry->d_type});
    }
    errno = 0;
  }
  const bool broken = errno != 0;
  const WalkItem failed = Failed(path);
  closedir(listing);
  std::sort(folder.entries.begin(), folder.entries.end(),
            [](const Entry& a, const Entry& b) { return a.name < b.name; });
  folder.descriptor = std::make_shared<const UniqueFd>(std::move(descriptor));
  inside_.push_back(std::move(folder));
  // What could be listed is walked all the same.
  if (broken) return failed;
  return std::nullopt;
}

}  // namespace vitrine::cli
