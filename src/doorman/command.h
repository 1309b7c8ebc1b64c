// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// The commands of clamd's protocol, as clamd 1.4 reads them. Pure: bytes in,
// command out.
namespace vitrine::doorman {

enum class Verb : uint8_t {
  kUnknown,
  kPing,
  kVersion,
  kVersionCommands,
  kStats,
  kReload,
  kShutdown,  // Also QUIT.
  kScan,
  kContScan,
  kMultiScan,
  kAllMatchScan,
  kInStream,
  kFileDescriptor,
  kIdSession,
  kEnd,
  kDetectionStats,  // DETSTATS and DETSTATSCLEAR.
};

struct Command {
  Verb verb = Verb::kUnknown;
  char terminator = '\n';     // Of the command, and so of its replies.
  std::string_view argument;  // Of the four scans: a path. Within the buffer.
};

// Whether commands must carry a prefix.
enum class Session : uint8_t { kNo, kYes };

struct Parsed {
  enum class State : uint8_t {
    kNeedMore,
    kCommand,
    kUnprefixed,  // Begins with neither n nor z within a session.
    kTooLong,     // No terminator within kCommandBytes.
  };
  State state = State::kNeedMore;
  size_t consumed = 0;  // Bytes of the buffer that the command took.
  Command command;
};

// Reads the command at the start of `buffer`, which is all that has arrived.
//
// zVERB...\0 and nVERB...\n are complete with their terminator; a carriage
// return before the newline is dropped. Anything else outside a session is an
// old-style command: complete as it is, up to a newline or NUL if there is one.
Parsed ParseCommand(std::string_view buffer, Session session);

// What clamd allows within IDSESSION.
bool AllowedInSession(Verb verb);

}  // namespace vitrine::doorman
