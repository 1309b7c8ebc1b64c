// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tlog/checkpoint.h"
#include "tlog/limits.h"
#include "tlog/note.h"
#include "tlog/policy.h"

// A signed checkpoint held against a policy.
namespace vitrine::tlog {

// A checkpoint that a log of the policy signed, and who cosigned it.
struct OpenedCheckpoint {
  Note note;
  Checkpoint checkpoint;
  size_t log = 0;  // Number in the policy.
  // By witness of the policy: the time of its cosignature.
  std::vector<std::optional<uint64_t>> times;
};

// Verifies all signatures of the policy's keys; others are ignored. A log's key
// counts for the origin that is its name only. kDenied where no such log
// signed, where any signature that names a known key does not hold or is there
// twice, and for an empty tree that has entries. Cosignatures of times after
// `latest` count as not there: a witness's clock, or ours, is wrong.
Result<OpenedCheckpoint> OpenCheckpoint(std::string_view note,
                                        const Policy& policy,
                                        uint64_t latest = kTimeMax);

struct Judgement {
  OpenedCheckpoint opened;
  std::optional<QuorumTimes> times;  // Nothing where the quorum is `none`.
};

// OpenCheckpoint(), and the policy's quorum is met.
Result<Judgement> JudgeCheckpoint(std::string_view note, const Policy& policy,
                                  uint64_t latest = kTimeMax);

}  // namespace vitrine::tlog
