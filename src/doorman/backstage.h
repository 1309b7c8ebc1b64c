// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>

#include "base/result.h"
#include "base/unique_fd.h"
#include "sandbox/launch.h"

namespace vitrine::doorman {

// What the door, the process that talks with clients, cannot do itself in its
// cage: start scanners and open databases. It asks its supervisor for them on
// two channels, sequenced-packet sockets, a message a question and one an
// answer:
//
//   launch channel     "L" with the scanner's channel and error output
//                        -> "y", its number (4 bytes, little-endian), its cage
//                           report; with its pidfd.  Or "n", the complaint.
//                      "R": ready for clients; no answer
//   database channel   "D" -> "y" with the open database. Or "n", the
//   complaint.
//
// Which program, which limits and which database is not the door's to say.
// Descriptors by which it finds them, and those of the listening sockets:
inline constexpr int kLaunchFd = 10;
inline constexpr int kDatabaseFd = 11;
inline constexpr int kFirstListenerFd = 12;

// The door's side. Thread-safe; each call waits for its answer. kUnavailable
// where the supervisor cannot, or has gone.
class Backstage {
 public:
  Backstage(UniqueFd launch, UniqueFd database)
      : launch_(std::move(launch)), database_(std::move(database)) {}

  Result<sandbox::Sandboxee> Launch(sandbox::LaunchOptions options);
  Result<UniqueFd> OpenDatabase();
  void TellReady();

 private:
  UniqueFd launch_;
  UniqueFd database_;
  std::mutex launch_mutex_;
  std::mutex database_mutex_;
};

}  // namespace vitrine::doorman
