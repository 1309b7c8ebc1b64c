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

// Bytes of a mount table.
inline constexpr size_t kMountTableBytes = size_t{32} << 20;

// Lines of /etc/passwd whose homes belong to the critical areas.
inline constexpr size_t kHomesMax = 10'000;

}  // namespace vitrine::tasks
