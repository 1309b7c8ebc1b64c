// SPDX-License-Identifier: Apache-2.0
#include "guard/kernel_cache.h"

#include <fcntl.h>
#include <signal.h>

#include <utility>
#include <vector>

namespace vitrine::guard {

int LeaseSignal() { return SIGRTMIN + 3; }

bool KernelLeases::Take(int file) {
  // The signal first: a break between the two would be told by plain SIGIO.
  return fcntl(file, F_SETSIG, LeaseSignal()) == 0 &&
         fcntl(file, F_SETLEASE, F_RDLCK) == 0;
}

bool KernelLeases::Stands(int file) const {
  // While it is being broken the kernel names what it will become: F_UNLCK.
  return fcntl(file, F_GETLEASE) == F_RDLCK;
}

void KernelLeases::Give(int file) { (void)fcntl(file, F_SETLEASE, F_UNLCK); }

bool KernelCache::Hold(int file) {
  if (!leases_.Take(file)) return false;
  held_[file] = false;
  return true;
}

bool KernelCache::Unwritten(int file) const {
  const auto held = held_.find(file);
  return held != held_.end() && !held->second && leases_.Stands(file);
}

void KernelCache::Release(int file) {
  if (held_.erase(file) > 0) leases_.Give(file);
}

bool KernelCache::Keep(UniqueFd file, const FileFacts& facts) {
  const int number = file.get();
  const bool execute = !facts.WritableByUsers();
  // A second question about a file that is kept already (an execution, or one
  // that raced with the mark): the first lease is enough.
  const bool known = by_key_.contains(facts.key);
  if (known || !Unwritten(number) || !fanotify_.Ignore(number, execute).ok()) {
    Release(number);
    return known;
  }
  held_.erase(number);
  kept_[number] = Kept{std::move(file), facts.key, ++next_age_};
  by_key_[facts.key] = number;
  order_.emplace_back(number, next_age_);
  // A writer may have come between the question and the mark; he waits, and so
  // it is not too late.
  if (!leases_.Stands(number)) {
    Drop(number);
    return false;
  }
  while (kept_.size() > kept_max_) {
    const auto [oldest, age] = order_.front();
    order_.pop_front();
    const auto found = kept_.find(oldest);
    if (found != kept_.end() && found->second.age == age) Drop(oldest);
  }
  // Names of what was dropped otherwise pile up here.
  while (order_.size() > 2 * kept_max_) order_.pop_front();
  return true;
}

void KernelCache::Drop(int file) {
  const auto found = kept_.find(file);
  if (found == kept_.end()) return;
  // The mark before the lease: the writer waits until there is none.
  (void)fanotify_.Unignore(file);
  leases_.Give(file);
  by_key_.erase(found->second.key);
  kept_.erase(found);
}

void KernelCache::Broken(int file) {
  std::vector<int> all;
  if (file >= 0) {
    all.push_back(file);
  } else {
    for (const auto& [number, kept] : kept_) all.push_back(number);
    for (const auto& [number, broken] : held_) all.push_back(number);
  }
  for (const int number : all) {
    // The number may have been given to another file since the signal.
    if (leases_.Stands(number)) continue;
    Drop(number);
    const auto held = held_.find(number);
    if (held == held_.end() || held->second) continue;
    held->second = true;
    leases_.Give(number);
  }
}

void KernelCache::Forget(const FileKey& key) {
  const auto found = by_key_.find(key);
  if (found != by_key_.end()) Drop(found->second);
}

void KernelCache::Clear() {
  while (!kept_.empty()) Drop(kept_.begin()->first);
  order_.clear();
}

}  // namespace vitrine::guard
