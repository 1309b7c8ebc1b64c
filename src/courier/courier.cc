// SPDX-License-Identifier: Apache-2.0
#include "courier/courier.h"

#include <algorithm>
#include <array>

#include "courier/limits.h"
#include "crypto/aead.h"
#include "http/limits.h"

namespace vitrine::courier {
namespace {

using http::Answer;
using http::Outcome;
using std::chrono::milliseconds;
using wire::CourierResult;

// Whether the same request may have another answer in a while.
bool MayPass(Outcome outcome) {
  switch (outcome) {
    case Outcome::kBusy:
    case Outcome::kTimeout:
    case Outcome::kTooSlow:
    case Outcome::kTruncated:
    case Outcome::kUnreachable:
    case Outcome::kNoResume:
      return true;
    default:
      return false;
  }
}

// By chance between half and all of what is due, so that machines which failed
// together do not come back together.
milliseconds BackOff(uint32_t round) {
  milliseconds due = kBackOffLeast;
  for (uint32_t i = 0; i < round && due < kBackOffMost; ++i) due *= 2;
  due = std::min<milliseconds>(due, kBackOffMost);
  std::array<uint8_t, 2> chance;
  crypto::RandomBytes(chance);
  const int64_t share = chance[0] * 256 + chance[1];  // Of 65536.
  return due / 2 + milliseconds(due.count() / 2 * share / 65536);
}

milliseconds Left(Deadline deadline) {
  const auto left =
      std::chrono::ceil<milliseconds>(deadline.at - Deadline::Clock::now());
  return std::max(left, milliseconds(0));
}

CourierResult Failed(std::string_view name, std::string_view reason,
                     std::string detail) {
  CourierResult result;
  result.name = name;
  result.reason = reason;
  result.detail = std::move(detail);
  return result;
}

}  // namespace

Courier::Courier(const config::UpdateConfig& config, http::Client& client,
                 Staging& staging, Pause pause)
    : config_(config),
      client_(client),
      staging_(staging),
      pause_(std::move(pause)) {}

Result<Courier> Courier::Create(const config::UpdateConfig& config,
                                http::Client& client, Staging& staging,
                                Pause pause) {
  Courier courier(config, client, staging, std::move(pause));
  for (const std::string& mirror : config.mirrors) {
    const auto url = http::ParseUrl(mirror);
    if (!url.ok()) return WithContext(url.error(), mirror);
    courier.mirrors_.push_back(url.value());
  }
  return courier;
}

Status Courier::Run(const wire::CourierJob& job, const Report& report) {
  order_.clear();
  for (uint32_t i = 0; i < mirrors_.size(); ++i) {
    if (std::find(job.avoid.begin(), job.avoid.end(), i) == job.avoid.end()) {
      order_.push_back(i);
    }
  }
  const Deadline deadline = Deadline::After(config_.job_timeout);
  uint64_t left = uint64_t{config_.job_max_mb} << 20;
  for (const wire::CourierFetch& fetch : job.fetches) {
    CourierResult result;
    if (order_.empty()) {
      result = Failed(fetch.name, "no-mirror", "no mirror is left to ask");
    } else if (left == 0) {
      result = Failed(fetch.name, "too-large", "job_max_mb is used up");
    } else {
      wire::CourierFetch bounded = fetch;
      bounded.size_max = std::min(fetch.size_max, left);
      result = Fetch(bounded, deadline);
    }
    left -= std::min(left, result.size);
    TRY(report(result));
  }
  return Ok();
}

CourierResult Courier::Fetch(const wire::CourierFetch& fetch,
                             Deadline deadline) {
  Tally tally;
  for (uint32_t round = 0; round < config_.attempts; ++round) {
    if (round > 0) pause_(std::min(BackOff(round - 1), Left(deadline)));
    tally = {};
    const std::vector<uint32_t> order = order_;
    for (const uint32_t mirror : order) {
      if (deadline.Passed()) {
        return Failed(fetch.name, "timeout", "job_timeout_s is used up");
      }
      CourierResult result;
      if (AskMirror(mirror, fetch, deadline, tally, result)) return result;
    }
    // One that answers and does not have it is enough: new versions are looked
    // for by asking for them, and a mirror that is down must not make that
    // slow.
    if (tally.missing > 0) {
      CourierResult result;
      result.kind = CourierResult::Kind::kMissing;
      result.name = fetch.name;
      return result;
    }
    if (!tally.again) break;
  }
  return Failed(fetch.name, http::OutcomeName(tally.last.outcome),
                tally.last.detail);
}

// True where there is a result; else the next mirror is to be asked.
bool Courier::AskMirror(uint32_t mirror, const wire::CourierFetch& fetch,
                        Deadline deadline, Tally& tally,
                        CourierResult& result) {
  http::Url url = mirrors_[mirror];
  const std::string base = url.Text();
  url.target += fetch.name;
  auto part = staging_.BeginPart(
      fetch.name, base,
      fetch.immutable ? Staging::Begin::kResume : Staging::Begin::kAnew);
  if (!part.ok()) {
    result = Failed(fetch.name, "not-kept", part.error().message);
    return true;
  }
  Answer answer = Ask(url, part.value(), fetch.size_max, deadline);
  if (answer.outcome == Outcome::kNoResume) {
    part = staging_.BeginPart(fetch.name, base, Staging::Begin::kAnew);
    if (part.ok()) answer = Ask(url, part.value(), fetch.size_max, deadline);
  }
  if (answer.outcome == Outcome::kDone) {
    const uint64_t size = part.value().size();
    const Status kept = staging_.Finish(std::move(part).value(), fetch.name);
    if (!kept.ok()) {
      result = Failed(fetch.name, "not-kept", kept.error().message);
      return true;
    }
    result = {CourierResult::Kind::kGot, fetch.name, size, mirror, "", ""};
    const auto place = std::find(order_.begin(), order_.end(), mirror);
    std::rotate(order_.begin(), place, place + 1);
    return true;
  }
  const bool keep = fetch.immutable && MayPass(answer.outcome);
  if (part.ok() && (!keep || part.value().size() == 0)) {
    staging_.Drop(part.value());
  }
  if (answer.outcome == Outcome::kNotSent) {
    result = Failed(fetch.name, "not-sent", answer.detail);
    return true;
  }
  if (answer.outcome == Outcome::kNotFound) ++tally.missing;
  if (MayPass(answer.outcome)) tally.again = true;
  const bool says_more =
      answer.outcome != Outcome::kNotFound || tally.last.detail.empty();
  if (says_more) {
    tally.last = std::move(answer);
    tally.last.detail = url.Origin() + ": " + tally.last.detail;
  }
  return false;
}

Answer Courier::Ask(const http::Url& url, Staging::Part& part,
                    uint64_t size_max, Deadline deadline) {
  http::Request request;
  request.url = url;
  request.resume_from = part.size();
  if (part.size() > size_max) {
    Answer answer;
    answer.outcome = Outcome::kTooLarge;
    answer.detail = "what an earlier try left is larger than allowed";
    return answer;
  }
  request.body_max = size_max - part.size();
  request.total = std::min<milliseconds>(config_.file_timeout, Left(deadline));
  request.connect = config_.connect_timeout;
  request.slow_time = kSlowTime;
  request.slow_bytes =
      uint64_t{config_.min_rate} *
      static_cast<uint64_t>(
          std::chrono::duration_cast<std::chrono::seconds>(kSlowTime).count());
  return client_.Fetch(request, part);
}

}  // namespace vitrine::courier
