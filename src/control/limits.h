// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>

namespace vitrine::control {

// Control connections at one time, and how long one may take for its line.
inline constexpr size_t kControlMax = 16;
inline constexpr size_t kControlLineMax = 128;
inline constexpr auto kControlTime = std::chrono::seconds(2);

// How often it looks whether it is to end.
inline constexpr auto kControlPoll = std::chrono::milliseconds(100);

}  // namespace vitrine::control
