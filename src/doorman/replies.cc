// SPDX-License-Identifier: Apache-2.0
#include "doorman/replies.h"

#include <array>
#include <cstdio>

#include "base/text.h"

namespace vitrine::doorman {
namespace {

// A word of somebody else's within a line: clients split at blanks, colons and
// terminators, so it has none of the latter.
std::string Harmless(std::string_view text) {
  std::string harmless;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    harmless += byte < 0x20 || byte == 0x7f ? '?' : c;
  }
  return harmless;
}

std::string AlertName(const Alert& alert, const Settings& settings) {
  std::string name = Harmless(alert.name);
  // clamd knows YARA rules by this prefix.
  if (alert.engine == "yara" && !name.starts_with("YARA.")) {
    name.insert(0, "YARA.");
  }
  const bool signature = !name.starts_with("Heuristics.");
  if (signature && settings.unofficial_suffix) name += ".UNOFFICIAL";
  return name;
}

// clamd's names for the limits that it shares with us.
std::string LimitName(std::string_view reason) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5>
      kNames = {{{"max-filesize", "MaxFileSize"},
                 {"max-scansize", "MaxScanSize"},
                 {"max-files", "MaxFiles"},
                 {"max-recursion", "MaxRecursion"},
                 {"max-scantime", "MaxScanTime"}}};
  for (const auto& [ours, theirs] : kNames) {
    if (reason == ours) return std::string(theirs);
  }
  return Harmless(reason);
}

std::string LimitedText(const ScanReport& report, const Settings& settings) {
  const std::string reason =
      report.limits.empty() ? "unknown" : report.limits.front().reason;
  if (settings.limited == Limited::kFound) {
    return "Heuristics.Limits.Exceeded." + LimitName(reason) + " FOUND";
  }
  return "Not fully scanned (" + Harmless(reason) + "). ERROR";
}

std::string ErrorText(const ScanReport& report) {
  std::string text =
      report.errors.empty() ? "Scan failed" : Harmless(report.errors.front());
  // Clients take what precedes the last ": " for the name of the sample.
  for (char& c : text) {
    if (c == ':') c = ',';
  }
  return text + ". ERROR";
}

}  // namespace

std::vector<std::string> ReportLines(std::string_view subject,
                                     const ScanReport& report, bool all_match,
                                     const Settings& settings) {
  const std::string head = std::string(subject) + ": ";
  std::vector<std::string> lines;
  for (const Alert& alert : report.alerts) {
    lines.push_back(head + AlertName(alert, settings) + " FOUND");
    if (!all_match) return lines;
  }
  if (!lines.empty()) return lines;
  switch (report.verdict) {
    case Verdict::kClean:
      lines.push_back(head + "OK");
      break;
    case Verdict::kLimited:
      lines.push_back(head + LimitedText(report, settings));
      break;
    case Verdict::kError:
    case Verdict::kFound:  // Without an alert: not to be believed.
      lines.push_back(head + ErrorText(report));
      break;
  }
  return lines;
}

std::string StatsText(const Stats& stats, const Settings& settings) {
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(settings.idle_timeout);
  const double mib = static_cast<double>(stats.database_bytes) / (1 << 20);
  std::array<char, 512> text;
  snprintf(text.data(), text.size(),
           "POOLS: 1\n\nSTATE: VALID PRIMARY\n"
           "THREADS: live %u  idle 0 max %u idle-timeout %lld\n"
           "QUEUE: %zu items\n\tSTATS %.6f \n\n"
           "MEMSTATS: heap N/A mmap N/A used N/A free N/A releasable N/A "
           "pools 1 pools_used %.3fM pools_total %.3fM\nEND",
           stats.live, stats.scanners, static_cast<long long>(seconds.count()),
           stats.queued, stats.seconds, mib, mib);
  return text.data();
}

}  // namespace vitrine::doorman
