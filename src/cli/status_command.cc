// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <ctime>

#include "base/json_writer.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/guard_socket.h"
#include "cli/number.h"
#include "cli/rule_source.h"
#include "cli/update_reports.h"
#include "wire/guard_status.h"

namespace vitrine::cli {
namespace {

using wire::GuardStatus;

std::string JsonOf(const GuardStatus& status) {
  JsonWriter json;
  json.BeginObject().Member("mode", status.mode);
  json.Key("degraded").BeginArray();
  for (const std::string& why : status.degraded) json.String(why);
  json.EndArray().Key("database").BeginObject();
  json.Member("generation", status.database);
  json.Member("time", status.database_time).EndObject();
  json.Member("last_overflow_ns", status.last_overflow_ns);
  json.Key("counters").BeginObject();
  for (const auto& counter : status.counters) {
    json.Member(counter.name, counter.value);
  }
  json.EndObject().Key("cage").BeginArray();
  for (const auto& row : status.cage) {
    json.BeginObject().Member("mechanism", row.mechanism);
    json.Member("state", row.state).Member("detail", row.detail).EndObject();
  }
  json.EndArray().Key("mounts").BeginArray();
  for (const auto& row : status.mounts) {
    json.BeginObject().Member("state", row.state).Member("point", row.point);
    json.Member("type", row.type).Member("device", row.device);
    json.Member("namespace", row.space);
    json.Member("reason", row.why_not).Member("proof", row.proof).EndObject();
  }
  json.EndArray().EndObject();
  return json.Take() + "\n";
}

std::string AgeOf(int64_t time) {
  const int64_t seconds = std::time(nullptr) - time;
  if (seconds < 120) return "just made";
  if (seconds < 2 * 3600) return Counted(seconds / 60, "minute") + " old";
  if (seconds < 2 * 86400) return Counted(seconds / 3600, "hour") + " old";
  return Counted(seconds / 86400, "day") + " old";
}

std::string Padded(std::string text, size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text;
}

std::string MountLine(const GuardStatus::MountRow& row) {
  std::string line = "  " + Padded(row.state, 8) + " " + Padded(row.type, 8) +
                     " " + Printable(row.point);
  if (row.space != 0) line += "  in namespace " + std::to_string(row.space);
  const std::string& remark = row.why_not.empty() ? row.proof : row.why_not;
  if (!remark.empty()) line += "  (" + Printable(remark) + ")";
  return line + "\n";
}

std::string TextOf(const GuardStatus& status) {
  std::string text = "Mode      " + Printable(status.mode) + "\n";
  if (status.database == 0) {
    text += "Database  none\n";
  } else {
    text += "Database  " + AgeOf(status.database_time) + "\n";
  }
  text += status.degraded.empty() ? "Health    good\n" : "Health    DEGRADED\n";
  for (const std::string& why : status.degraded) {
    text += "          " + Printable(why) + "\n";
  }
  text += "Counters";
  for (const auto& counter : status.counters) {
    text += " " + Printable(counter.name) + "=" + std::to_string(counter.value);
  }
  text += "\nCage\n";
  for (const auto& row : status.cage) {
    text +=
        "  " + Padded(Printable(row.state), 8) + " " + Printable(row.mechanism);
    if (!row.detail.empty()) text += "  (" + Printable(row.detail) + ")";
    text += "\n";
  }
  text += "Mounts\n";
  for (const auto& row : status.mounts) text += MountLine(row);
  return text;
}

}  // namespace

int RunStatus(const StatusArguments& arguments) {
  const auto answer = AskGuard(arguments.root, "status");
  if (!answer.ok()) {
    Complain(answer.error().message);
    return 2;
  }
  const auto status = wire::ParseGuardStatus(answer.value());
  if (!status.ok()) {
    Complain(status.error().message);
    return 2;
  }
  const std::string text =
      arguments.json ? JsonOf(status.value()) : TextOf(status.value());
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (std::fflush(stdout) != 0) return 2;
  const std::string alarm = DatabaseAlarm(arguments.root, std::time(nullptr));
  if (!alarm.empty()) Complain("WARNING: " + alarm);
  return status.value().degraded.empty() && alarm.empty() ? 0 : 1;
}

int RunGuard(const GuardArguments& arguments) {
  std::string request;
  for (const std::string& word : arguments.request) {
    request += (request.empty() ? "" : " ") + word;
  }
  const auto answer = AskGuard(arguments.root, request);
  if (!answer.ok()) {
    Complain(answer.error().message);
    return 2;
  }
  if (answer.value() == "ok\n") return 0;
  Complain(Printable(answer.value().substr(0, answer.value().find('\n'))));
  return 2;
}

}  // namespace vitrine::cli
