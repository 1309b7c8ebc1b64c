// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/deadline.h"
#include "base/result.h"
#include "formats/file_type.h"
#include "model/scan_options.h"
#include "model/scan_report.h"

namespace vitrine::engine::scan {

// One input being scanned: its report so far, its budgets, and the chain of
// objects from the input down to the one at work. Single-threaded.
class Session {
 public:
  // An object on the way down.
  struct Frame {
    Bytes bytes;
    FileType type = FileType::kANY;
    std::string path;  // As Alert::object.
    // Members taken from this and from what lies in it; for max-ratio.
    uint64_t unpacked = 0;
    bool allow_checked = false;
    bool allowed = false;
  };

  Session(const ScanOptions& options, Deadline deadline)
      : options_(options), deadline_(deadline) {}

  const ScanOptions& options() const { return options_; }
  Deadline deadline() const { return deadline_; }
  std::vector<Frame>& frames() { return frames_; }
  Frame& frame() { return frames_.back(); }

  // Enough is known: nothing more needs to be looked at.
  bool stopped() const { return stopped_; }

  // Counts an object in. False, with the limit noted, if a budget forbids it.
  bool Enter(std::string_view path, uint64_t size);

  // How many bytes a member may unpack to; 0, with the limit noted, if none.
  uint64_t Allowance(std::string_view path, uint64_t claimed_size);
  // A member is not whole: by the budget that its last Allowance() was cut to,
  // if it used that up; else by its own fault.
  void AddIncomplete(std::string_view path, uint64_t size);
  // Counts bytes unpacked from the object at work.
  void Unpacked(uint64_t bytes);

  void AddAlert(Alert alert);
  // One that is no rule's: a digest's, a container entry's, a heuristic's.
  void AddAlert(std::string_view name, std::string_view engine,
                std::string_view path);
  void AddLimit(std::string_view path, std::string_view reason,
                std::string_view detail = {});
  void AddError(std::string_view message);
  void AddConsole(std::string_view line);
  // kDeadline becomes a limit, all else an error.
  void AddFailure(std::string_view path, const Error& error);
  // A budget was hit: a limit, and ClamAV's alert where it was asked for.
  void AddBudgetLimit(std::string_view path, std::string_view reason,
                      std::string_view alert);
  // Heuristic `alert` if its option is on.
  void AddHeuristic(std::string_view path, std::string_view alert);

  // Stops at once if alerts are not to be collected: the caller knows that it
  // has reported all it wants of the object.
  void StopIfFound();

  ScanReport Finish();

 private:
  // The narrowest budget of the last Allowance().
  struct Budget {
    uint64_t bytes = UINT64_MAX;
    std::string_view reason;
    std::string_view alert;
  };
  void Narrow(uint64_t bytes, std::string_view reason, std::string_view alert);

  bool IsHeuristicOn(std::string_view alert) const;

  const ScanOptions& options_;
  Deadline deadline_;
  ScanReport report_;
  std::vector<Frame> frames_;
  Budget budget_;
  uint32_t objects_ = 0;
  bool stopped_ = false;
};

// "a.zip!b": how a member's path is made from its container's.
std::string MemberPath(std::string_view container, std::string_view member);

}  // namespace vitrine::engine::scan
