// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace vitrine::scan {

// Scanners of one pool, standbys included. More than processors only helps
// where samples come from slow disks.
inline constexpr unsigned kScannersMax = 256;

// Requests that one scanner may hold unanswered. More hides no more of the
// latency and makes each wait longer behind a slow one.
inline constexpr unsigned kPipelineMax = 16;

// A second sample is given to a busy scanner only while those it holds have no
// more bytes than this in all: behind a large one a small one would wait.
inline constexpr uint64_t kPipelineBytesMax = uint64_t{4} << 20;

// Requests that wait for a scanner; each holds a descriptor. Beyond it a
// request is answered kBusy at once.
inline constexpr size_t kQueuedMax = 65536;

// Samples remembered for having killed scanners; the oldest is forgotten. About
// a hundred bytes each.
inline constexpr size_t kKillersMax = 4096;

// Deaths by the same sample until it is not tried any more.
inline constexpr unsigned kDeathsMax = 2;

// A time-out is held against a sample only if a scanner worked on it for at
// least this long: a deadline that was short because the queue was long is not
// its fault.
inline constexpr auto kFairTime = std::chrono::milliseconds(1000);

// A request whose deadline passed while it waited in a scanner behind another
// is answered, and the scanner then looks at it for nobody, at most this long.
inline constexpr auto kAbandonedTime = std::chrono::milliseconds(1000);

// A scanner that is not ready by then is taken for broken: opening the largest
// database takes well under a second.
inline constexpr auto kStartTime = std::chrono::seconds(30);

// Waits between starts while fresh scanners die without having served: the
// build or the machine is broken, and no sample did that. Doubles up to the
// longest.
inline constexpr auto kBackOffFirst = std::chrono::milliseconds(10);
inline constexpr auto kBackOffLongest = std::chrono::seconds(5);

// The same for a database that none has opened yet: a change is given up, and
// the old one stays.
inline constexpr unsigned kChangeStartsMax = 3;

// Wait for the process behind a channel that has ended, to tell how. Measured:
// 0.1 ms; a process that takes longer is reaped when it is done.
inline constexpr auto kReapTime = std::chrono::milliseconds(10);

// A scanner's words on its error output: the pipe that holds them until they
// are read, those of one scanner in all, and those of one line. Ours say a
// sentence when a CHECK fails; who says more has been taken over or is broken.
inline constexpr size_t kErrorPipeBytes = 4096;
inline constexpr size_t kErrorBytesMax = size_t{16} << 10;
inline constexpr size_t kErrorLineMax = 240;

// Starts that fail one after another until requests are no longer kept waiting
// for a scanner while there is none: about three seconds of trying.
inline constexpr unsigned kFailedStartsMax = 8;

}  // namespace vitrine::scan
