// SPDX-License-Identifier: Apache-2.0
#include "update/session/relay.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/system_error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "sandbox/launch.h"
#include "update/delta/limits.h"
#include "update/session/limits.h"
#include "update/state/limits.h"
#include "update/verify/limits.h"

namespace vitrine::update {
namespace {

constexpr std::string_view kMetadata = "metadata/";

// A person's share of a verifier's words.
std::string Words(Bytes body, size_t most) {
  return Printable(AsText(body.first(std::min(body.size(), most))));
}

// Names of ours that a verifier may have read, and write.
bool MayLoad(std::string_view name) {
  return name == "trust" || name == "held" || name == "log-view";
}
bool IsMetadata(std::string_view name) {
  if (!name.starts_with(kMetadata)) return false;
  name.remove_prefix(kMetadata.size());
  return !name.empty() && name.size() <= 255 && name.front() != '.' &&
         name.find('/') == name.npos && name.find('\0') == name.npos;
}
bool MayKeep(std::string_view name) {
  return name == "leaf" || name == "leaf.tlog-proof" || name == "held" ||
         name == "changes";
}

Error Forbidden(std::string_view what) {
  return {Code::kInvalid,
          "the verifier asked for what it may not: " + Printable(what)};
}

Result<UniqueFd> OpenForReading(const std::string& path) {
  UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return SystemError(path, errno);
  return file;
}

Error RefusalOf(const wire::Letter& letter,
                const std::vector<std::string_view>& words) {
  Code code = Code::kDenied;
  for (const Code each : {Code::kInvalid, Code::kLimit, Code::kNotFound,
                          Code::kUnavailable, Code::kDeadline}) {
    if (words.size() > 1 && words[1] == CodeName(each)) code = each;
  }
  return {code, Words(letter.body, kRefusalTextMax)};
}

}  // namespace

Result<Verdict> Relay::Run(const Order& order) {
  auto [ours, theirs] = TRY(wire::Channel::Pair());
  sandbox::LaunchOptions launch;
  launch.program = options_.verifier;
  launch.arguments = {"vitrine-verifier"};
  launch.channel = theirs.Release();
#ifndef VITRINE_SANITIZED_BUILD  // Sanitizers reserve terabytes.
  launch.limits.data = kVerifierMemory;
#endif
  launch.limits.cpu_seconds = kVerifierCpuSeconds;
  sandbox::Sandboxee process = TRY(sandbox::Launch(std::move(launch)));
  TRY(wire::Post(ours, FormatOrder(order)));
  for (size_t i = 0; i < kLettersMax; ++i) {
    auto taken =
        wire::TakeLetter(ours, kKeptSizeMax, wire::Descriptors::kRefused,
                         Deadline::After(kVerifierTime));
    if (!taken.ok()) {
      process.Kill();
      const auto end = process.Wait(std::chrono::seconds(1));
      return Error{taken.error().code,
                   "the verifier " +
                       (end.ok() ? sandbox::Describe(end.value())
                                 : std::string("does not end")) +
                       ": " + taken.error().message};
    }
    const wire::Letter& letter = taken.value();
    const auto words = letter.Words();
    if (words.front() == "verdict") return ParseVerdict(letter.text);
    if (words.front() == "refused") return RefusalOf(letter, words);
    TRY(Serve(ours, letter));
  }
  return Error{Code::kLimit, "the verifier asks without an end"};
}

Status Relay::Serve(const wire::Channel& verifier, const wire::Letter& letter) {
  const auto words = letter.Words();
  const std::string_view verb = words.front();
  if (verb == "caged") return Ok();  // The scanners', which `status` shows.
  if (verb == "alert") {
    if (alerts_.size() < kAlertsHeardMax) {
      alerts_.push_back(Words(letter.body, kAlertTextMax));
    }
    return Ok();
  }
  if (verb == "evidence") {
    if (letter.body.size() > kEvidenceSizeMax) return Forbidden(letter.text);
    return state_.AddEvidence(letter.body);
  }
  if (verb == "base" && words.size() == 1) {
    const auto active = state_.Active();
    return Answer(verifier, active ? OpenForReading(active->File())
                                   : Error{Code::kNotFound, "none"});
  }
  if (words.size() < 2) return Forbidden(letter.text);
  const std::string name(words[1]);
  if (verb == "want" && words.size() == 4) {
    const auto size = ParseDecimal(words[2]);
    if (!size || *size > kPackedSizeMax) return Forbidden(letter.text);
    return Answer(verifier, Fetch(name, *size, words[3] == "lasting"));
  }
  if (verb == "load") {
    const bool bundle = name == "bundle" && !options_.bundle.empty();
    if (!bundle && !MayLoad(name) && !IsMetadata(name)) return Forbidden(name);
    return Answer(verifier, Load(name));
  }
  if (verb == "room") {
    const auto size = ParseDecimal(name);
    if (!size || *size > kDatabaseSizeMax) return Forbidden(letter.text);
    return Answer(verifier, state_.MakeRoom(*size));
  }
  if (verb == "keep" && MayKeep(name)) return state_.Keep(name, letter.body);
  if (verb == "save" && (name == "log-view" || IsMetadata(name))) {
    if (letter.body.size() > kSavedSizeMax) return Forbidden(letter.text);
    return state_.Save(name, letter.body);
  }
  if (verb == "drop" && IsMetadata(name)) return state_.Drop(name);
  return Forbidden(letter.text);
}

Status Relay::Answer(const wire::Channel& verifier, Result<UniqueFd> file) {
  if (file.ok()) return wire::Post(verifier, "file", {}, file.value().get());
  const Error& error = file.error();
  if (error.code == Code::kNotFound) return wire::Post(verifier, "missing");
  std::string text = "failed " + std::string(CodeName(error.code)) + ' ' +
                     Printable(error.message);
  text.resize(std::min<size_t>(text.size(), 1000));
  return wire::Post(verifier, text);
}

Result<UniqueFd> Relay::Fetch(const std::string& name, uint64_t size_max,
                              bool lasting) {
  if (options_.courier == nullptr) return Error{Code::kNotFound, "a bundle"};
  const auto results =
      TRY(options_.courier->Run({options_.avoid, {{name, size_max, lasting}}},
                                Deadline::After(kFetchTime)));
  const wire::CourierResult& result = results.front();
  if (result.kind == wire::CourierResult::Kind::kMissing) {
    return Error{Code::kNotFound, "no mirror has it"};
  }
  if (result.kind == wire::CourierResult::Kind::kFailed) {
    const Code code =
        result.reason == "too-large" ? Code::kLimit : Code::kUnavailable;
    return Error{code, result.reason + ": " + result.detail};
  }
  mirror_ = result.mirror;
  return options_.courier->TakeStaged(name, size_max);
}

Result<UniqueFd> Relay::Load(const std::string& name) const {
  if (name == "bundle") return OpenForReading(options_.bundle);
  if (name == "held") {
    const auto active = state_.Active();
    if (!active) return Error{Code::kNotFound, "none"};
    return state_.OpenKept(active->Kept("held"));
  }
  return state_.OpenKept(name);
}

}  // namespace vitrine::update
