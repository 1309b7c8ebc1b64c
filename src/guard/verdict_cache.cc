// SPDX-License-Identifier: Apache-2.0
#include "guard/verdict_cache.h"

#include <utility>

namespace vitrine::guard {

std::optional<KnownVerdict> VerdictCache::Find(const FileFacts& facts) const {
  const auto found = entries_.find(facts.key);
  if (found == entries_.end()) return std::nullopt;
  if (!found->second.facts.SameContents(facts)) return std::nullopt;
  return found->second.verdict;
}

void VerdictCache::Insert(const FileFacts& facts, KnownVerdict verdict) {
  const bool is_new =
      entries_.insert_or_assign(facts.key, Entry{facts, std::move(verdict)})
          .second;
  if (!is_new) return;
  order_.push_back(facts.key);
  // What was forgotten and came again is named twice; the order stays bounded
  // all the same, since each name is taken off once.
  while (order_.size() > entries_max_) {
    entries_.erase(order_.front());
    order_.pop_front();
  }
}

void VerdictCache::Clear() {
  entries_.clear();
  order_.clear();
}

}  // namespace vitrine::guard
