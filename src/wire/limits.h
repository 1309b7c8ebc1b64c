// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::wire {

// One datagram, header included. A sequential-packet socket takes up to its
// send buffer (208 KiB by default) in one piece; a longer message is refused by
// the sender and cut, and so refused, by the receiver.
inline constexpr size_t kMessageMax = size_t{64} << 10;

// The serialised full report of one sample. The engine cuts its own lists long
// before (engine/scan/limits.h); a scanner that claims more is not ours any
// more and is ended.
inline constexpr size_t kReportMax = size_t{256} << 20;

// The name of the first alert in the fixed part of a reply; longer ones are
// cut there and whole in the full report.
inline constexpr size_t kNameMax = 127;

// The path that rules see as `filename` and `filepath`. Of a longer one the end
// is sent: its name and extension are right.
inline constexpr size_t kPathMax = size_t{32} << 10;

// A user's name; longer ones are cut. useradd(8) allows 32.
inline constexpr size_t kOwnerMax = 255;

// Options and external variables, encoded; they travel in one message with
// the database. More is an error to whoever defines them.
inline constexpr size_t kSettingsMax = kMessageMax - 64;

// Text that a scanner says about itself: why a database would not open.
inline constexpr size_t kTextMax = 1024;

// A cage's report of itself, in its text form.
inline constexpr size_t kCageTextMax = 4096;

// Bytes of a file's name at the mirrors. URLs end at 4 KiB.
inline constexpr size_t kCourierNameMax = 1024;

// Files of one job, and bytes of a line of one: a year of hourly log entries
// has fewer tiles. The courier ends a connection that asks for more.
inline constexpr size_t kFetchesMax = 65536;
inline constexpr size_t kCourierLineMax = 4096;

// Mirrors that a configuration may name.
inline constexpr size_t kMirrorsMax = 1024;

// Bytes of the courier's words for people; the rest is cut off.
inline constexpr size_t kCourierDetailMax = 400;

// A letter's line, and the bytes of one packet of its body: with a socket's
// usual room of 208 KiB a few are on the way at one time.
inline constexpr size_t kLetterTextMax = 4096;
inline constexpr size_t kLetterPieceMax = size_t{64} << 10;

}  // namespace vitrine::wire
