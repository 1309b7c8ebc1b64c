// SPDX-License-Identifier: Apache-2.0
#include "scan/scanner_process.h"

#include <utility>

namespace vitrine::scan {
namespace {

using wire::Channel;
using wire::Kind;

Error OutOfTurn() { return {Code::kInvalid, "wire: a message out of turn"}; }

}  // namespace

Result<std::unique_ptr<ScannerProcess>> ScannerProcess::Start(
    const PoolOptions& options, const sandbox::Cgroup* cgroup,
    std::shared_ptr<const KeptDatabase> database) {
  auto [ours, theirs] = TRY(Channel::Pair());
  ErrorOutput error_output = TRY(ErrorOutput::Create());
  sandbox::LaunchOptions launch;
  launch.program = options.program;
  launch.arguments = {"vitrine-scanner"};
  launch.channel = theirs.Release();
  launch.error_output = error_output.writer();
  launch.identity = options.identity;
  launch.cgroup = cgroup;
#ifndef VITRINE_SANITIZED_BUILD  // Sanitizers reserve terabytes.
  launch.limits.data = options.bounds.memory;
#endif
  sandbox::Sandboxee process =
      TRY(options.launch ? options.launch(std::move(launch))
                         : sandbox::Launch(std::move(launch)));
  error_output.Begin("vitrine-scanner[" + std::to_string(process.pid()) + "]");
  std::unique_ptr<ScannerProcess> scanner(
      new ScannerProcess(std::move(process), std::move(ours),
                         std::move(error_output), std::move(database)));
  const KeptDatabase& kept = *scanner->database_;
  const ByteVector message =
      wire::Encode(wire::SetDatabase{kept.generation, kept.settings});
  const auto sent = TRY(scanner->channel_.Send(
      message, {}, kept.descriptor.get(), wire::Wait::kNo));
  if (sent != Channel::State::kDone) {
    return Error{Code::kUnavailable, "a scanner ended as it began"};
  }
  return scanner;
}

ScannerProcess::ScannerProcess(sandbox::Sandboxee process,
                               wire::Channel channel, ErrorOutput error_output,
                               std::shared_ptr<const KeptDatabase> database)
    : process_(std::move(process)),
      channel_(std::move(channel)),
      error_output_(std::move(error_output)),
      database_(std::move(database)),
      started_(Clock::now()),
      cage_(process_.report()) {}

Result<Channel::State> ScannerProcess::Give(const wire::ScanRequest& request,
                                            int sample, uint64_t size) {
  wire::Encode(request, message_);
  const auto sent = TRY(channel_.Send(message_, {}, sample, wire::Wait::kNo));
  if (sent == Channel::State::kDone) {
    held_.push_back(
        {request.id, size, (request.flags & wire::kFullReport) != 0});
    held_bytes_ += size;
    tried_ = true;
  }
  return sent;
}

ScannerProcess::Event ScannerProcess::Next(std::vector<uint8_t>& buffer) {
  while (true) {
    const auto received =
        channel_.Receive(buffer, wire::Descriptors::kRefused, wire::Wait::kNo);
    if (!received.ok()) {
      return {Event::Kind::kGarbage, 0, {}, received.error().message};
    }
    switch (received.value().state) {
      case Channel::State::kWouldBlock:
        return {};
      case Channel::State::kClosed:
        return {Event::Kind::kClosed};
      case Channel::State::kDone:
        break;
    }
    auto event = Take(received.value().message);
    if (!event.ok()) {
      return {Event::Kind::kGarbage, 0, {}, event.error().message};
    }
    if (event.value().kind != Event::Kind::kNothing) {
      return std::move(event).value();
    }
  }
}

// The table of what may be said when.
Result<ScannerProcess::Event> ScannerProcess::Take(Bytes message) {
  const Kind kind = TRY(wire::KindOf(message));
  const bool starting = state == State::kStarting;
  if (kind == Kind::kHello && starting && !greeted_) return TakeHello(message);
  if (kind == Kind::kReady && starting && greeted_) return TakeReady(message);
  if (starting || held_.empty()) return OutOfTurn();
  if (kind == Kind::kScanReply && !in_report_) return TakeReply(message);
  if (kind == Kind::kReportPart && in_report_) return TakePart(message);
  return OutOfTurn();
}

Result<ScannerProcess::Event> ScannerProcess::TakeHello(Bytes message) {
  const wire::Hello hello = TRY(wire::DecodeHello(message));
  cage_.AdoptConfined(TRY(sandbox::CageReport::Parse(hello.cage)));
  greeted_ = true;
  return Event{};
}

Result<ScannerProcess::Event> ScannerProcess::TakeReady(Bytes message) {
  wire::Ready ready = TRY(wire::DecodeReady(message));
  if (ready.generation != database_->generation) return OutOfTurn();
  if (!ready.ok) {
    return Event{Event::Kind::kRefused, 0, {}, std::move(ready.error)};
  }
  return Event{Event::Kind::kReady};
}

Result<ScannerProcess::Event> ScannerProcess::TakeReply(Bytes message) {
  wire::ScanReply reply = TRY(wire::DecodeScanReply(message));
  const Bytes report = message.subspan(wire::kScanReplySize);
  const Held& held = held_.front();
  if (reply.id != held.id || report.size() > reply.report_size ||
      (reply.report_size != 0 && !held.full_report)) {
    return OutOfTurn();
  }
  partial_ = Outcome{};
  partial_.verdict = reply.verdict;
  partial_.reason = Reason::kAnswered;
  partial_.alerts = reply.alerts;
  partial_.first_alert = std::move(reply.first_alert);
  partial_.bytes = reply.bytes;
  partial_.size = reply.size;
  // Beyond three hundred years the number is not a time.
  partial_.spent = std::chrono::nanoseconds(
      static_cast<int64_t>(reply.nanoseconds & INT64_MAX));
  partial_.database = database_->generation;
  partial_.report.assign(report.begin(), report.end());
  report_left_ = reply.report_size - report.size();
  in_report_ = report_left_ > 0;
  return in_report_ ? Event{} : Answer();
}

Result<ScannerProcess::Event> ScannerProcess::TakePart(Bytes message) {
  const wire::ReportPart part = TRY(wire::DecodeReportPart(message));
  if (part.id != held_.front().id || part.bytes.size() > report_left_) {
    return OutOfTurn();
  }
  partial_.report.insert(partial_.report.end(), part.bytes.begin(),
                         part.bytes.end());
  report_left_ -= part.bytes.size();
  in_report_ = report_left_ > 0;
  return in_report_ ? Event{} : Answer();
}

ScannerProcess::Event ScannerProcess::Answer() {
  Event event{Event::Kind::kAnswer, held_.front().id, std::move(partial_)};
  partial_ = Outcome{};
  held_bytes_ -= held_.front().size;
  held_.pop_front();
  ++served_;
  return event;
}

void ScannerProcess::Kill() {
  process_.Kill();
  channel_.Close();
}

std::string ScannerProcess::Death() {
  Kill();
  const auto end = process_.Wait(kReapTime);
  return end.ok() ? sandbox::Describe(end.value()) : end.error().message;
}

}  // namespace vitrine::scan
