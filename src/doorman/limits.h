// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

// Bounds of what strangers can make the doorman hold, do or wait for. What a
// site may change is in settings.h; these are not for changing.
namespace vitrine::doorman {

using std::chrono::milliseconds;

// A command, prefix and terminator included: the longest path and the longest
// verb. A longer one ends the connection without a reply, as clamd does.
inline constexpr size_t kCommandBytes = 4096 + 32;

// Read from one connection before the others have their turn.
inline constexpr size_t kTurnBytes = size_t{256} << 10;
// One read. The buffer is shared by all connections.
inline constexpr size_t kReadBytes = size_t{64} << 10;

// Connections accepted before those that exist have their turn.
inline constexpr int kTurnAccepts = 64;
// Waiting for us to accept; as clamd's MaxConnectionQueueLength.
inline constexpr int kBacklog = 200;
// No accepting for so long after descriptors ran out.
inline constexpr milliseconds kAcceptPause{100};

// Descriptors taken from one message. clamd's clients send one; any other
// number counts as none, and all are closed.
inline constexpr size_t kDescriptorsAMessage = 8;

// Scans of one session, or files of one MULTISCAN, at one time; the rest of
// the input waits in the socket.
inline constexpr size_t kScansAConnection = 16;

// Replies that a client has not taken yet. Beyond it no new command is read and
// no new file is scanned for that connection.
inline constexpr size_t kReplyBytes = size_t{64} << 10;
// A client that takes nothing of its replies for so long is gone.
inline constexpr milliseconds kReplyTime{60000};

// After the last reply the rest of what the client still sends is read and
// dropped, so that it can read the reply instead of meeting a reset. At these
// limits it meets the reset.
inline constexpr uint64_t kDrainBytes = uint64_t{1} << 30;
inline constexpr milliseconds kDrainTime{10000};

// One INSTREAM from its first byte to its last, however often the read time-out
// was met by one byte.
inline constexpr milliseconds kStreamTime{3600000};

// A stream is kept at hand up to this size, and looked up among the clean ones;
// beyond it, up to the next number, it is in memory that a scanner can map.
inline constexpr size_t kSpoolAtHand = size_t{64} << 10;
// Larger ones go to an unlinked file.
inline constexpr size_t kSpoolMemory = size_t{1} << 20;
// All streams in memory together; beyond it every new byte goes to files.
inline constexpr uint64_t kSpoolMemoryAll = uint64_t{256} << 20;
// All streams together, and those of one peer. Beyond it a stream is refused.
inline constexpr uint64_t kSpoolAll = uint64_t{16} << 30;
inline constexpr uint64_t kSpoolAPeer = uint64_t{8} << 30;

// Streams remembered as clean, by digest: half of them at least, and until the
// next database or for so long. Rules may ask what time it is.
inline constexpr size_t kCleanStreams = 65536;
inline constexpr milliseconds kCleanTime{600000};

// Links followed in one path; the kernel's own number.
inline constexpr int kLinksAPath = 40;
// Components of one path, those of its links included.
inline constexpr int kComponentsAPath = 4096;
// Groups of a peer that are asked for; the kernel allows 65536.
inline constexpr size_t kGroupsAPeer = 65536;
// Entries of an access control list; the kernel's file systems hold fewer.
inline constexpr size_t kAccessListBytes = size_t{64} << 10;

// Names of one folder, which are sorted before the first is scanned. A folder
// with more ends in an error line, never in OK.
inline constexpr size_t kNamesAFolder = 1000000;

// Threads that open paths and read folders; they may hang on a dead network
// file system without anybody else noticing.
inline constexpr unsigned kOpeners = 4;

// Time for a scanner's answer beyond the time that the scan itself may take:
// for waiting in the queue.
inline constexpr milliseconds kQueueTime{120000};

// For answering what was taken before a stop; then it is dropped.
inline constexpr milliseconds kStopTime{5000};

// Sockets that it can listen at.
inline constexpr size_t kListenersMax = 64;

// After so many doors that lived shorter than this the supervisor gives up:
// something is broken, and its service manager knows how to wait.
inline constexpr milliseconds kShortLife{2000};
inline constexpr unsigned kShortLives = 5;
// Ended scanners are looked for this often.
inline constexpr milliseconds kReapPause{1000};

// `vitrine compile`, for --rules.
inline constexpr milliseconds kCompileTime{600000};

}  // namespace vitrine::doorman
