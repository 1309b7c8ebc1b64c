// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace vitrine::zip {

// Members taken from one archive. Android packages reach 100,000. What comes
// after them is reported as "max-members" and not unpacked.
inline constexpr uint64_t kEntriesMax = uint64_t{1} << 18;

// How far from the end the end record is looked for: its comment has at most
// 65,535 bytes; the rest allows for what was appended to the file. Without
// it, members are found by their local headers.
inline constexpr uint64_t kEndSearch = uint64_t{128} << 10;

// End records tried, last first. Comments may hold decoys.
inline constexpr int kEndRecordsMax = 16;

// Names looked at to tell a document from a plain archive. Documents have
// theirs among the first few dozen; beyond it is a plain archive.
inline constexpr uint64_t kClassifyMax = 1024;

// Members that start inside another one before it is called an attack: ClamAV
// 1.4 gives its alert from the sixth on.
inline constexpr uint32_t kOverlapsMax = 5;

// Packed bytes read, over all members, for a byte of archive. An honest one
// reads each byte once; overlapping members (one of 10 MB can hold 250,000
// that share their data) would make the work quadratic. What is left over is
// reported as "overlapping".
inline constexpr uint64_t kWorkFactor = 8;
inline constexpr uint64_t kWorkFloor = uint64_t{1} << 20;

// A file name longer than this is cut. The format allows 65,535.
inline constexpr uint64_t kNameMax = 4096;

// Passwords tried on a member.
inline constexpr uint64_t kPasswordsMax = 1000;

}  // namespace vitrine::zip
