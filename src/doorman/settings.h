// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace vitrine::doorman {

// What a client is told of a sample that was not looked at in full, and so is
// never OK.
enum class Limited : uint8_t {
  kError,  // NAME: Not fully scanned (REASON). ERROR
  kFound,  // NAME: Heuristics.Limits.Exceeded.REASON FOUND
};

// What a site may set; defaults are clamd's where clamd has the same thing.
struct Settings {
  std::string unix_socket;       // Path; empty: none.
  mode_t unix_mode = 0666;       // Of the socket.
  std::vector<std::string> tcp;  // "ADDRESS:PORT" or "[ADDRESS]:PORT".

  uint64_t stream_max_length = uint64_t{100} << 20;  // Bytes of one INSTREAM.
  // From the connection to its complete first command.
  std::chrono::milliseconds command_read_timeout{30000};
  // Between two pieces of a stream, or two commands of a session.
  std::chrono::milliseconds read_timeout{120000};
  // Shown by STATS, as clamd's IdleTimeout is; we have no idle threads.
  std::chrono::milliseconds idle_timeout{30000};
  // One sample, by one scanner; clamd's MaxScanTime.
  std::chrono::milliseconds scan_time{120000};

  size_t max_connections = 10000;
  size_t max_connections_per_peer = 5000;
  size_t max_queue = 1000;  // Samples that scanners hold or wait for them.

  bool allow_shutdown = false;
  bool follow_links = false;  // Those found in folders.
  uint32_t max_directory_recursion = 15;
  bool unofficial_suffix = true;  // As clamd names unsigned signatures.
  Limited limited = Limited::kError;

  std::string spool_folder = "/var/tmp";  // Streams too large for memory.
};

}  // namespace vitrine::doorman
