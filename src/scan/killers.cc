// SPDX-License-Identifier: Apache-2.0
#include "scan/killers.h"

#include "scan/limits.h"

namespace vitrine::scan {
namespace {

uint64_t Nanoseconds(const timespec& time) {
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000 +
         static_cast<uint64_t>(time.tv_nsec);
}

}  // namespace

SampleIdentity SampleIdentity::Of(const struct stat& status) {
  return {{status.st_dev, status.st_ino, static_cast<uint64_t>(status.st_size),
           Nanoseconds(status.st_mtim), Nanoseconds(status.st_ctim)}};
}

void Killers::Add(const SampleIdentity& sample) {
  const auto known = by_sample_.find(sample);
  if (known != by_sample_.end()) {
    ++known->second->deaths;
    entries_.splice(entries_.begin(), entries_, known->second);
    return;
  }
  entries_.push_front({sample, 1});
  by_sample_.emplace(sample, entries_.begin());
  if (entries_.size() > kKillersMax) {
    by_sample_.erase(entries_.back().sample);
    entries_.pop_back();
  }
}

bool Killers::Knows(const SampleIdentity& sample) {
  const auto known = by_sample_.find(sample);
  if (known == by_sample_.end()) return false;
  entries_.splice(entries_.begin(), entries_, known->second);
  return known->second->deaths >= kDeathsMax;
}

void Killers::Clear() {
  by_sample_.clear();
  entries_.clear();
}

}  // namespace vitrine::scan
