// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/unique_fd.h"
#include "crypto/digest.h"
#include "doorman/peer.h"
#include "doorman/spool.h"

namespace vitrine::doorman {

// One sample on its way to a scanner.
struct Job {
  uint64_t connection = 0;
  uint64_t tag = 0;  // The connection's own.
  UniqueFd sample;
  std::unique_ptr<Spool> spool;  // Whose bytes the sample is; may be none.
  std::string name;              // What rules see; may be empty.
  std::optional<crypto::Sha256Digest> digest;  // Of small streams.
  bool all_match = false;
};

// Lets so many samples in at a time, and the peers by turns: one that sends a
// thousand makes another wait for one, not for a thousand. Bounded by those
// who push: kScansAConnection a connection.
class Gate {
 public:
  explicit Gate(size_t places) : places_(places) {}

  void Push(const PeerKey& peer, Job job);
  // The next that may go in; it holds a place until Leave().
  std::optional<Job> Pop();
  void Leave() { --inside_; }
  // Forgets what a connection has waiting.
  void Remove(const PeerKey& peer, uint64_t connection);

  size_t inside() const { return inside_; }
  size_t waiting() const { return waiting_; }

 private:
  size_t places_;
  size_t inside_ = 0;
  size_t waiting_ = 0;
  std::map<PeerKey, std::deque<Job>> jobs_;  // No empty queues.
  std::deque<PeerKey> turns_;                // Each key of jobs_ once.
};

}  // namespace vitrine::doorman
