// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::cli {

// Folders inside folders that a walk goes down; each costs an open descriptor.
// A deeper folder is reported as limited. `--opt max-dir-recursion` changes it.
inline constexpr uint32_t kFolderDepth = 256;

// Inputs found but not taken by a worker yet; each may hold its folder open.
// The walk waits.
inline constexpr size_t kQueuedInputs = 128;

// Outcomes that wait for an earlier input to be finished, because lines come
// in the order of inputs. The walk waits.
inline constexpr size_t kWaitingOutcomes = 16384;

// Workers of one scan; more is a usage error.
inline constexpr unsigned kJobsMax = 256;

// Diagnostics printed by commands other than `check`; the rest are counted.
inline constexpr size_t kDiagnosticsShown = 20;

// Rows of each table that --profile prints.
inline constexpr size_t kProfileRows = 20;

}  // namespace vitrine::cli
