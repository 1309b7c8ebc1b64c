// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace vitrine::events {

// Records in one transaction. Each transaction is synced: more of them cost
// rows a second, larger ones hold a reader up for longer.
inline constexpr size_t kIngestBatch = 2000;

// Bytes of records held for one transaction; a full batch of the largest
// records would be 250 MB.
inline constexpr size_t kIngestBytes = size_t{4} << 20;

// Rows that one step of retention deletes: a few milliseconds, after which the
// recorder looks at the spools again.
inline constexpr int64_t kRetainRows = 500;

// Pages given back to the file system in one step of retention.
inline constexpr int kVacuumPages = 512;

// A segment without a name is its writer's for a moment; after this it was
// left.
inline constexpr std::chrono::seconds kHiddenAge{60};

// Writers' folders looked at in the spool. More are not ours.
inline constexpr size_t kWritersMax = 256;

// Records taken from one writer in one round, so that one that floods does not
// keep the others waiting.
inline constexpr uint64_t kRoundRecords = 20'000;

}  // namespace vitrine::events
