// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "config/config.h"
#include "quarantine/trusted.h"
#include "response/event_sink.h"
#include "response/judge.h"

namespace vitrine::response {

// A judge that lets pass what people have decided to let pass: content on the
// list of `vitrine quarantine trust`, and files in which only a rule held whose
// ladder says `notify` and nothing else (that is told, and not refused). Also
// files in which only a rule held that `excluded` names: these in silence.
//
// A rule that is let pass must not hide another: where more than one held, the
// file is found. Thread-safe; `inner` and `sink` are borrowed and outlive it,
// and it outlives inner's callbacks. The list is read again whenever its file
// has changed; one that cannot be read trusts nothing.
class TolerantJudge : public Judge {
 public:
  TolerantJudge(Judge& inner, EventSink& sink, std::string trusted,
                config::QuarantineConfig config,
                std::vector<config::Mask> excluded = {});

  void Ask(UniqueFd sample, Deadline deadline, Rules rules, std::string path,
           Callback callback) override;
  uint64_t database() const override { return inner_.database(); }

  void SetConfig(config::QuarantineConfig config);

 private:
  struct Policy {
    quarantine::Trusted trusted;
    config::QuarantineConfig config;
  };
  struct Question {
    std::shared_ptr<const Policy> policy;
    UniqueFd sample;
    Deadline deadline;
    Rules rules = Rules::kFirst;
    std::string path;
    Callback callback;
  };
  enum class Pass : uint8_t { kNo, kTrusted, kNotifyOnly, kExcluded };

  std::shared_ptr<const Policy> CurrentPolicy();
  void Send(std::shared_ptr<Question> question);
  void OnJudgement(std::shared_ptr<Question> question, Judgement judgement);
  Pass PassOf(const Question& question, const Judgement& judgement) const;
  void Report(const Question& question, const Judgement& judgement);

  Judge& inner_;
  EventSink& sink_;
  const std::string trusted_path_;
  const std::vector<config::Mask> excluded_;

  std::mutex mutex_;  // Guards all below.
  config::QuarantineConfig config_;
  std::shared_ptr<const Policy> policy_;
  struct stat seen_ = {};  // Of the list, when it was read.
};

}  // namespace vitrine::response
