// SPDX-License-Identifier: Apache-2.0
#include "engine/scan/session.h"

#include <algorithm>
#include <utility>

#include "engine/scan/limits.h"

namespace vitrine::engine::scan {

std::string MemberPath(std::string_view container, std::string_view member) {
  std::string path(container);
  if (!path.empty()) path += '!';
  path += member;
  if (path.size() > kPathMax) path.resize(kPathMax);
  return path;
}

bool Session::Enter(std::string_view path, uint64_t size) {
  const uint32_t depth_max = options_.max_recursion == 0
                                 ? kDepthMax
                                 : std::min(options_.max_recursion, kDepthMax);
  if (deadline_.Passed()) {
    AddBudgetLimit(path, "max-scantime",
                   "Heuristics.Limits.Exceeded.MaxScanTime");
    stopped_ = true;
    return false;
  }
  if (frames_.size() >= depth_max) {
    AddBudgetLimit(path, "max-recursion",
                   "Heuristics.Limits.Exceeded.MaxRecursion");
    return false;
  }
  if (options_.max_files != 0 && objects_ >= options_.max_files) {
    AddBudgetLimit(path, "max-files", "Heuristics.Limits.Exceeded.MaxFiles");
    return false;
  }
  const bool is_input = frames_.empty();
  if (options_.max_filesize != 0 && size > options_.max_filesize &&
      (!is_input || options_.max_filesize_given)) {
    AddBudgetLimit(path, "max-filesize",
                   "Heuristics.Limits.Exceeded.MaxFileSize");
    return false;
  }
  ++objects_;
  report_.bytes += size;
  return true;
}

uint64_t Session::Allowance(std::string_view path, uint64_t claimed_size) {
  budget_ = {};
  if (options_.max_filesize != 0) {
    if (claimed_size > options_.max_filesize) {
      AddBudgetLimit(path, "max-filesize",
                     "Heuristics.Limits.Exceeded.MaxFileSize");
      return 0;
    }
    Narrow(options_.max_filesize, "max-filesize",
           "Heuristics.Limits.Exceeded.MaxFileSize");
  }
  uint64_t unpacked = 0;
  for (const Frame& frame : frames_) unpacked += frame.unpacked;
  if (options_.max_scansize != 0) {
    if (unpacked >= options_.max_scansize) {
      AddBudgetLimit(path, "max-scansize",
                     "Heuristics.Limits.Exceeded.MaxScanSize");
      return 0;
    }
    Narrow(options_.max_scansize - unpacked, "max-scansize",
           "Heuristics.Limits.Exceeded.MaxScanSize");
  }
  if (options_.max_ratio != 0 && !frames_.empty()) {
    // Against the input: a bomb hides its ratio in its levels.
    const uint64_t packed = frames_.front().bytes.size();
    const uint64_t most = packed > UINT64_MAX / options_.max_ratio
                              ? UINT64_MAX
                              : packed * options_.max_ratio;
    const uint64_t ceiling = std::max(most, options_.max_ratio_floor);
    if (unpacked >= ceiling) {
      AddBudgetLimit(path, "max-ratio", "");
      return 0;
    }
    Narrow(ceiling - unpacked, "max-ratio", "");
  }
  return budget_.bytes;
}

void Session::Narrow(uint64_t bytes, std::string_view reason,
                     std::string_view alert) {
  if (bytes < budget_.bytes) budget_ = {bytes, reason, alert};
}

void Session::AddIncomplete(std::string_view path, uint64_t size) {
  if (size >= budget_.bytes) {
    AddBudgetLimit(path, budget_.reason, budget_.alert);
  } else {
    AddLimit(path, "incomplete");
  }
}

void Session::Unpacked(uint64_t bytes) { frames_.back().unpacked += bytes; }

void Session::AddAlert(Alert alert) {
  if (report_.alerts.size() >= kAlertsMax) {
    AddLimit("", "too-many-findings");
    stopped_ = true;
    return;
  }
  report_.alerts.push_back(std::move(alert));
}

void Session::AddAlert(std::string_view name, std::string_view engine,
                       std::string_view path) {
  Alert alert;
  alert.name = name;
  alert.engine = engine;
  alert.object = path;
  alert.rule = UINT32_MAX;
  AddAlert(std::move(alert));
}

void Session::AddLimit(std::string_view path, std::string_view reason,
                       std::string_view detail) {
  if (report_.limits.size() >= kLimitsMax) {
    report_.limits.back() = {"", "too-many-findings", ""};
    return;
  }
  report_.limits.push_back(
      {std::string(path), std::string(reason), std::string(detail)});
}

void Session::AddError(std::string_view message) {
  if (report_.errors.size() < kLimitsMax) {
    report_.errors.emplace_back(message);
  }
}

void Session::AddConsole(std::string_view line) {
  if (report_.console.size() < kLimitsMax) report_.console.emplace_back(line);
}

void Session::AddFailure(std::string_view path, const Error& error) {
  switch (error.code) {
    case Code::kDeadline:
      AddBudgetLimit(path, "max-scantime",
                     "Heuristics.Limits.Exceeded.MaxScanTime");
      stopped_ = true;
      break;
    case Code::kLimit:
      AddLimit(path, "limit", error.message);
      break;
    default:
      AddError(error.message);
  }
}

void Session::AddBudgetLimit(std::string_view path, std::string_view reason,
                             std::string_view alert) {
  AddLimit(path, reason);
  if (!alert.empty()) AddHeuristic(path, alert);
}

bool Session::IsHeuristicOn(std::string_view alert) const {
  const auto is = [&](std::string_view prefix) {
    return alert.starts_with(prefix);
  };
  if (is("Heuristics.Limits.")) return options_.alert_exceeds_max;
  if (!options_.heuristic_alerts) return false;
  if (is("Heuristics.Encrypted.PDF") || is("Heuristics.Encrypted.OLE2") ||
      is("Heuristics.Encrypted.DOC")) {
    return options_.alert_encrypted || options_.alert_encrypted_doc;
  }
  if (is("Heuristics.Encrypted.")) {
    return options_.alert_encrypted || options_.alert_encrypted_archive;
  }
  if (is("Heuristics.Broken.Executable")) return options_.alert_broken;
  if (is("Heuristics.Broken.Media")) return options_.alert_broken_media;
  if (is("Heuristics.OLE2.ContainsMacros")) return options_.alert_macros;
  if (is("Heuristics.MBRPartition") || is("Heuristics.GPTPartition") ||
      is("Heuristics.APMPartition")) {
    return options_.alert_partition_intersection;
  }
  if (is("Heuristics.Structured.")) return options_.detect_structured;
  return true;
}

void Session::AddHeuristic(std::string_view path, std::string_view alert) {
  if (IsHeuristicOn(alert)) AddAlert(alert, "clamav", path);
}

void Session::StopIfFound() {
  if (!options_.all_match && !report_.alerts.empty()) stopped_ = true;
}

ScanReport Session::Finish() {
  if (!report_.alerts.empty()) {
    report_.verdict = Verdict::kFound;
  } else if (!report_.errors.empty()) {
    report_.verdict = Verdict::kError;
  } else if (!report_.limits.empty()) {
    report_.verdict = Verdict::kLimited;
  }
  return std::move(report_);
}

}  // namespace vitrine::engine::scan
