// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crypto/digest.h"
#include "model/scan_report.h"

// One event: a thing that happened and that somebody may want to know later.
// Classes, activities, severities, actions and dispositions carry the numbers
// of the Open Cybersecurity Schema Framework (OCSF); docs/spec/events.md has
// the whole mapping.
namespace vitrine::events {

enum class Class : uint16_t {
  kFileActivity = 1001,     // A file was opened, executed or written.
  kProcessActivity = 1007,  // A process was looked at or ended.
  kDetection = 2004,        // A rule held.
  kLifecycle = 6002,        // One of our programs started, stopped, ...
  kScan = 6007,             // A task (not one file) began, ended, ...
  kRemediation = 7001,      // An action on something that is not a file.
  kFileRemediation = 7002,  // Quarantine, delete, restore.
};

// Activity numbers by class, as OCSF counts them.
enum class FileActivity : uint8_t {
  kCreate = 1,
  kRead = 2,
  kUpdate = 3,
  kDelete = 4,
  kRename = 5,
  kMount = 12,
  kUnmount = 13,
  kOpen = 14,
};
enum class ProcessActivity : uint8_t { kLaunch = 1, kTerminate = 2, kOpen = 3 };
enum class DetectionActivity : uint8_t { kCreate = 1, kUpdate = 2, kClose = 3 };
enum class LifecycleActivity : uint8_t {
  kInstall = 1,
  kRemove = 2,
  kStart = 3,
  kStop = 4,
  kRestart = 5,
  kEnable = 6,
  kDisable = 7,
  kUpdate = 8,
  kOther = 99,  // Told apart by `reason`.
};
enum class ScanActivity : uint8_t {
  kStarted = 1,
  kCompleted = 2,
  kCancelled = 3,
  kDurationViolation = 4,
  kError = 6,
  kPaused = 7,
  kResumed = 8,
  kRestarted = 9,
  kDelayed = 10,
};
enum class RemediationActivity : uint8_t {
  kIsolate = 1,  // Moved to quarantine.
  kEvict = 2,    // Deleted.
  kRestore = 3,  // Given back.
};

enum class Severity : uint8_t {
  kUnknown = 0,
  kInformational = 1,
  kLow = 2,
  kMedium = 3,
  kHigh = 4,
  kCritical = 5,
  kFatal = 6,
};

// What our control did to the activity.
enum class Action : uint8_t { kUnknown = 0, kAllowed = 1, kDenied = 2 };

enum class Disposition : uint8_t {
  kUnknown = 0,
  kAllowed = 1,
  kBlocked = 2,
  kQuarantined = 3,
  kDeleted = 5,
  kRestored = 9,
  kDetected = 15,
  kNoAction = 16,
  kLogged = 17,
  kError = 27,
};

enum class Outcome : uint8_t { kUnknown = 0, kSuccess = 1, kFailure = 2 };

// A value; what is not known stays empty or zero and takes no room in the
// record. Texts are bytes as the kernel or a rule gave them: whoever shows them
// escapes them. Longer ones than limits.h allows are cut when written.
struct Event {
  Class event_class = Class::kLifecycle;
  uint8_t activity = 0;  // Of the class; see above.
  Severity severity = Severity::kInformational;
  Action action = Action::kUnknown;
  Disposition disposition = Disposition::kUnknown;
  Outcome outcome = Outcome::kUnknown;
  int64_t time_ns = 0;  // Since 1970, UTC. 0: the writer puts the time.
  std::optional<Verdict> verdict;

  std::string message;  // For people, one sentence.
  std::string reason;   // Stable word: "deadline", "scanner-died", "cached".

  std::string path;    // As the kernel named it when it happened.
  std::string object;  // Inside the file: "b/c.doc!vba/M1".
  uint64_t device = 0;
  uint64_t inode = 0;
  uint64_t size = 0;
  std::optional<crypto::Sha256Digest> sha256;

  uint32_t pid = 0;             // Of who acted; not ours.
  std::optional<uint32_t> uid;  // Of who acted.
  std::string process;          // Its executable's path.

  std::vector<std::string> rules;  // Names of the rules that held.
  std::string database;            // Version of the database that judged.
  std::string quarantine;          // Item's id.
  std::string task;                // Task's name.

  uint64_t duration_us = 0;
  uint64_t count = 0;       // Files scanned, events lost, ...
  uint64_t detections = 0;  // Of `count`.
  bool clipped = false;     // Some text or list was longer.

  bool operator==(const Event&) const = default;
};

// Class and activity of an event in one go:
// `Make(FileActivity::kOpen)`, `Make(DetectionActivity::kCreate)`, ...
Event Make(FileActivity activity);
Event Make(ProcessActivity activity);
Event Make(DetectionActivity activity);
Event Make(LifecycleActivity activity);
Event Make(ScanActivity activity);
Event MakeFileRemediation(RemediationActivity activity);

// OCSF's captions: "Detection Finding", "High", "Blocked", ...; "Unknown" for
// numbers that are none.
const char* ClassName(Class event_class);
const char* ActivityName(Class event_class, uint8_t activity);
const char* SeverityName(Severity severity);
const char* ActionName(Action action);
const char* DispositionName(Disposition disposition);
const char* OutcomeName(Outcome outcome);

// The short word of a class for a person's command line ("detection"), and
// back, also from its number ("2004").
const char* ClassWord(Class event_class);
std::optional<Class> ClassOf(std::string_view word);

}  // namespace vitrine::events
