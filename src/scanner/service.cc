// SPDX-License-Identifier: Apache-2.0
#include "scanner/service.h"

#include <algorithm>
#include <utility>

#include "scanner/limits.h"
#include "wire/report.h"

namespace vitrine::scanner {
namespace {

using std::chrono::milliseconds;
using wire::Channel;
using wire::Kind;

Deadline DeadlineOf(const wire::ScanRequest& request) {
  if (request.left_ms == wire::ScanRequest::kNoDeadline) {
    return Deadline::Never();
  }
  const milliseconds left(request.left_ms);
  const milliseconds headroom =
      std::clamp<milliseconds>(left / 10, kHeadroomLeast, kHeadroomMost);
  return Deadline::After(std::max(milliseconds(1), left - headroom));
}

// Whether verdict and bytes say all of it.
bool IsBare(const ScanReport& report) {
  return report.alerts.empty() && report.limits.empty() &&
         report.errors.empty() && report.console.empty();
}

// A report within kReportMax: places of matches go first, then what the alerts
// are about, until it fits.
ByteVector EncodeCut(ScanReport& report) {
  auto bytes = wire::EncodeReport(report);
  if (bytes.ok()) return std::move(bytes).value();
  for (Alert& alert : report.alerts) alert.strings.clear();
  report.limits.push_back({"", "too-many-findings", "the report was cut"});
  bytes = wire::EncodeReport(report);
  if (bytes.ok()) return std::move(bytes).value();
  ScanReport least;
  least.verdict = report.verdict;
  least.bytes = report.bytes;
  least.limits.push_back(report.limits.back());
  if (!report.alerts.empty()) {
    Alert& first = least.alerts.emplace_back();
    first.name = report.alerts.front().name;
    first.engine = report.alerts.front().engine;
    first.rule = report.alerts.front().rule;
  }
  report = std::move(least);
  bytes = wire::EncodeReport(report);
  return bytes.ok() ? std::move(bytes).value() : ByteVector();
}

}  // namespace

Status Service::Run(const std::string& cage) {
  TRY(Send(wire::Encode(wire::Hello{cage}), {}));
  ByteVector buffer(wire::kMessageMax);
  while (true) {
    const auto received = TRY(
        channel_.Receive(buffer, wire::Descriptors::kTaken, wire::Wait::kYes));
    if (received.state == Channel::State::kClosed) return Ok();
    TRY(Take(received));
  }
}

Status Service::Take(const Channel::Received& received) {
  const Kind kind = TRY(wire::KindOf(received.message));
  if (!received.descriptor) {
    return Error{Code::kInvalid, "wire: a message without its descriptor"};
  }
  const int descriptor = received.descriptor.get();
  if (kind == Kind::kSetDatabase) {
    return OpenDatabase(TRY(wire::DecodeSetDatabase(received.message)),
                        descriptor);
  }
  if (kind == Kind::kScanRequest && scanner_ != nullptr) {
    return Scan(TRY(wire::DecodeScanRequest(received.message)), descriptor);
  }
  return Error{Code::kInvalid, "wire: a message out of turn"};
}

Status Service::OpenDatabase(const wire::SetDatabase& message, int descriptor) {
  const auto settings = TRY(wire::DecodeSettings(message.settings));
  auto database = engine::vdb::Database::Map(descriptor);
  wire::Ready ready;
  ready.generation = message.generation;
  ready.ok = database.ok();
  if (database.ok()) {
    scanner_ = std::make_unique<SampleScanner>(
        std::move(database).value(), settings,
        SampleScanner::Options{MappedFile::Trim::kByTimer, false});
  } else {
    ready.error = database.error().message;
  }
  return Send(wire::Encode(ready), {});
}

Status Service::Scan(const wire::ScanRequest& request, int descriptor) {
  return Answer(request,
                scanner_->Scan(descriptor, {request.path, request.owner},
                               (request.flags & wire::kAllMatch) != 0,
                               DeadlineOf(request)));
}

Status Service::Answer(const wire::ScanRequest& request, SampleResult result) {
  ScanReport& report = result.report;
  ByteVector encoded;
  if ((request.flags & wire::kFullReport) != 0 && !IsBare(report)) {
    encoded = EncodeCut(report);
  }
  wire::ScanReply reply;
  reply.id = request.id;
  reply.verdict = report.verdict;
  reply.alerts = static_cast<uint32_t>(report.alerts.size());
  reply.bytes = report.bytes;
  reply.size = result.size;
  reply.nanoseconds = static_cast<uint64_t>(result.spent.count());
  reply.report_size = static_cast<uint32_t>(encoded.size());
  if (!report.alerts.empty()) reply.first_alert = report.alerts.front().name;
  return SendReport(reply, encoded);
}

Status Service::SendReport(const wire::ScanReply& reply, Bytes report) {
  constexpr size_t kFirst = wire::kMessageMax - wire::kScanReplySize;
  constexpr size_t kNext = wire::kMessageMax - wire::kReportPartHeadSize;
  TRY(Send(wire::Encode(reply), Clip(report, 0, kFirst)));
  for (size_t at = kFirst; at < report.size(); at += kNext) {
    TRY(Send(wire::EncodeReportPartHead(reply.id), Clip(report, at, kNext)));
  }
  return Ok();
}

Status Service::Send(Bytes head, Bytes tail) {
  const auto state = TRY(channel_.Send(head, tail, -1, wire::Wait::kYes));
  if (state == Channel::State::kDone) return Ok();
  return Error{Code::kUnavailable, "the supervisor has gone"};
}

}  // namespace vitrine::scanner
