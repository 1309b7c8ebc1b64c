// SPDX-License-Identifier: Apache-2.0
#include "events/present.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

#include "base/json_writer.h"
#include "base/text.h"
#include "base/utf8.h"

namespace vitrine::events {
namespace {

constexpr const char* kOcsfVersion = "1.6.0";

const char* CategoryName(uint64_t category) {
  switch (category) {
    case 1:
      return "System Activity";
    case 2:
      return "Findings";
    case 6:
      return "Application Activity";
    case 7:
      return "Remediation";
    default:
      return "Uncategorized";
  }
}

std::string BaseName(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

// An OCSF enumeration: the number and its caption.
template <typename T>
void Enumeration(JsonWriter& json, const std::string& key, T value,
                 const char* name) {
  json.Member(key + "_id", static_cast<unsigned>(value)).Member(key, name);
}

void AddFile(JsonWriter& json, const Event& event) {
  json.Key("file").BeginObject();
  Enumeration(json, "type", 1, "Regular File");
  json.Member("name", BaseName(event.path)).Member("path", event.path);
  if (event.size != 0) json.Member("size", event.size);
  if (event.sha256) {
    json.Key("hashes").BeginArray().BeginObject();
    Enumeration(json, "algorithm", 3, "SHA-256");
    json.Member("value", ToHex(*event.sha256)).EndObject().EndArray();
  }
  json.EndObject();
}

void AddProcess(JsonWriter& json, const Event& event) {
  json.Key("process").BeginObject();
  if (event.pid != 0) json.Member("pid", event.pid);
  if (!event.process.empty()) {
    json.Member("name", BaseName(event.process));
    json.Key("file").BeginObject();
    Enumeration(json, "type", 1, "Regular File");
    json.Member("name", BaseName(event.process));
    json.Member("path", event.process).EndObject();
  }
  if (event.uid) {
    json.Key("user").BeginObject();
    json.Member("uid", std::to_string(*event.uid)).EndObject();
  }
  json.EndObject();
}

bool HasProcess(const Event& event) {
  return event.pid != 0 || event.uid || !event.process.empty();
}

void AddSubjects(JsonWriter& json, const Event& event) {
  // A finding points at its evidence; an activity has its file and actor.
  const bool is_finding = event.event_class == Class::kDetection;
  if (is_finding) json.Key("evidences").BeginArray().BeginObject();
  if (!event.path.empty()) AddFile(json, event);
  if (HasProcess(event)) {
    const bool in_actor =
        !is_finding && event.event_class != Class::kProcessActivity;
    if (in_actor) json.Key("actor").BeginObject();
    AddProcess(json, event);
    if (in_actor) json.EndObject();
  }
  if (is_finding) json.EndObject().EndArray();
}

void AddMalware(JsonWriter& json, const Event& event) {
  if (event.rules.empty()) return;
  json.Key("malware").BeginArray();
  for (const std::string& rule : event.rules) {
    json.BeginObject().Member("name", rule);
    json.Key("classification_ids").BeginArray().Number(0).EndArray();
    json.EndObject();
  }
  json.EndArray();
}

void AddUnmapped(JsonWriter& json, const Event& event) {
  json.Key("unmapped").BeginObject();
  json.Member("time_ns", event.time_ns);
  if (!event.reason.empty()) json.Member("reason", event.reason);
  if (event.verdict) json.Member("verdict", VerdictName(*event.verdict));
  if (!event.object.empty()) json.Member("object", event.object);
  if (event.inode != 0) {
    json.Member("device", event.device).Member("inode", event.inode);
  }
  if (!event.database.empty()) json.Member("database", event.database);
  if (!event.quarantine.empty()) json.Member("quarantine", event.quarantine);
  if (!event.task.empty()) json.Member("task", event.task);
  if (event.duration_us != 0) json.Member("duration_us", event.duration_us);
  if (event.count != 0) json.Member("count", event.count);
  if (event.clipped) json.Member("clipped", true);
  json.EndObject();
}

void AddOfClass(JsonWriter& json, const Event& event, const Origin& origin) {
  switch (event.event_class) {
    case Class::kDetection:
      json.Key("finding_info").BeginObject();
      json.Member("uid", EventUid(origin));
      json.Member("title", event.rules.empty() ? "" : event.rules.front());
      json.EndObject();
      break;
    case Class::kScan:
      json.Key("scan").BeginObject().Member("name", event.task);
      json.Member("type_id", 0).EndObject();
      json.Member("total", event.count);
      json.Member("num_detections", event.detections);
      json.Member("duration", event.duration_us / 1000);
      break;
    case Class::kLifecycle:
      json.Key("app").BeginObject();
      json.Member("name", "vitrine-" + origin.writer);
      json.Member("vendor_name", "Vitrine").EndObject();
      break;
    case Class::kFileRemediation:
    case Class::kRemediation:
      json.Member("command_uid", EventUid(origin));
      break;
    case Class::kFileActivity:
    case Class::kProcessActivity:
      break;
  }
}

}  // namespace

std::string EventUid(const Origin& origin) {
  return ToHex(origin.spool) + "-" + std::to_string(origin.sequence);
}

std::string UtcTime(int64_t ns) {
  int64_t seconds = ns / 1'000'000'000;
  int64_t rest = ns % 1'000'000'000;
  if (rest < 0) {
    rest += 1'000'000'000;
    --seconds;
  }
  const auto time = static_cast<time_t>(seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 96> text;
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                parts.tm_hour, parts.tm_min, parts.tm_sec,
                static_cast<int>(rest / 1'000'000));
  return text.data();
}

std::string EventJson(const Event& event, const Origin& origin) {
  const auto class_uid = static_cast<uint64_t>(event.event_class);
  JsonWriter json;
  json.BeginObject();
  json.Member("time", event.time_ns / 1'000'000);
  json.Member("category_uid", class_uid / 1000);
  json.Member("category_name", CategoryName(class_uid / 1000));
  json.Member("class_uid", class_uid);
  json.Member("class_name", ClassName(event.event_class));
  Enumeration(json, "activity", event.activity,
              ActivityName(event.event_class, event.activity));
  json.Member("type_uid", class_uid * 100 + event.activity);
  Enumeration(json, "severity", event.severity, SeverityName(event.severity));
  if (event.outcome != Outcome::kUnknown) {
    Enumeration(json, "status", event.outcome, OutcomeName(event.outcome));
  }
  if (event.action != Action::kUnknown) {
    Enumeration(json, "action", event.action, ActionName(event.action));
  }
  if (event.disposition != Disposition::kUnknown) {
    Enumeration(json, "disposition", event.disposition,
                DispositionName(event.disposition));
  }
  if (!event.message.empty()) json.Member("message", event.message);
  AddOfClass(json, event, origin);
  AddSubjects(json, event);
  AddMalware(json, event);
  json.Key("metadata").BeginObject().Member("version", kOcsfVersion);
  json.Member("uid", EventUid(origin)).Member("sequence", origin.sequence);
  json.Member("log_name", origin.writer);
  json.Key("product").BeginObject().Member("name", "Vitrine");
  json.Member("vendor_name", "Vitrine").EndObject().EndObject();
  AddUnmapped(json, event);
  json.EndObject();
  return json.Take();
}

std::string EventText(const Event& event, const Origin& origin) {
  std::string text = UtcTime(event.time_ns) + "  ";
  std::string what = std::string(ClassWord(event.event_class)) + "/" +
                     ActivityName(event.event_class, event.activity);
  what.resize(std::max<size_t>(what.size(), 24), ' ');
  text += what + "  ";
  if (event.disposition != Disposition::kUnknown) {
    text += std::string(DispositionName(event.disposition)) + "  ";
  }
  if (!event.path.empty()) {
    const std::string inner = event.object.empty() ? "" : "!" + event.object;
    text += Printable(event.path + inner) + "  ";
  }
  for (const std::string& rule : event.rules) text += Printable(rule) + "  ";
  if (!event.message.empty()) text += Printable(event.message) + "  ";
  if (!event.reason.empty()) text += "(" + Printable(event.reason) + ")  ";
  if (event.count != 0) text += "count " + std::to_string(event.count) + "  ";
  if (event.pid != 0) {
    text += "pid " + std::to_string(event.pid);
    if (!event.process.empty()) text += " " + Printable(event.process);
    text += "  ";
  }
  return text + "[" + Printable(origin.writer) + "]";
}

}  // namespace vitrine::events
