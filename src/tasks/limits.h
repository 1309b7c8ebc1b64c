// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace vitrine::tasks {

// A monthly start comes within 31 days of the last; some are spare.
inline constexpr int kDaysSearched = 70;
// From fourteen hours before noon to the day's end, for clocks that skip.
inline constexpr int kMinutesSearched = 30 * 60;

// A start that is noticed later than this was missed: the program looks every
// half second, so it or the machine was not there.
inline constexpr std::chrono::seconds kPunctual{300};

}  // namespace vitrine::tasks
