// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <string_view>

#include "base/json_writer.h"
#include "base/text.h"
#include "cli/report_writer.h"
#include "crypto/digest.h"

// SARIF 2.1.0 (OASIS): one run, a result an alert, a notification a limit, an
// error or a file left out.
namespace vitrine::cli {
namespace {

constexpr const char* kSchema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/"
    "sarif-schema-2.1.0.json";

// RFC 3986: a file: URI for an absolute path, a relative reference for another.
std::string UriOf(std::string_view path) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string uri = path.starts_with('/') ? "file://" : "";
  // A colon in the first segment of a relative reference would make a scheme.
  if (!path.starts_with('/') &&
      path.substr(0, path.find('/')).find(':') != std::string_view::npos) {
    uri = "./";
  }
  constexpr std::string_view kPlain = "-._~/!$&'()*+,;=:@";
  for (const uint8_t byte : AsBytes(path)) {
    if (IsAlnum(byte) || kPlain.find(static_cast<char>(byte)) != kPlain.npos) {
      uri += static_cast<char>(byte);
    } else {
      uri += '%';
      uri += kHex[byte >> 4];
      uri += kHex[byte & 15];
    }
  }
  return uri;
}

// The same finding in the next run has the same fingerprint.
std::string Fingerprint(const Outcome& outcome, const Alert& alert) {
  std::string text = alert.engine;
  for (const std::string& part : {alert.name, outcome.path, alert.object}) {
    text += '\0';
    text += part;
  }
  return ToHex(crypto::Sha256(AsBytes(text)));
}

void WriteText(const char* key, const std::string& text, JsonWriter& json) {
  json.Key(key).BeginObject().Member("text", text).EndObject();
}

void WriteArtifact(const Outcome& outcome, JsonWriter& json) {
  json.Key("artifactLocation").BeginObject();
  json.Member("uri", UriOf(outcome.path)).EndObject();
}

class SarifWriter : public ReportWriter {
 public:
  explicit SarifWriter(const WriterContext& context)
      : out_(context.out), start_time_(context.start_time) {}

  void Begin() override {
    Put("{\"$schema\":\"" + std::string(kSchema) +
        "\",\"version\":\"2.1.0\",\"runs\":[{\"results\":[");
  }

  void Add(const Outcome& outcome) override {
    for (const Alert& alert : outcome.report.alerts) AddResult(outcome, alert);
    for (const std::string& error : outcome.report.errors) {
      AddNotification(outcome, "error", "scan-error", error);
    }
    for (const Limit& limit : outcome.report.limits) {
      std::string text = "Not fully scanned: " + limit.reason;
      if (!limit.object.empty()) text += " at " + limit.object;
      if (!limit.detail.empty()) text += " (" + limit.detail + ")";
      AddNotification(outcome, "warning", limit.reason, text);
    }
    if (!outcome.skipped.empty()) {
      AddNotification(outcome, "note", "skipped", outcome.skipped);
    }
  }

  void End(const Summary& summary) override {
    Put("],\"tool\":" + Tool() + ",\"invocations\":[" + Invocation(summary) +
        "]}]}\n");
  }

 private:
  struct Rule {
    size_t index = 0;
    std::string name;
    std::string engine;
    std::vector<std::string> tags;
  };

  const Rule& RuleOf(const Alert& alert) {
    const std::string id = alert.engine + "/" + alert.name;
    const auto [place, is_new] = rules_.try_emplace(
        id, Rule{rules_.size(), alert.name, alert.engine, alert.tags});
    if (is_new) order_.push_back(place);
    return place->second;
  }

  void AddResult(const Outcome& outcome, const Alert& alert) {
    const Rule& rule = RuleOf(alert);
    JsonWriter json;
    json.BeginObject();
    json.Member("ruleId", alert.engine + "/" + alert.name);
    json.Member("ruleIndex", rule.index);
    json.Member("kind", "fail").Member("level", "error");
    const std::string inside =
        alert.object.empty() ? "" : " in " + alert.object;
    WriteText("message", alert.name + " found" + inside, json);
    json.Key("locations").BeginArray().BeginObject();
    json.Key("physicalLocation").BeginObject();
    WriteArtifact(outcome, json);
    // Offsets inside an unpacked member are none of the file's.
    if (alert.object.empty() && !alert.strings.empty()) {
      json.Key("region").BeginObject();
      json.Member("byteOffset", alert.strings[0].offset);
      json.Member("byteLength", alert.strings[0].length).EndObject();
    }
    json.EndObject();
    if (!alert.object.empty()) {
      json.Key("logicalLocations").BeginArray().BeginObject();
      json.Member("fullyQualifiedName", alert.object);
      json.Member("kind", "member").EndObject().EndArray();
    }
    json.EndObject().EndArray();
    json.Key("partialFingerprints").BeginObject();
    json.Member("vitrineFinding/v1", Fingerprint(outcome, alert)).EndObject();
    json.EndObject();
    Put((first_ ? "" : ",") + json.Take());
    first_ = false;
  }

  void AddNotification(const Outcome& outcome, const char* level,
                       const std::string& id, const std::string& text) {
    JsonWriter json;
    json.BeginObject().Member("level", level);
    WriteText("message", text, json);
    json.Key("descriptor").BeginObject().Member("id", id).EndObject();
    json.Key("locations").BeginArray().BeginObject();
    json.Key("physicalLocation").BeginObject();
    WriteArtifact(outcome, json);
    json.EndObject().EndObject().EndArray().EndObject();
    notifications_.push_back(json.Take());
  }

  std::string Tool() const {
    JsonWriter json;
    json.BeginObject().Key("driver").BeginObject();
    json.Member("name", "Vitrine").Member("semanticVersion", VITRINE_VERSION);
    json.Key("rules").BeginArray();
    for (const auto& place : order_) {
      const auto& [id, rule] = *place;
      json.BeginObject().Member("id", id).Member("name", rule.name);
      WriteText("shortDescription",
                rule.name + ", a rule of the engine's " + rule.engine + " side",
                json);
      json.Key("properties").BeginObject().Key("tags").BeginArray();
      for (const std::string& tag : rule.tags) json.String(tag);
      json.EndArray().EndObject().EndObject();
    }
    json.EndArray().EndObject().EndObject();
    return json.Take();
  }

  std::string Invocation(const Summary& summary) const {
    const int status = summary.ExitStatus();
    constexpr const char* kMeanings[] = {
        "nothing found", "something found", "something could not be scanned",
        "nothing found, but something was not fully scanned"};
    JsonWriter json;
    json.BeginObject();
    json.Member("executionSuccessful", summary.errors == 0);
    json.Member("exitCode", status);
    json.Member("exitCodeDescription", kMeanings[status]);
    json.Member("startTimeUtc", start_time_).Member("endTimeUtc", UtcNow());
    // The notifications are finished JSON: set in as they are.
    json.EndObject();
    std::string text = json.Take();
    text.pop_back();
    text += ",\"toolExecutionNotifications\":[";
    for (size_t i = 0; i < notifications_.size(); ++i) {
      text += (i == 0 ? "" : ",") + notifications_[i];
    }
    return text + "]}";
  }

  void Put(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), out_);
  }

  FILE* out_;
  const std::string start_time_;
  bool first_ = true;
  std::map<std::string, Rule> rules_;
  std::vector<std::map<std::string, Rule>::const_iterator> order_;
  std::vector<std::string> notifications_;
};

}  // namespace

std::unique_ptr<ReportWriter> MakeSarifWriter(const WriterContext& context) {
  return std::make_unique<SarifWriter>(context);
}

}  // namespace vitrine::cli
