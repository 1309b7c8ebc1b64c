// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>

namespace vitrine::sandbox {

// From clone to exec. Measured: under 1 ms. Longer means a file system that
// does not answer; the launch is kDeadline and the child is killed.
inline constexpr auto kLaunchTimeout = std::chrono::seconds(5);

// From the signal to the reaped process. Measured: 0.1 ms. A process that the
// kernel holds in an uninterruptible wait is left to init.
inline constexpr auto kReapTimeout = std::chrono::seconds(2);

// Arguments of a sandboxee. Ours take fewer than ten; more is kInvalid.
inline constexpr size_t kArgumentsMax = 64;

// A report in its text form: 18 rows of at most kReasonMax. A longer one is
// refused unread.
inline constexpr size_t kReportBytesMax = 4096;
// Characters of one row's reason; the rest is cut off.
inline constexpr size_t kReasonMax = 160;

// Capabilities are numbered without gaps; the kernel has 41 and says where
// they end. This only ends the loop.
inline constexpr int kCapabilityMax = 64;

// Bits of a Landlock mask that are tried one by one beyond those we know.
inline constexpr int kLandlockBitsMax = 64;

}  // namespace vitrine::sandbox
