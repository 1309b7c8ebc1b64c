// SPDX-License-Identifier: Apache-2.0
#include "response/tolerant_judge.h"

#include <fcntl.h>

#include "quarantine/content.h"
#include "quarantine/ladder.h"
#include "response/limits.h"

namespace vitrine::response {
namespace {

bool IsSameFile(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino &&
         a.st_size == b.st_size && a.st_ctim.tv_sec == b.st_ctim.tv_sec &&
         a.st_ctim.tv_nsec == b.st_ctim.tv_nsec;
}

bool IsNotifyOnly(const config::QuarantineConfig& config,
                  const std::string& rule) {
  const auto actions = quarantine::ActionsFor(config, {rule});
  return actions.size() == 1 && actions.front() == config::Action::kNotify;
}

}  // namespace

TolerantJudge::TolerantJudge(Judge& inner, EventSink& sink, std::string trusted,
                             config::QuarantineConfig config,
                             std::vector<config::Mask> excluded)
    : inner_(inner),
      sink_(sink),
      trusted_path_(std::move(trusted)),
      excluded_(std::move(excluded)),
      config_(std::move(config)) {}

void TolerantJudge::SetConfig(config::QuarantineConfig config) {
  const std::lock_guard lock(mutex_);
  config_ = std::move(config);
  policy_ = nullptr;
}

std::shared_ptr<const TolerantJudge::Policy> TolerantJudge::CurrentPolicy() {
  struct stat now = {};
  if (stat(trusted_path_.c_str(), &now) != 0) now = {};
  const std::lock_guard lock(mutex_);
  if (policy_ != nullptr && IsSameFile(now, seen_)) return policy_;
  auto policy = std::make_shared<Policy>();
  policy->config = config_;
  auto list = quarantine::Trusted::Load(trusted_path_);
  if (list.ok()) policy->trusted = std::move(list).value();
  policy_ = std::move(policy);
  seen_ = now;
  return policy_;
}

void TolerantJudge::Ask(UniqueFd sample, Deadline deadline, Rules rules,
                        std::string path, Callback callback) {
  auto question = std::make_shared<Question>();
  question->policy = CurrentPolicy();
  question->sample = std::move(sample);
  question->deadline = deadline;
  question->rules = rules;
  question->path = std::move(path);
  question->callback = std::move(callback);
  Send(std::move(question));
}

void TolerantJudge::Send(std::shared_ptr<Question> question) {
  UniqueFd copy(fcntl(question->sample.get(), F_DUPFD_CLOEXEC, 0));
  // Without a second descriptor there is no second look: as found as it is.
  if (!copy) copy = std::move(question->sample);
  const Deadline deadline = question->deadline;
  const Rules rules = question->rules;
  std::string path = question->path;
  inner_.Ask(std::move(copy), deadline, rules, std::move(path),
             [this, question = std::move(question)](Judgement judgement) {
               OnJudgement(question, std::move(judgement));
             });
}

void TolerantJudge::OnJudgement(std::shared_ptr<Question> question,
                                Judgement judgement) {
  const Pass pass = PassOf(*question, judgement);
  if (pass == Pass::kNo) {
    question->callback(std::move(judgement));
    return;
  }
  if (question->rules == Rules::kFirst) {
    question->rules = Rules::kAll;
    Send(std::move(question));
    return;
  }
  if (judgement.rules == 1) {
    if (pass == Pass::kNotifyOnly) Report(*question, judgement);
    judgement.verdict = Verdict::kClean;
  }
  question->callback(std::move(judgement));
}

TolerantJudge::Pass TolerantJudge::PassOf(const Question& question,
                                          const Judgement& judgement) const {
  if (judgement.verdict != Verdict::kFound || !question.sample) {
    return Pass::kNo;
  }
  if (config::AnyMatches(excluded_, judgement.rule)) return Pass::kExcluded;
  if (IsNotifyOnly(question.policy->config, judgement.rule)) {
    return Pass::kNotifyOnly;
  }
  const int file = question.sample.get();
  struct stat status;
  if (fstat(file, &status) != 0) return Pass::kNo;
  const auto size = static_cast<uint64_t>(status.st_size);
  if (size > kTrustedSizeMax || !question.policy->trusted.HasSize(size)) {
    return Pass::kNo;
  }
  const auto digest = quarantine::DigestOf(file);
  const bool trusted =
      digest.ok() &&
      question.policy->trusted.Covers(digest.value(), size, {judgement.rule});
  return trusted ? Pass::kTrusted : Pass::kNo;
}

void TolerantJudge::Report(const Question& question,
                           const Judgement& judgement) {
  events::Event event = events::Make(events::DetectionActivity::kCreate);
  event.severity = events::Severity::kMedium;
  event.verdict = Verdict::kFound;
  event.action = events::Action::kAllowed;
  event.disposition = events::Disposition::kDetected;
  event.reason = "notify-only";
  event.message = "A rule held that is only told of";
  event.path = question.path;
  event.rules.push_back(judgement.rule);
  event.database = std::to_string(judgement.database);
  sink_.Append(event);
}

}  // namespace vitrine::response
