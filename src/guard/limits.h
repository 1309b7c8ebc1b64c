// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace vitrine::guard {

// Kernel events taken by one read; what is left waits for the next.
inline constexpr size_t kEventsPerRead = 256;

// Descriptors the guard may hold, event descriptors first of all: the kernel
// denies an open for which it cannot make one. Lowered to the hard limit.
inline constexpr size_t kDescriptorsMax = 65536;

// Files whose opens the kernel answers by itself, each pinned by a descriptor
// with a lease: at most that many, and at most a third of the descriptors. The
// oldest is given up for a new one.
inline constexpr size_t kKeptMax = 16384;

// Files whose verdict is remembered; about 100 bytes each. The oldest are
// forgotten.
inline constexpr size_t kVerdictsMax = 262144;

// Written files that wait to be scanned after their last close; each holds a
// descriptor. Beyond it the oldest is left to the scan at its next open.
inline constexpr size_t kWrittenMax = 2048;

// Written files being scanned at one time: few, so that opens find scanners.
inline constexpr size_t kWrittenAtWork = 2;

// A scan after writing may take this long; nobody waits for it.
inline constexpr auto kWrittenTime = std::chrono::seconds(60);

// Kept back from a deadline to be able to say something at all: a tenth of it,
// but in these bounds.
inline constexpr auto kHeadroomMin = std::chrono::milliseconds(20);
inline constexpr auto kHeadroomMax = std::chrono::milliseconds(200);

// Every loop of the guard shows this often that it lives.
inline constexpr auto kHeartbeat = std::chrono::milliseconds(100);

// What the supervisor grants beyond a deadline before it ends the guard; with
// its own step and the time to answer it stays below a second.
inline constexpr auto kOverdue = std::chrono::milliseconds(500);
// The supervisor looks this often.
inline constexpr auto kWatch = std::chrono::milliseconds(100);
// Until a new guard takes questions; then the supervisor answers by policy.
inline constexpr auto kRestartGrace = std::chrono::milliseconds(700);
// After so many guards that lived shorter than this the next is started only
// after a pause: something is broken, and starting costs processors.
inline constexpr auto kShortLife = std::chrono::seconds(2);
inline constexpr unsigned kShortLives = 4;
inline constexpr auto kRestartPause = std::chrono::seconds(1);

// Between two tries to open a database, and to start a supervisor.
inline constexpr auto kJudgePause = std::chrono::milliseconds(5000);
inline constexpr auto kSupervisorPause = std::chrono::milliseconds(500);

// Other mount namespaces looked into; each holds a descriptor. More are counted
// in the status and make it degraded.
inline constexpr size_t kNamespacesMax = 512;
// How often new ones are looked for; mounts in known ones are told at once.
inline constexpr auto kNamespaceScan = std::chrono::milliseconds(1000);
// Processes read in one such look.
inline constexpr size_t kProcessesMax = 65536;

// Own opens remembered for the self-test of each mount.
inline constexpr size_t kOwnOpensMax = 64;
// How often every mount is proven again.
inline constexpr auto kProofInterval = std::chrono::seconds(30);

}  // namespace vitrine::guard
