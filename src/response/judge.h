// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/deadline.h"
#include "base/unique_fd.h"
#include "model/scan_report.h"

namespace vitrine::response {

// What a scanner made of a file: all that whoever asks ever learns of it.
struct Judgement {
  Verdict verdict = Verdict::kError;
  std::string rule;       // First alert: printable ASCII, 127 bytes at most.
  uint32_t rules = 0;     // How many alerts.
  std::string reason;     // Stable word, of kError: "timeout", "crash", ...
  uint64_t database = 0;  // Generation that judged.
};

enum class Rules : uint8_t { kFirst, kAll };

// Who looks into files for the guard and the tasks. Thread-safe.
class Judge {
 public:
  using Callback = std::function<void(Judgement)>;

  virtual ~Judge() = default;
  // `callback` comes exactly once, by the deadline, on a thread of the judge's
  // and never within Ask().
  virtual void Ask(UniqueFd sample, Deadline deadline, Rules rules,
                   std::string path, Callback callback) = 0;
  // Generation that new questions are judged with.
  virtual uint64_t database() const = 0;
};

}  // namespace vitrine::response
