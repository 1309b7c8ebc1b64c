// SPDX-License-Identifier: Apache-2.0
#include "guard/watcher.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <poll.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/read_file.h"
#include "base/text.h"
#include "guard/limits.h"
#include "mounts/limits.h"

namespace vitrine::guard {

using config::GuardMode;

namespace {

constexpr unsigned kEntriesTried = 64;

// `point` as a process with that root sees it: no link leads out of it.
UniqueFd OpenIn(int root, const std::string& point) {
  open_how how = {};
  how.flags = O_PATH | O_CLOEXEC | O_NOFOLLOW;
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  return UniqueFd(static_cast<int>(
      syscall(SYS_openat2, root, point.c_str(), &how, sizeof how)));
}

// The number in "mnt:[4026531840]"; 0 if it cannot be read.
uint64_t SpaceOf(const std::string& folder) {
  char link[64];
  const ssize_t size =
      readlink((folder + "/ns/mnt").c_str(), link, sizeof link);
  if (size < 7) return 0;
  const std::string_view text(link, static_cast<size_t>(size));
  return ParseDecimal(text.substr(5, text.size() - 6)).value_or(0);
}

// A file of ours in the folder, without a name.
UniqueFd OpenUnnamed(const std::string& link) {
  return UniqueFd(open(link.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
}

// One that is there.
UniqueFd OpenListed(const std::string& link) {
  UniqueFd file;
  DIR* folder = opendir(link.c_str());
  if (folder == nullptr) return file;
  for (unsigned i = 0; i < kEntriesTried && !file; ++i) {
    const dirent* entry = readdir(folder);
    if (entry == nullptr) break;
    if (entry->d_type != DT_REG) continue;
    file.Reset(openat(dirfd(folder), entry->d_name,
                      O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  }
  closedir(folder);
  return file;
}

std::string LinkTo(int place) {
  return "/proc/self/fd/" + std::to_string(place);
}

bool IsStacked(const Mount& mount) { return mount.type == "overlay"; }

constexpr const char* kThroughLayers = "seen through its layers";

}  // namespace

std::unique_ptr<Watcher> Watcher::Start(Parts parts) {
  std::unique_ptr<Watcher> watcher(new Watcher(parts));
  watcher->spaces_.push_back({0, "/proc/self", "", {}, {}});
  watcher->thread_ = std::jthread(
      [raw = watcher.get()](std::stop_token stop) { raw->Run(stop); });
  return watcher;
}

void Watcher::Run(std::stop_token stop) {
  pthread_setname_np(pthread_self(), "mounts");
  const UniqueFd table(open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC));
  auto next_scan = Deadline::Clock::now();
  while (!stop.stop_requested()) {
    parts_.shared.beats[SharedState::kMounts] = SteadyNow();
    pollfd wait = {table.get(), POLLPRI, 0};
    const int changed =
        poll(&wait, 1, static_cast<int>(kHeartbeat.count()) / 2);
    uint64_t wanted;
    {
      const std::lock_guard lock(mutex_);
      wanted = wanted_;
    }
    const bool scan = Deadline::Clock::now() >= next_scan;
    if (changed <= 0 && !scan && wanted == done_) continue;
    if (scan) {
      FindSpaces();
      next_scan = Deadline::Clock::now() + kNamespaceScan;
    }
    do {
      again_ = false;
      Look();
    } while (again_);
    Publish();
    const std::lock_guard lock(mutex_);
    done_ = wanted;
    changed_.notify_all();
  }
}

void Watcher::FindSpaces() {
  const uint64_t own = SpaceOf("/proc/self");
  std::unordered_map<uint64_t, std::string> found;
  uint64_t beyond = 0;
  DIR* folder =
      config_ == nullptr || config_->containers ? opendir("/proc") : nullptr;
  for (size_t i = 0; folder != nullptr && i < kProcessesMax; ++i) {
    const dirent* entry = readdir(folder);
    if (entry == nullptr) break;
    if (!IsDigit(static_cast<uint8_t>(entry->d_name[0]))) continue;
    const std::string process = std::string("/proc/") + entry->d_name;
    const uint64_t id = SpaceOf(process);
    if (id == 0 || id == own || found.contains(id)) continue;
    if (found.size() >= kNamespacesMax) {
      ++beyond;
      continue;
    }
    found[id] = process;
  }
  if (folder != nullptr) closedir(folder);
  unseen_now_ = beyond;
  std::erase_if(spaces_, [&](const Space& space) {
    return space.id != 0 && !found.contains(space.id);
  });
  for (Space& space : spaces_) {
    if (space.id == 0) continue;
    space.folder = found[space.id];
    found.erase(space.id);
  }
  for (auto& [id, process] : found)
    spaces_.push_back({id, process, "", {}, {}});
}

void Watcher::Look() {
  const Gate::Config config = parts_.gate.config();
  const bool other = config != config_;
  config_ = config;
  if (other) Unmark();
  const auto now = Deadline::Clock::now();
  const bool prove = now - proven_at_ >= kProofInterval;
  if (other || prove) proofs_.clear();
  if (prove) proven_at_ = now;
  for (Space& space : spaces_) {
    if (!ReadTableOf(space, other || prove).ok()) space.mounts.clear();
  }
  // What others are made of comes first.
  for (Space& space : spaces_) LookInto(space, Kind::kPlain);
  for (Space& space : spaces_) LookInto(space, Kind::kStacked);
  for (Space& space : spaces_) {
    for (const Coverage& coverage : space.coverage) {
      if (coverage.failed) Tell(coverage);
    }
    if (space.id == 0 && !space.mounts.empty()) FindLasting(space.mounts);
    space.mounts.clear();
  }
}

// Leaves in space.mounts what is to be looked at: nothing, if nothing changed.
Status Watcher::ReadTableOf(Space& space, bool anew) {
  std::string table =
      TRY(ReadTextFile(space.folder + "/mountinfo", mounts::kMountTableBytes));
  if (!anew && table == space.table) return Ok();
  size_t odd = 0;
  space.mounts = TRY(ParseMounts(table, odd));
  space.table = std::move(table);
  space.coverage.assign(space.mounts.size(), {});
  return Ok();
}

void Watcher::LookInto(Space& space, Kind kind) {
  if (space.mounts.empty()) return;
  const UniqueFd root(
      open((space.folder + "/root").c_str(), O_PATH | O_CLOEXEC));
  if (!root) return;  // The process has ended.
  for (size_t i = 0; i < space.mounts.size(); ++i) {
    const Mount& mount = space.mounts[i];
    if (IsStacked(mount) != (kind == Kind::kStacked)) continue;
    space.coverage[i] = Consider(root.get(), mount);
    space.coverage[i].space = space.id;
  }
}

Coverage Watcher::Consider(int root, const Mount& mount) {
  Coverage coverage;
  coverage.point = mount.point;
  coverage.type = mount.type;
  coverage.device = mount.device;
  const FilesystemRule& rule = RuleOf(mount.type);
  if (!rule.watched) {
    coverage.why_not = rule.why_not;
  } else if (config_->mode == GuardMode::kOff) {
    coverage.why_not = "the guard is off";
  } else if (!config_->watch_only.empty() &&
             !config::AnyMatches(config_->watch_only, mount.point)) {
    coverage.why_not = "not in watch_only";
  } else if (config::AnyMatches(config_->exclude_mounts, mount.point)) {
    coverage.why_not = "in exclude_mounts";
  } else {
    const Status marked = Mark(root, mount, coverage);
    coverage.watched = marked.ok();
    if (!marked.ok()) {
      coverage.why_not = marked.error().message;
      coverage.failed = marked.error().code != Code::kNotFound;
    }
  }
  return coverage;
}

Status Watcher::Mark(int root, const Mount& mount, Coverage& coverage) {
  const UniqueFd place = OpenIn(root, mount.point);
  if (!place) {
    return Error{errno == ENOENT ? Code::kNotFound : Code::kUnavailable,
                 std::string("cannot be opened: ") + std::strerror(errno)};
  }
  const auto facts = FactsOf(place.get());
  // Another mount lies over it, or it has gone: the kernel's table is older.
  if (!facts.ok() || facts.value().mount != mount.id) {
    return Error{Code::kNotFound, "covered by another mount"};
  }
  if (IsStacked(mount)) {
    switch (TryLayers(place.get())) {
      case Layers::kNotSeen:
        break;
      case Layers::kSeen:
        coverage.proof = kThroughLayers;
        return Ok();
      case Layers::kPartly:
        return Error{Code::kUnavailable, "not all of its layers are watched"};
      case Layers::kUntried:
        return Error{Code::kUnavailable, "its layers cannot be tried"};
    }
  } else if (marked_.insert(mount.device).second && nests_) {
    UnmarkStacked();
  }
  // Notices first: no verdict may be remembered before they come.
  TRY(parts_.notice.Watch(place.get()));
  TRY(parts_.permission.Watch(place.get()));
  std::string& proof = proofs_[mount.device];
  if (proof != "seen") proof = Prove(place.get());
  coverage.proof = proof;
  return Ok();
}

void Watcher::Unmark() {
  marked_.clear();
  for (const Space& space : spaces_) {
    const UniqueFd root(
        open((space.folder + "/root").c_str(), O_PATH | O_CLOEXEC));
    if (!root) continue;
    for (const Coverage& coverage : space.coverage) {
      if (!coverage.watched) continue;
      const UniqueFd place = OpenIn(root.get(), coverage.point);
      if (!place) continue;
      (void)parts_.permission.Unwatch(place.get());
      (void)parts_.notice.Unwatch(place.get());
    }
  }
}

// Kernels differ: some ask about the layer's file too when one of an overlay is
// opened, and so once more when the reader gets its descriptor for the first
// question. It would wait for itself. There the layers are watched, and the
// overlay is not. Tried while it is not watched.
Watcher::Layers Watcher::TryLayers(int place) {
  unsigned tried = 0;
  unsigned seen = 0;
  const auto look = [&](const UniqueFd& file) {
    if (!file) return;
    const auto facts = FactsOf(file.get());
    if (!facts.ok()) return;
    ++tried;
    seen += parts_.gate.TookOwnOpenBelow(facts.value().key);
  };
  look(OpenUnnamed(LinkTo(place)));  // Of the upper layer;
  look(OpenListed(LinkTo(place)));   // perhaps of a lower one.
  nests_ = nests_ || seen > 0;
  if (tried == 0 && nests_) return Layers::kUntried;
  if (seen == 0) return Layers::kNotSeen;
  return seen == tried ? Layers::kSeen : Layers::kPartly;
}

// Another file system is going to be watched, which may be a layer of theirs:
// they are tried anew.
void Watcher::UnmarkStacked() {
  for (Space& space : spaces_) {
    const UniqueFd root(
        open((space.folder + "/root").c_str(), O_PATH | O_CLOEXEC));
    for (const Coverage& coverage : space.coverage) {
      if (!coverage.watched || coverage.type != "overlay" ||
          coverage.proof == kThroughLayers) {
        continue;
      }
      space.table.clear();
      again_ = true;
      const UniqueFd place = OpenIn(root.get(), coverage.point);
      if (!place) continue;
      (void)parts_.permission.Unwatch(place.get());
      (void)parts_.notice.Unwatch(place.get());
    }
  }
}

// Opens a file there and looks whether the reader was asked about it.
std::string Watcher::Prove(int place) {
  UniqueFd file = OpenUnnamed(LinkTo(place));
  if (!file && errno != ENOTDIR) file = OpenListed(LinkTo(place));
  if (!file) return "nothing there to open";
  const auto facts = FactsOf(file.get());
  if (!facts.ok()) return facts.error().message;
  return parts_.gate.TookOwnOpen(facts.value().key) ? "seen" : "not seen";
}

void Watcher::FindLasting(const std::vector<Mount>& mounts) {
  auto ids = std::make_shared<std::unordered_set<uint64_t>>();
  for (const Mount& mount : mounts) {
    if (config::AnyMatches(config_->lasting_mounts, mount.point)) {
      ids->insert(mount.id);
    }
  }
  parts_.gate.SetLastingMounts(std::move(ids));
}

void Watcher::Tell(const Coverage& coverage) {
  if (!told_.insert(coverage.device + coverage.point).second) return;
  if (told_.size() > mounts::kMountsMax) told_.clear();
  events::Event event = events::Make(events::FileActivity::kMount);
  event.severity = events::Severity::kHigh;
  event.reason = "not-watched";
  event.message = "A mount cannot be watched: " + coverage.why_not;
  event.path = coverage.point;
  parts_.sink.Append(event);
}

void Watcher::Publish() {
  std::vector<Coverage> all;
  for (const Space& space : spaces_) {
    all.insert(all.end(), space.coverage.begin(), space.coverage.end());
  }
  const std::lock_guard lock(mutex_);
  coverage_ = std::move(all);
  unseen_ = unseen_now_;
}

std::vector<Coverage> Watcher::coverage() const {
  const std::lock_guard lock(mutex_);
  return coverage_;
}

uint64_t Watcher::unseen() const {
  const std::lock_guard lock(mutex_);
  return unseen_;
}

void Watcher::Refresh() {
  std::unique_lock lock(mutex_);
  const uint64_t mine = ++wanted_;
  changed_.wait(lock, [&] { return done_ >= mine; });
}

}  // namespace vitrine::guard
