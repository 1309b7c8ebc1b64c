// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "config/paths.h"
#include "update/order/order.h"
#include "update/state/state.h"

namespace vitrine::update {

struct SessionOptions {
  config::Paths paths;
  size_t mirrors = 0;  // That the courier's configuration names.
  std::string bundle;  // A file instead of mirrors; "": mirrors.
  std::string channel = "main";
  uint64_t pin = 0;
  uint64_t min_age = 0;
  bool look = false;
  std::string verifier;  // Programs.
  std::string courier;
  std::string scanner;
};

struct SessionResult {
  Verdict verdict;
  size_t known_good = 0;  // Files that the database was tried on.
  std::vector<std::string> alerts;
};

// One update from end to end: fetched, judged in a cage, checked once more
// here, tried on files that are good, and switched to. On an error the database
// that was in use is in use. What the verifier or a known-good file refuses
// (kDenied) is kept as evidence. Where a mirror gave what was refused and there
// is another one, the refusal is told in `alerts`, and that one is asked.
Status RunSession(UpdateState& state, const SessionOptions& options,
                  SessionResult& result);

}  // namespace vitrine::update
