// SPDX-License-Identifier: Apache-2.0
#include "doorman/gate.h"

#include <utility>

namespace vitrine::doorman {

void Gate::Push(const PeerKey& peer, Job job) {
  std::deque<Job>& queue = jobs_[peer];
  if (queue.empty()) turns_.push_back(peer);
  queue.push_back(std::move(job));
  ++waiting_;
}

std::optional<Job> Gate::Pop() {
  if (turns_.empty() || inside_ >= places_) return std::nullopt;
  const PeerKey peer = turns_.front();
  turns_.pop_front();
  const auto entry = jobs_.find(peer);
  Job job = std::move(entry->second.front());
  entry->second.pop_front();
  if (entry->second.empty()) {
    jobs_.erase(entry);
  } else {
    turns_.push_back(peer);
  }
  --waiting_;
  ++inside_;
  return job;
}

void Gate::Remove(const PeerKey& peer, uint64_t connection) {
  const auto entry = jobs_.find(peer);
  if (entry == jobs_.end()) return;
  waiting_ -= std::erase_if(entry->second, [&](const Job& job) {
    return job.connection == connection;
  });
  if (!entry->second.empty()) return;
  jobs_.erase(entry);
  std::erase(turns_, peer);
}

}  // namespace vitrine::doorman
