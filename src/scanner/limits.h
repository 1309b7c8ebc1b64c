// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace vitrine::scanner {

// Of the time that is left for a request a tenth is kept back, within these
// bounds, to end the scan in good order and to say what it found until then. A
// scan that does not heed the deadline is ended by the pool.
inline constexpr auto kHeadroomLeast = std::chrono::milliseconds(2);
inline constexpr auto kHeadroomMost = std::chrono::milliseconds(200);

}  // namespace vitrine::scanner
