// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace vitrine::cli {

// Folders inside folders that a walk goes down; each costs an open descriptor.
// A deeper folder is reported as limited. `--opt max-dir-recursion` changes it.
inline constexpr uint32_t kFolderDepth = 256;

// Inputs found and not scanned yet; each may hold a descriptor and its folder
// open. The walk waits.
inline constexpr size_t kQueuedInputs = 128;

// Outcomes that wait for an earlier input to be finished, because lines come
// in the order of inputs. The walk waits.
inline constexpr size_t kWaitingOutcomes = 16384;

// Outcomes that are printed in one go, and the longest that one waits for
// others: not to be noticed by a person.
inline constexpr size_t kTakenAtOnce = 64;
inline constexpr auto kTakePeriod = std::chrono::milliseconds(20);

// Inputs that a caged scanner is given before it has answered, so that it never
// waits for the next one while this process is busy elsewhere.
inline constexpr unsigned kPipeline = 8;

// What a scanner is given beyond max-scantime to end the scan itself, before it
// is ended: a quarter of it, within these. Between two looks at the clock it
// may be in one long step; slow machines need seconds for that.
inline constexpr auto kKillGraceLeast = std::chrono::seconds(2);
inline constexpr auto kKillGraceMost = std::chrono::seconds(30);

// Workers of one scan; more is a usage error.
inline constexpr unsigned kJobsMax = 256;

// Between two looks for new events by `events --follow`.
inline constexpr auto kFollowPause = std::chrono::milliseconds(250);

// Between two looks whether a task has ended.
inline constexpr auto kTaskPoll = std::chrono::milliseconds(100);

// Diagnostics printed by commands other than `check`; the rest are counted.
inline constexpr size_t kDiagnosticsShown = 20;

// Rows of each table that --profile prints.
inline constexpr size_t kProfileRows = 20;

// Days since witnesses last said that the database is the newest: from the
// first number on people are told, from the second on in capitals.
inline constexpr int64_t kAgeWarning = 3;
inline constexpr int64_t kAgeAlarm = 7;

// A year: what is asked for by --min-age beyond it is a mistake.
inline constexpr uint64_t kMinAgeMax = uint64_t{366} * 86400;

// Bytes of an event's sentence about an update.
inline constexpr size_t kEventTextMax = 1000;

// The file that says what the owner chose: a word and a number.
inline constexpr size_t kChoiceSizeMax = 64;

// How long a doorman may take to answer that it reloads, and the bytes of that.
inline constexpr auto kDoormanTime = std::chrono::seconds(5);
inline constexpr size_t kDoormanAnswerMax = 64;

}  // namespace vitrine::cli
