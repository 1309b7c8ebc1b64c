// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::update {

// A trust file: a policy and some lines. More is kLimit.
inline constexpr size_t kTrustSizeMax = size_t{300} << 10;

// Roles that have a line of their own; TUF's profile has nine.
inline constexpr size_t kTrustRolesMax = 64;

// Ten years of seconds: longer ages are a mistake.
inline constexpr uint64_t kTrustSecondsMax = uint64_t{10} * 366 * 86400;

// Three days, for what can change programs (transparency design, rule 5).
inline constexpr uint64_t kMinAgeDefault = uint64_t{3} * 86400;

// Sets of witnesses that are tried: 2^18, a second at most.
inline constexpr size_t kTightenWitnessesMax = 18;

}  // namespace vitrine::update
