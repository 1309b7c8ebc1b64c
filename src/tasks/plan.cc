// SPDX-License-Identifier: Apache-2.0
#include "tasks/plan.h"

#include <algorithm>

#include "tasks/calendar.h"
#include "tasks/limits.h"

namespace vitrine::tasks {
namespace {

using Kind = config::Schedule::Kind;

std::optional<int64_t> ByClock(const config::TaskConfig& task,
                               const PlanState& state) {
  if (task.schedule.kind == Kind::kEvery) {
    return std::max(state.considered, state.last_start) +
           int64_t{task.schedule.every_minutes} * 60;
  }
  return NextByCalendar(task.schedule, state.considered);
}

// A clock that was set back would let everything wait until it is there again.
void FollowClock(const config::TaskConfig& task, int64_t now,
                 PlanState& state) {
  state.considered = std::min(state.considered, now);
  state.last_start = std::min(state.last_start, now);
  const int64_t delay = std::chrono::seconds(task.random_delay).count();
  state.planned = std::min(state.planned, now + delay);
}

std::optional<Cause> Reason(const config::TaskConfig& task,
                            const Moment& moment, PlanState& state) {
  if (moment.database != state.database) {
    state.database = moment.database;
    if (task.after_update) return Cause::kUpdate;
  }
  if (moment.startup && task.schedule.kind == Kind::kStartup) {
    return Cause::kStartup;
  }
  const auto next = ByClock(task, state);
  if (!next || *next > moment.now) return std::nullopt;
  // `every` counts from the last start, which `considered` would hide.
  state.considered = moment.now;
  if (moment.now - *next <= kPunctual.count()) return Cause::kScheduled;
  if (task.run_missed) return Cause::kMissed;
  return std::nullopt;
}

}  // namespace

const char* CauseWord(Cause cause) {
  switch (cause) {
    case Cause::kAsked:
      return "asked";
    case Cause::kScheduled:
      return "scheduled";
    case Cause::kMissed:
      return "missed";
    case Cause::kStartup:
      return "startup";
    case Cause::kUpdate:
      return "update";
    case Cause::kMedium:
      return "medium";
  }
  return "asked";
}

std::optional<Cause> Look(const config::TaskConfig& task, const Moment& moment,
                          const Chance& chance, PlanState& state) {
  if (state.considered == 0) {
    // Seen for the first time: nothing was missed, no database is new.
    state.considered = moment.now;
    state.database = moment.database;
  }
  FollowClock(task, moment.now, state);
  if (state.planned == 0) {
    const auto cause = Reason(task, moment, state);
    if (!cause) return std::nullopt;
    const auto delay =
        static_cast<uint64_t>(std::chrono::seconds(task.random_delay).count());
    state.cause = *cause;
    state.planned =
        moment.now + static_cast<int64_t>(delay > 0 ? chance(delay + 1) : 0);
  }
  if (state.planned > moment.now) return std::nullopt;
  state.planned = 0;
  state.last_start = moment.now;
  return state.cause;
}

std::optional<int64_t> NextStart(const config::TaskConfig& task,
                                 const PlanState& state) {
  if (state.planned != 0) return state.planned;
  return ByClock(task, state);
}

}  // namespace vitrine::tasks
