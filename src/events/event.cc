// SPDX-License-Identifier: Apache-2.0
#include "events/event.h"

#include <string_view>

#include "base/text.h"

namespace vitrine::events {
namespace {

struct ClassNames {
  Class event_class;
  const char* name;
  const char* word;
};
constexpr ClassNames kClasses[] = {
    {Class::kFileActivity, "File System Activity", "file"},
    {Class::kProcessActivity, "Process Activity", "process"},
    {Class::kDetection, "Detection Finding", "detection"},
    {Class::kLifecycle, "Application Lifecycle", "lifecycle"},
    {Class::kScan, "Scan Activity", "scan"},
    {Class::kRemediation, "Remediation Activity", "remediation"},
    {Class::kFileRemediation, "File Remediation Activity", "file-remediation"},
};

struct NumberName {
  uint8_t number;
  const char* name;
};

template <size_t kSize>
const char* Find(const NumberName (&names)[kSize], uint8_t number) {
  for (const NumberName& entry : names) {
    if (entry.number == number) return entry.name;
  }
  return "Unknown";
}

constexpr NumberName kFileActivities[] = {
    {1, "Create"}, {2, "Read"},   {3, "Update"},   {4, "Delete"},
    {5, "Rename"}, {12, "Mount"}, {13, "Unmount"}, {14, "Open"},
};
constexpr NumberName kProcessActivities[] = {
    {1, "Launch"}, {2, "Terminate"}, {3, "Open"}};
constexpr NumberName kDetectionActivities[] = {
    {1, "Create"}, {2, "Update"}, {3, "Close"}};
constexpr NumberName kLifecycleActivities[] = {
    {1, "Install"}, {2, "Remove"},  {3, "Start"},
    {4, "Stop"},    {5, "Restart"}, {6, "Enable"},
    {7, "Disable"}, {8, "Update"},  {99, "Other"},
};
constexpr NumberName kScanActivities[] = {
    {1, "Started"},   {2, "Completed"},
    {3, "Cancelled"}, {4, "Duration Violation"},
    {6, "Error"},     {7, "Paused"},
    {8, "Resumed"},   {9, "Restarted"},
    {10, "Delayed"},
};
constexpr NumberName kRemediationActivities[] = {
    {1, "Isolate"}, {2, "Evict"}, {3, "Restore"}};
constexpr NumberName kSeverities[] = {
    {1, "Informational"}, {2, "Low"},      {3, "Medium"},
    {4, "High"},          {5, "Critical"}, {6, "Fatal"},
};
constexpr NumberName kActions[] = {{1, "Allowed"}, {2, "Denied"}};
constexpr NumberName kDispositions[] = {
    {1, "Allowed"},    {2, "Blocked"},  {3, "Quarantined"},
    {5, "Deleted"},    {9, "Restored"}, {15, "Detected"},
    {16, "No Action"}, {17, "Logged"},  {27, "Error"},
};
constexpr NumberName kOutcomes[] = {{1, "Success"}, {2, "Failure"}};

template <typename Activity>
Event MakeOf(Class event_class, Activity activity) {
  Event event;
  event.event_class = event_class;
  event.activity = static_cast<uint8_t>(activity);
  return event;
}

}  // namespace

Event Make(FileActivity activity) {
  return MakeOf(Class::kFileActivity, activity);
}
Event Make(ProcessActivity activity) {
  return MakeOf(Class::kProcessActivity, activity);
}
Event Make(DetectionActivity activity) {
  return MakeOf(Class::kDetection, activity);
}
Event Make(LifecycleActivity activity) {
  return MakeOf(Class::kLifecycle, activity);
}
Event Make(ScanActivity activity) { return MakeOf(Class::kScan, activity); }
Event MakeFileRemediation(RemediationActivity activity) {
  return MakeOf(Class::kFileRemediation, activity);
}

const char* ClassName(Class event_class) {
  for (const ClassNames& entry : kClasses) {
    if (entry.event_class == event_class) return entry.name;
  }
  return "Unknown";
}

const char* ActivityName(Class event_class, uint8_t activity) {
  switch (event_class) {
    case Class::kFileActivity:
      return Find(kFileActivities, activity);
    case Class::kProcessActivity:
      return Find(kProcessActivities, activity);
    case Class::kDetection:
      return Find(kDetectionActivities, activity);
    case Class::kLifecycle:
      return Find(kLifecycleActivities, activity);
    case Class::kScan:
      return Find(kScanActivities, activity);
    case Class::kRemediation:
    case Class::kFileRemediation:
      return Find(kRemediationActivities, activity);
  }
  return "Unknown";
}

const char* SeverityName(Severity severity) {
  return Find(kSeverities, static_cast<uint8_t>(severity));
}
const char* ActionName(Action action) {
  return Find(kActions, static_cast<uint8_t>(action));
}
const char* DispositionName(Disposition disposition) {
  return Find(kDispositions, static_cast<uint8_t>(disposition));
}
const char* OutcomeName(Outcome outcome) {
  return Find(kOutcomes, static_cast<uint8_t>(outcome));
}

const char* ClassWord(Class event_class) {
  for (const ClassNames& entry : kClasses) {
    if (entry.event_class == event_class) return entry.word;
  }
  return "unknown";
}

std::optional<Class> ClassOf(std::string_view word) {
  const auto number = ParseDecimal(word);
  for (const ClassNames& entry : kClasses) {
    const bool same = number
                          ? *number == static_cast<uint64_t>(entry.event_class)
                          : word == entry.word;
    if (same) return entry.event_class;
  }
  return std::nullopt;
}

}  // namespace vitrine::events
