// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "tuf/client.h"
#include "update/fetch/courier_client.h"

namespace vitrine::update {

// TUF's files by a courier: metadata below "METADATA/" at the mirrors, targets
// below "TARGETS/", a job each. Mirrors of which something was not what it
// should be can be left out from then on.
class CourierFetcher : public tuf::Fetcher {
 public:
  struct Options {
    std::string metadata = "metadata/";
    std::string targets = "targets/";
    std::chrono::milliseconds time{3'600'000};  // For each file.
  };

  // `courier` outlives this.
  CourierFetcher(CourierClient& courier, Options options)
      : courier_(courier), options_(std::move(options)) {}

  Result<ByteVector> FetchMetadata(const std::string& name,
                                   size_t size_max) override;
  // Staged whole before the first piece is given: what has a name for its hash
  // is gone on with where an earlier try was interrupted.
  Status FetchTarget(const std::string& name, uint64_t size_max,
                     const Sink& sink) override;

  // The mirror that the last file came from.
  uint32_t mirror() const { return mirror_; }
  void Avoid(uint32_t mirror) { avoid_.push_back(mirror); }

 private:
  Status Fetch(const std::string& name, uint64_t size_max, bool immutable);

  CourierClient& courier_;
  const Options options_;
  std::vector<uint32_t> avoid_;
  uint32_t mirror_ = 0;
};

}  // namespace vitrine::update
