// SPDX-License-Identifier: Apache-2.0
#include "quarantine/store.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <thread>

#include "base/text.h"
#include "quarantine/key.h"
#include "quarantine/limits.h"
#include "quarantine/names.h"

namespace vitrine::quarantine {

Store::Store(Options options, UniqueFd folder, const crypto::Key256& key)
    : options_(std::move(options)), folder_(std::move(folder)), key_(key) {}

Result<Store> Store::Open(Options options) {
  if (mkdir(options.folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return FromErrno(options.folder);
  }
  UniqueFd folder(open(options.folder.c_str(),
                       O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (!folder) return FromErrno(options.folder);
  struct stat status;
  if (fstat(folder.get(), &status) != 0) return FromErrno(options.folder);
  if (status.st_uid != geteuid() || (status.st_mode & 077) != 0) {
    return Error{Code::kDenied,
                 options.folder + ": not a folder that is ours alone"};
  }
  const crypto::Key256 key = TRY(LoadOrMakeKey(options.key_file));
  return Store(std::move(options), std::move(folder), key);
}

Result<std::vector<std::string>> Store::Names(const char* suffix) const {
  // A descriptor of its own: the position of a folder's is shared by copies.
  UniqueFd copy(openat(folder_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!copy) return FromErrno(options_.folder);
  DIR* const listing = fdopendir(copy.get());
  if (listing == nullptr) return FromErrno(options_.folder);
  copy.Release();
  std::vector<std::string> names;
  while (const dirent* entry = readdir(listing)) {
    if (IsItemName(entry->d_name, suffix)) names.emplace_back(entry->d_name);
    if (names.size() == kItemsMax) break;
  }
  closedir(listing);
  std::sort(names.begin(), names.end());
  return names;
}

// The file, with nobody else at it (kAlone) or nobody who changes it (kShared)
// for as long as it is open. kUnavailable where somebody stays at it;
// kAloneOrNot does not wait.
Result<UniqueFd> Store::OpenLocked(const std::string& name, Lock lock) const {
  UniqueFd file(openat(folder_.get(), name.c_str(),
                       O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file) return FromErrno("quarantine item " + name);
  const int how = lock == Lock::kShared ? LOCK_SH : LOCK_EX;
  const int most = lock == Lock::kAloneOrNot ? 1 : kLockTries;
  for (int tries = 1; flock(file.get(), how | LOCK_NB) != 0; ++tries) {
    if (tries == most) {
      return Error{Code::kUnavailable,
                   "quarantine item " + name + ": in use by another program"};
    }
    std::this_thread::sleep_for(kLockPause);
  }
  // It may have been dropped between the two calls.
  struct stat status;
  if (fstat(file.get(), &status) != 0 || status.st_nlink == 0) {
    return Error{Code::kNotFound, "quarantine item " + name + ": gone"};
  }
  return file;
}

Result<ItemReader> Store::Read(const ItemId& id, Lock lock) const {
  const std::string name = NameOf(id, kItemSuffix);
  UniqueFd file = TRY(OpenLocked(name, lock));
  ItemReader reader = TRY(ItemReader::Open(std::move(file), key_));
  if (reader.item().id != id) {
    return Error{Code::kInvalid,
                 "quarantine item " + name + ": holds another item"};
  }
  return reader;
}

Result<Item> Store::Get(const ItemId& id) const {
  const ItemReader reader = TRY(Read(id, Lock::kShared));
  return reader.item();
}

Result<Listing> Store::List() const {
  Listing listing;
  const std::vector<std::string> names = TRY(Names(kItemSuffix));
  if (names.size() == kItemsMax) {
    listing.problems.push_back("more items than are listed");
  }
  for (const std::string& name : names) {
    auto item = Get(IdOf(name));
    if (item.ok()) {
      listing.stored += item.value().stored;
      listing.items.push_back(std::move(item).value());
    } else if (item.error().code != Code::kNotFound) {
      listing.problems.push_back(name + ": " + item.error().message);
    }
  }
  std::stable_sort(listing.items.begin(), listing.items.end(),
                   [](const Item& a, const Item& b) {
                     return a.metadata.taken_ns < b.metadata.taken_ns;
                   });
  return listing;
}

Result<ItemId> Store::Find(const std::string& prefix) const {
  const std::vector<std::string> names = TRY(Names(kItemSuffix));
  const std::string* found = nullptr;
  for (const std::string& name : names) {
    if (prefix.empty() || !name.starts_with(prefix)) continue;
    if (found != nullptr) {
      return Error{Code::kInvalid, "more than one item begins with " + prefix};
    }
    found = &name;
  }
  if (found == nullptr) {
    return Error{Code::kNotFound, "no item in quarantine is called " + prefix};
  }
  return IdOf(*found);
}

Status Store::Drop(const ItemId& id) {
  const std::string name = NameOf(id, kItemSuffix);
  const UniqueFd file = TRY(OpenLocked(name, Lock::kAlone));
  if (unlinkat(folder_.get(), name.c_str(), 0) != 0) {
    return FromErrno("quarantine item " + name);
  }
  return SyncFolder();
}

Result<std::vector<Item>> Store::Retain(uint64_t age_max_days,
                                        uint64_t stored_max, int64_t now_ns) {
  constexpr int64_t kDayNs = int64_t{86'400} * 1'000'000'000;
  Listing listing = TRY(List());
  std::vector<Item> dropped;
  uint64_t stored = listing.stored;
  for (Item& item : listing.items) {
    const int64_t days = (now_ns - item.metadata.taken_ns) / kDayNs;
    const bool is_old =
        age_max_days > 0 && days >= static_cast<int64_t>(age_max_days);
    const bool is_too_much = stored_max > 0 && stored > stored_max;
    if (!is_old && !is_too_much) continue;
    // In use: next time.
    if (!Drop(item.id).ok()) continue;
    stored -= item.stored;
    dropped.push_back(std::move(item));
  }
  return dropped;
}

void Store::Discard(const ItemId& id, const char* suffix) const {
  unlinkat(folder_.get(), NameOf(id, suffix).c_str(), 0);
}

Status Store::Rename(const ItemId& id, const char* from, const char* to) const {
  if (renameat(folder_.get(), NameOf(id, from).c_str(), folder_.get(),
               NameOf(id, to).c_str()) != 0) {
    return FromErrno("naming a quarantine item");
  }
  return Ok();
}

Status Store::SyncFolder() const {
  if (fsync(folder_.get()) != 0) return FromErrno(options_.folder);
  return Ok();
}

}  // namespace vitrine::quarantine
