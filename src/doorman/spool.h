// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "doorman/peer.h"

namespace vitrine::doorman {

// What all spools hold together; shared by those of one thread.
struct SpoolUse {
  uint64_t memory = 0;
  uint64_t all = 0;
  std::map<PeerKey, uint64_t> peers;  // No entry for those that hold nothing.
};

// The body of one stream: at hand while it is small, then in memory with a
// descriptor, in an unlinked file of `folder` beyond kSpoolMemory. Belongs to
// one thread.
class Spool {
 public:
  Spool(std::string folder, PeerKey peer, SpoolUse& use)
      : folder_(std::move(folder)), peer_(peer), use_(use) {}
  ~Spool() { Forget(); }
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  // kLimit if spools hold too much already, kUnavailable if the disk does not
  // take it.
  Status Append(Bytes content);

  // The whole, if it is at hand.
  std::optional<Bytes> AtHand() const {
    if (file_) return std::nullopt;
    return AsBytes(at_hand_);
  }

  // The whole, at offset 0; sealed against change where it is in memory. The
  // bytes count until Forget() or the end of the spool: they are in use until
  // the scan is over.
  Result<UniqueFd> Take();

  void Forget();

 private:
  Status Open();  // And writes what was at hand.
  Status MoveToFile();
  Status Write(Bytes content);

  std::string folder_;
  PeerKey peer_;
  SpoolUse& use_;
  std::string at_hand_;  // Until there is a file.
  UniqueFd file_;
  uint64_t size_ = 0;     // Of the file.
  uint64_t counted_ = 0;  // In use_.all.
  bool in_memory_ = true;
};

}  // namespace vitrine::doorman
