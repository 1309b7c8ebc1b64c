// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "base/utf8.h"
#include "cli/report_writer.h"

namespace vitrine::cli {
namespace {

void WriteAlert(const Alert& alert, JsonWriter& json) {
  json.BeginObject();
  json.Member("name", alert.name);
  json.Member("engine", alert.engine);
  json.Member("object", alert.object);
  json.Key("tags").BeginArray();
  for (const std::string& tag : alert.tags) json.String(tag);
  json.EndArray();
  json.Key("strings").BeginArray();
  for (const StringMatch& match : alert.strings) {
    json.BeginObject();
    json.Member("id", match.id);
    json.Member("offset", match.offset);
    json.Member("length", match.length);
    json.EndObject();
  }
  json.EndArray().EndObject();
}

void WriteTexts(const char* key, const std::vector<std::string>& texts,
                JsonWriter& json) {
  json.Key(key).BeginArray();
  for (const std::string& text : texts) json.String(text);
  json.EndArray();
}

// One JSON object a line. What a member is called and where it stands is a
// contract: others parse this.
class JsonlWriter : public ReportWriter {
 public:
  explicit JsonlWriter(const WriterContext& context) : out_(context.out) {}

  void Add(const Outcome& outcome) override {
    if (!outcome.skipped.empty()) return;
    const ScanReport& report = outcome.report;
    JsonWriter json;
    json.BeginObject();
    json.Member("path", outcome.path);
    // Where the path is no UTF-8 its spelling above is ambiguous; this is not.
    if (!IsUtf8(outcome.path)) {
      json.Member("path_hex", ToHex(AsBytes(outcome.path)));
    }
    json.Member("verdict", VerdictName(report.verdict));
    json.Key("alerts").BeginArray();
    for (const Alert& alert : report.alerts) WriteAlert(alert, json);
    json.EndArray();
    json.Key("limits").BeginArray();
    for (const Limit& limit : report.limits) {
      json.BeginObject();
      json.Member("object", limit.object);
      json.Member("reason", limit.reason);
      json.Member("detail", limit.detail);
      json.EndObject();
    }
    json.EndArray();
    WriteTexts("errors", report.errors, json);
    if (!report.console.empty()) WriteTexts("console", report.console, json);
    json.Member("bytes", report.bytes);
    json.Key("ms").Fixed(outcome.ms, 3);
    json.EndObject();
    const std::string line = json.Take() + "\n";
    std::fwrite(line.data(), 1, line.size(), out_);
  }

  void End(const Summary&) override {}

 private:
  FILE* out_;
};

}  // namespace

std::unique_ptr<ReportWriter> MakeJsonlWriter(const WriterContext& context) {
  return std::make_unique<JsonlWriter>(context);
}

}  // namespace vitrine::cli
