// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "doorman/settings.h"
#include "model/scan_report.h"

// What clamd says, word for word; without id and terminator, unless said.
namespace vitrine::doorman {

inline constexpr std::string_view kPong = "PONG";
inline constexpr std::string_view kVersion = "ClamAV 1.4.6";
inline constexpr std::string_view kVersionCommands =
    "ClamAV 1.4.6| COMMANDS: SCAN QUIT RELOAD PING CONTSCAN VERSIONCOMMANDS "
    "VERSION END SHUTDOWN MULTISCAN FILDES STATS IDSESSION INSTREAM "
    "DETSTATSCLEAR DETSTATS ALLMATCHSCAN";
inline constexpr std::string_view kReloading = "RELOADING";
inline constexpr std::string_view kUnknownCommand = "UNKNOWN COMMAND";
inline constexpr std::string_view kInvalidInSession =
    "Command invalid inside IDSESSION. ERROR";
inline constexpr std::string_view kOnlyPrefixed =
    "Only nCMDS\\n and zCMDS\\0 are accepted inside IDSESSION. ERROR";
inline constexpr std::string_view kErrorProcessing =
    "Error processing command. ERROR";
inline constexpr std::string_view kStreamTooLong =
    "INSTREAM size limit exceeded. ERROR";
inline constexpr std::string_view kNoDescriptor =
    "No file descriptor received. ERROR";
inline constexpr std::string_view kStrayDescriptor =
    "PROTOCOL ERROR: ancillary data sent without FILDES. ERROR";
// With its newline, whatever the command's terminator was.
inline constexpr std::string_view kTimedOut = "COMMAND READ TIMED OUT\n";
// Ours; clamd lets such clients wait or runs out of descriptors.
inline constexpr std::string_view kTooManyConnections =
    "TOO MANY CONNECTIONS. ERROR\n";
inline constexpr std::string_view kSpoolRefused =
    "INSTREAM: server is busy. ERROR";
inline constexpr std::string_view kSpoolFailed =
    "INSTREAM: can't write to temporary file. ERROR";

// What `report` is in a reply about `subject` ("stream", "fd[9]", a path): one
// line, or one for each alert if `all_match`. Never OK for what was not looked
// at in full.
std::vector<std::string> ReportLines(std::string_view subject,
                                     const ScanReport& report, bool all_match,
                                     const Settings& settings);

struct Stats {
  unsigned live = 1;
  unsigned scanners = 1;
  size_t queued = 0;
  uint64_t database_bytes = 0;
  double seconds = 0;  // That this command took so far.
};
std::string StatsText(const Stats& stats, const Settings& settings);

}  // namespace vitrine::doorman
