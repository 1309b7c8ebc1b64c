// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "base/result.h"
#include "config/config.h"
#include "courier/staging.h"
#include "http/client.h"
#include "wire/courier.h"

namespace vitrine::courier {

// Fetches what jobs ask for from the configured mirrors into the staging
// folder. Knows nothing of what the files are. Not thread-safe.
class Courier {
 public:
  // Waits; tests give one that does not.
  using Pause = std::function<void(std::chrono::milliseconds)>;
  using Report = std::function<Status(const wire::CourierResult&)>;

  // `client` and `staging` outlive this. kInvalid: a mirror is no URL.
  static Result<Courier> Create(const config::UpdateConfig& config,
                                http::Client& client, Staging& staging,
                                Pause pause);

  // Fetches one after the other and reports each. An error is the report's.
  Status Run(const wire::CourierJob& job, const Report& report);

 private:
  // What all mirrors together had to say of a file, so far.
  struct Tally {
    size_t missing = 0;  // Mirrors that said they do not have it.
    bool again = false;  // Some failure may pass.
    http::Answer last;
  };

  Courier(const config::UpdateConfig& config, http::Client& client,
          Staging& staging, Pause pause);

  wire::CourierResult Fetch(const wire::CourierFetch& fetch, Deadline deadline);
  bool AskMirror(uint32_t mirror, const wire::CourierFetch& fetch,
                 Deadline deadline, Tally& tally, wire::CourierResult& result);
  http::Answer Ask(const http::Url& url, Staging::Part& part, uint64_t size_max,
                   Deadline deadline);

  const config::UpdateConfig config_;
  http::Client& client_;
  Staging& staging_;
  const Pause pause_;
  std::vector<http::Url> mirrors_;
  std::vector<uint32_t> order_;  // Of the job: the last one that had something
                                 // comes first.
};

}  // namespace vitrine::courier
