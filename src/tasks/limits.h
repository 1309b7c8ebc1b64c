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

// Entries of one folder that are gone through, by rising name; about 60 bytes
// each while it is open. Of more the rest is reported as not looked at.
inline constexpr size_t kFolderEntriesMax = 4'000'000;

// Folders in folders, each with a descriptor. Deeper ones are reported as not
// looked at.
inline constexpr size_t kDepthMax = 512;

// Longest path that is written down or sent; names beyond it are looked at all
// the same (they are opened by their folder), and shown cut.
inline constexpr size_t kPathShown = 4096;

// Places of one run: mounts, masks, homes times rows of the critical areas.
inline constexpr size_t kTargetsMax = 100'000;

// Lines of /etc/passwd whose homes belong to the critical areas.
inline constexpr size_t kHomesMax = 10'000;

// A cursor or record; the cursor's targets are most of it.
inline constexpr size_t kTaskFileMax = size_t{64} << 20;

// Clean files remembered: about 90 bytes each while a task runs, 52 on disk. A
// server with ten times as many files scans most of them each time.
inline constexpr size_t kCleanMax = 1'000'000;

// Findings of one kind listed in a report; more are counted.
inline constexpr uint64_t kFindingsMax = 10'000;
// Bytes of a log: four kinds, each line twice a path and some.
inline constexpr size_t kLogBytesMax = size_t{1} << 30;
// Reports kept of each task; older ones are dropped.
inline constexpr size_t kReportsKept = 30;

// What a task has not used of its share is its own this long.
inline constexpr auto kPaceCredit = std::chrono::milliseconds(100);
// One pause; what is owed beyond stays owed. A task hears within that time that
// it is to stop.
inline constexpr auto kPacePauseMax = std::chrono::milliseconds(500);

// Regions of one process; the kernel's own default bound is 65,530
// (vm.max_map_count). More are not looked at.
inline constexpr size_t kRegionsMax = 1 << 18;
// Bytes of one /proc/PID/maps.
inline constexpr size_t kMapsBytesMax = size_t{64} << 20;

// Memory of a process that goes to a scanner in one piece, and how much of it
// the next piece repeats. Holes from this size on end a piece.
inline constexpr uint64_t kChunk = uint64_t{8} << 20;
inline constexpr uint64_t kChunkOverlap = uint64_t{64} << 10;
inline constexpr uint64_t kChunkHole = uint64_t{1} << 20;
// Bytes of one read; 4 GB/s from here on.
inline constexpr size_t kCopyPiece = size_t{256} << 10;

// Requests that a scanner may hold: thousands wait anyway.
inline constexpr unsigned kPipeline = 2;
// Items whose order is remembered while an earlier one is with a scanner.
inline constexpr size_t kWindowMax = 4096;
// For one sample, the wait in a scanner behind another included. The engine's
// own bound is two minutes.
inline constexpr auto kSampleTime = std::chrono::milliseconds(300'000);
// One wait for answers; a run hears within that time that it is to stop.
inline constexpr auto kAnswerWait = std::chrono::milliseconds(50);
// What was asked before a run was stopped may still be answered.
inline constexpr auto kStopGrace = std::chrono::milliseconds(1000);
// Between two looks at the processor time that a run uses.
inline constexpr auto kPaceStep = std::chrono::milliseconds(10);
// How often a run writes down how far it has come: what a kill costs.
inline constexpr auto kSaveInterval = std::chrono::milliseconds(1000);

// The target that stands for the running processes.
inline constexpr char kProcesses[] = "/proc";

// The program looks this often whether something is to be done.
inline constexpr auto kTick = std::chrono::milliseconds(500);
// A run that cannot go on (no database, no scanner, a full disk) is tried again
// so much later.
inline constexpr auto kRetryPause = std::chrono::seconds(60);
// How often the guard is told of us while a task runs, how long it may take to
// answer, and how much it may say.
inline constexpr auto kTellGuard = std::chrono::milliseconds(1000);
inline constexpr auto kGuardPatience = std::chrono::milliseconds(500);
inline constexpr size_t kGuardAnswerMax = 4096;

// Descriptors: one a folder gone into, one or two an item under way.
inline constexpr size_t kDescriptorsMax = 65536;
// Media that wait for one task. More at one time are not media but a mistake.
inline constexpr size_t kMediaMax = 1024;
// Devices that one is made of, each of the next (encryption on a volume on a
// disk). What is deeper counts as a medium.
inline constexpr int kDeviceLayersMax = 8;
// Bytes of /etc/passwd.
inline constexpr size_t kPasswdMax = size_t{16} << 20;

}  // namespace vitrine::tasks
