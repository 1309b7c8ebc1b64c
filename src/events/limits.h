// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::events {

// Longest text of one field, in bytes; Linux paths end at 4,096. What is longer
// is cut when the record is made, and the event says so (`clipped`).
inline constexpr size_t kTextMax = 4096;

// Rule names in one event; further ones are cut like long text. A file that
// more rules hold for is described well enough by the first.
inline constexpr size_t kRulesMax = 16;

// Bytes of one record's payload. The fields above cannot reach it (16 rules, 8
// texts of 4 KiB); a reader takes a longer length for damage.
inline constexpr uint32_t kPayloadMax = 128 * 1024;

// A segment of a spool is closed and the next one begun once it is this long:
// small enough to be read and deleted in one go, large enough that a busy guard
// opens one every ten thousand events or so.
inline constexpr uint64_t kSegmentBytes = uint64_t{4} << 20;

// A reader looks no further into a segment: a writer stretches one to four
// times its size at most, and what is longer was not written by ours.
inline constexpr uint64_t kSegmentReadMax = 5 * kSegmentBytes;

// Read at one time; a frame has at most half of it.
inline constexpr size_t kReadStep = 256 * 1024;

// Bytes that a writer's folder may hold before the recorder has taken them.
// At it, events are counted as lost instead of filling the disk; the count
// becomes an event once there is room.
inline constexpr uint64_t kFolderBytes = uint64_t{256} << 20;

// Files looked at when a writer's folder is measured, and by the recorder in
// one folder at one time. With segments of 4 MiB, 256 MiB are 64 of them.
inline constexpr size_t kSegmentsMax = 4096;

}  // namespace vitrine::events
