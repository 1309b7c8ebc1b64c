// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace vitrine::update {

// Between two letters of a verifier: unpacking the largest database takes five
// seconds, following a log of ten years' entries as long as fetching them does.
inline constexpr auto kVerifierTime = std::chrono::minutes(5);
inline constexpr uint64_t kVerifierCpuSeconds = 600;
// Memory of its own: the packed database, metadata, a bundle.
inline constexpr uint64_t kVerifierMemory = uint64_t{3} << 30;

// Letters of one update: 700 tiles are ten years of a log.
inline constexpr size_t kLettersMax = 100'000;

// What a verifier may say in those. Alerts: a judge's 64 and its own; more are
// dropped. Bytes of one, and of the words of a refusal, which are cut.
inline constexpr size_t kAlertsHeardMax = 80;
inline constexpr size_t kAlertTextMax = 1024;
inline constexpr size_t kRefusalTextMax = 4096;

// And hand over; more ends the update. Evidence is two signed notes. What it
// saves is metadata, of up to 5 MB, or the view of the log.
inline constexpr size_t kEvidenceSizeMax = size_t{2} << 20;
inline constexpr size_t kSavedSizeMax = size_t{5} << 20;

// For one file that is fetched.
inline constexpr auto kFetchTime = std::chrono::hours(1);

// Known-good files that a new database is tried on, of at most that size each,
// and how long that may take.
inline constexpr size_t kKnownGoodMax = 4096;
inline constexpr uint64_t kKnownGoodSizeMax = uint64_t{64} << 20;
inline constexpr auto kCanaryTime = std::chrono::minutes(2);

}  // namespace vitrine::update
