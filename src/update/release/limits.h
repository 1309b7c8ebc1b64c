// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::update {

// An entry of the log, whose size is written in two bytes (C2SP tlog-tiles).
// More is refused.
inline constexpr size_t kLeafSizeMax = 65535;

// Lines of one kind in a leaf. A release has four targets and a delta for each
// database that is kept; at about 350 bytes each, more would not fit a leaf.
inline constexpr size_t kLeafLinesMax = 128;

// Bytes of a target path, of a role's name, and of a line of free text.
inline constexpr size_t kTargetPathMax = 255;
inline constexpr size_t kRoleNameMax = 32;
inline constexpr size_t kNoteMax = 1024;

// What JSON numbers hold exactly: versions and sizes beyond it are refused.
inline constexpr uint64_t kNumberMax = uint64_t{1} << 53;

// A change list. A first release of half a million rules has 40 MB of them.
inline constexpr size_t kChangesSizeMax = size_t{256} << 20;
inline constexpr size_t kChangesMax = 4'000'000;

// Bytes of a rule's name in a change list, and of who changed it or why.
// Longer names are cut when the list is made.
inline constexpr size_t kRuleNameMax = 512;
inline constexpr size_t kAuthorMax = 128;
inline constexpr size_t kReasonMax = 1024;

}  // namespace vitrine::update
