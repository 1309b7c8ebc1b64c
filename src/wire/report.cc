// SPDX-License-Identifier: Apache-2.0
#include "wire/report.h"

#include <string>

#include "wire/decoder.h"
#include "wire/encoder.h"
#include "wire/limits.h"

namespace vitrine::wire {
namespace {

// The fewest bytes that one of each takes: its integers and empty texts.
constexpr uint64_t kTextLeast = 4;
constexpr uint64_t kStringLeast = kTextLeast + 16;
constexpr uint64_t kAlertLeast = 3 * kTextLeast + 4 + 4 + 4;
constexpr uint64_t kLimitLeast = 3 * kTextLeast;

void PutAlert(Encoder& encoder, const Alert& alert) {
  encoder.PutText(alert.name);
  encoder.PutText(alert.engine);
  encoder.PutText(alert.object);
  encoder.Put(alert.rule);
  encoder.Put(static_cast<uint32_t>(alert.tags.size()));
  for (const std::string& tag : alert.tags) encoder.PutText(tag);
  encoder.Put(static_cast<uint32_t>(alert.strings.size()));
  for (const StringMatch& match : alert.strings) {
    encoder.PutText(match.id);
    encoder.Put(match.offset);
    encoder.Put(match.length);
  }
}

void PutTexts(Encoder& encoder, const std::vector<std::string>& texts) {
  encoder.Put(static_cast<uint32_t>(texts.size()));
  for (const std::string& text : texts) encoder.PutText(text);
}

std::string GetString(Decoder& decoder) {
  return std::string(decoder.GetText(kReportMax));
}

std::vector<std::string> GetTexts(Decoder& decoder) {
  std::vector<std::string> texts;
  const uint32_t count = decoder.GetCount(kTextLeast);
  for (uint32_t i = 0; i < count && !decoder.failed(); ++i) {
    texts.push_back(GetString(decoder));
  }
  return texts;
}

Alert GetAlert(Decoder& decoder) {
  Alert alert;
  alert.name = GetString(decoder);
  alert.engine = GetString(decoder);
  alert.object = GetString(decoder);
  alert.rule = decoder.Get<uint32_t>();
  alert.tags = GetTexts(decoder);
  const uint32_t count = decoder.GetCount(kStringLeast);
  for (uint32_t i = 0; i < count && !decoder.failed(); ++i) {
    StringMatch& match = alert.strings.emplace_back();
    match.id = GetString(decoder);
    match.offset = decoder.Get<uint64_t>();
    match.length = decoder.Get<uint64_t>();
  }
  return alert;
}

}  // namespace

Result<ByteVector> EncodeReport(const ScanReport& report) {
  ByteVector bytes;
  Encoder encoder(bytes);
  encoder.Put(static_cast<uint8_t>(report.verdict));
  encoder.Put(report.bytes);
  encoder.Put(static_cast<uint32_t>(report.alerts.size()));
  for (const Alert& alert : report.alerts) {
    PutAlert(encoder, alert);
    if (bytes.size() > kReportMax) break;
  }
  encoder.Put(static_cast<uint32_t>(report.limits.size()));
  for (const Limit& limit : report.limits) {
    encoder.PutText(limit.object);
    encoder.PutText(limit.reason);
    encoder.PutText(limit.detail);
  }
  PutTexts(encoder, report.errors);
  PutTexts(encoder, report.console);
  if (bytes.size() > kReportMax) {
    return Error{Code::kLimit, "the report is too long to be sent"};
  }
  return bytes;
}

Result<ScanReport> DecodeReport(Bytes bytes) {
  Decoder decoder(bytes);
  ScanReport report;
  const auto verdict = decoder.Get<uint8_t>();
  report.bytes = decoder.Get<uint64_t>();
  const uint32_t alerts = decoder.GetCount(kAlertLeast);
  for (uint32_t i = 0; i < alerts && !decoder.failed(); ++i) {
    report.alerts.push_back(GetAlert(decoder));
  }
  const uint32_t limits = decoder.GetCount(kLimitLeast);
  for (uint32_t i = 0; i < limits && !decoder.failed(); ++i) {
    Limit& limit = report.limits.emplace_back();
    limit.object = GetString(decoder);
    limit.reason = GetString(decoder);
    limit.detail = GetString(decoder);
  }
  report.errors = GetTexts(decoder);
  report.console = GetTexts(decoder);
  if (!decoder.Finished() || verdict > static_cast<uint8_t>(Verdict::kFound)) {
    return Error{Code::kInvalid, "a damaged scan report"};
  }
  report.verdict = static_cast<Verdict>(verdict);
  return report;
}

}  // namespace vitrine::wire
