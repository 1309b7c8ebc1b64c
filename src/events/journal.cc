// SPDX-License-Identifier: Apache-2.0
#include "events/journal.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>

#include "base/code.h"

namespace vitrine::events {
namespace {

void Field(std::string& entry, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  entry += name;
  if (value.find('\n') == value.npos) {
    entry += '=';
  } else {
    CodeWriter size;
    size.U64(value.size());
    entry += '\n';
    entry += AsText(size.Take());
  }
  entry += value;
  entry += '\n';
}

// syslog's: 2 critical, 4 warning, 5 notice, 6 informational.
const char* Priority(Severity severity) {
  switch (severity) {
    case Severity::kFatal:
    case Severity::kCritical:
      return "2";
    case Severity::kHigh:
      return "4";
    case Severity::kMedium:
      return "5";
    default:
      return "6";
  }
}

}  // namespace

std::string JournalEntry(const Event& event, const Origin& origin) {
  std::string entry;
  Field(entry, "MESSAGE", EventText(event, origin));
  Field(entry, "PRIORITY", Priority(event.severity));
  Field(entry, "SYSLOG_IDENTIFIER", "vitrine");
  Field(entry, "VITRINE_EVENT", EventUid(origin));
  Field(entry, "VITRINE_WRITER", origin.writer);
  Field(entry, "VITRINE_TIME", UtcTime(event.time_ns));
  Field(entry, "VITRINE_CLASS", ClassName(event.event_class));
  Field(entry, "VITRINE_ACTIVITY",
        ActivityName(event.event_class, event.activity));
  Field(entry, "VITRINE_SEVERITY", SeverityName(event.severity));
  if (event.action != Action::kUnknown) {
    Field(entry, "VITRINE_ACTION", ActionName(event.action));
  }
  if (event.disposition != Disposition::kUnknown) {
    Field(entry, "VITRINE_DISPOSITION", DispositionName(event.disposition));
  }
  if (event.verdict) {
    Field(entry, "VITRINE_VERDICT", VerdictName(*event.verdict));
  }
  Field(entry, "VITRINE_REASON", event.reason);
  Field(entry, "VITRINE_PATH", event.path);
  Field(entry, "VITRINE_OBJECT", event.object);
  for (const std::string& rule : event.rules) {
    Field(entry, "VITRINE_RULE", rule);
  }
  Field(entry, "VITRINE_QUARANTINE", event.quarantine);
  Field(entry, "VITRINE_TASK", event.task);
  if (event.pid != 0) Field(entry, "VITRINE_PID", std::to_string(event.pid));
  return entry;
}

JournalSender::JournalSender(std::string socket)
    : path_(std::move(socket)),
      socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
}

void JournalSender::Send(const Event& event, const Origin& origin) {
  const std::string entry = JournalEntry(event, origin);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path_.size() >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, path_.data(), path_.size());
  // By name each time: journald may have been restarted.
  const ssize_t sent = sendto(
      socket_.get(), entry.data(), entry.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
      reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ++(sent >= 0 ? sent_ : unsent_);
}

}  // namespace vitrine::events
