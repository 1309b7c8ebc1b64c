// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "response/event_sink.h"
#include "response/judge.h"

// For tests: a sink and a judge that do as they are told, and a file.
namespace vitrine::response {

class FakeSink : public EventSink {
 public:
  void Append(const events::Event& event) override {
    reasons.push_back(event.reason);
  }
  std::vector<std::string> reasons;
};

class FakeJudge : public Judge {
 public:
  struct Asked {
    Rules rules;
    Callback callback;
  };
  void Ask(UniqueFd, Deadline, Rules rules, std::string,
           Callback callback) override {
    asked.push_back({rules, std::move(callback)});
  }
  uint64_t database() const override { return 1; }

  // Answers the oldest question.
  void Say(Verdict verdict, const std::string& rule = "", uint32_t rules = 1) {
    Asked first = std::move(asked.front());
    asked.erase(asked.begin());
    Judgement judgement;
    judgement.verdict = verdict;
    judgement.rule = rule;
    judgement.rules = rules;
    judgement.database = 1;
    first.callback(judgement);
  }

  std::vector<Asked> asked;
};

// A file with contents, gone when the test is.
class SampleFile {
 public:
  explicit SampleFile(std::string_view contents = "contents") {
    char name[] = "/tmp/vitrine-test.XXXXXX";
    const UniqueFd file(mkstemp(name));
    path_ = name;
    (void)!write(file.get(), contents.data(), contents.size());
  }
  ~SampleFile() { unlink(path_.c_str()); }

  UniqueFd Open() const { return UniqueFd(open(path_.c_str(), O_RDONLY)); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace vitrine::response
