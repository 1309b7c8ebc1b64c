// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "config/config.h"
#include "crypto/digest.h"

namespace vitrine::tasks {

// Why a run began.
enum class Cause : uint8_t {
  kAsked,      // By a person.
  kScheduled,  // Its time came.
  kMissed,     // Its time had come while nobody was there.
  kStartup,
  kUpdate,  // A new database.
  kMedium,  // A medium was mounted.
};
const char* CauseWord(Cause cause);  // "asked", "scheduled", ...

// What a task's plan remembers between two lives of the program. Times are
// seconds since 1970; 0 is never.
struct PlanState {
  int64_t considered = 0;  // Starts up to here have been dealt with.
  int64_t last_start = 0;
  int64_t planned = 0;              // Start decided on, its delay included.
  Cause cause = Cause::kScheduled;  // Of `planned`.
  // The database that `after_update` has seen.
  crypto::Sha256Digest database = {};

  bool operator==(const PlanState&) const = default;
};

// What is the case when the plan is looked at.
struct Moment {
  int64_t now = 0;
  bool startup = false;  // For the first time in this life of the program.
  crypto::Sha256Digest database = {};
};

// A number below the given one, by chance.
using Chance = std::function<uint64_t(uint64_t below)>;

// Looks whether the task is to begin, and keeps `state`. Several starts that
// were missed are made up for once. A clock that was set back may let a start
// come twice and loses none.
std::optional<Cause> Look(const config::TaskConfig& task, const Moment& moment,
                          const Chance& chance, PlanState& state);

// When it will begin by what is known now; nullopt if it waits to be asked.
std::optional<int64_t> NextStart(const config::TaskConfig& task,
                                 const PlanState& state);

}  // namespace vitrine::tasks
