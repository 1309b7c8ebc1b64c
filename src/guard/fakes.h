// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "guard/fanotify.h"
#include "guard/judge.h"
#include "guard/kernel_cache.h"
#include "guard/openers.h"
#include "guard/record.h"

// For tests: a kernel, a judge and openers that do as they are told.
namespace vitrine::guard {

class FakeFanotify : public Fanotify {
 public:
  int descriptor() const override { return -1; }
  Status Read(std::vector<KernelEvent>& events) override {
    for (auto& event : waiting) events.push_back(std::move(event));
    waiting.clear();
    return Ok();
  }
  Status Answer(int file, Access access) override {
    answers.emplace_back(file, access);
    return Ok();
  }
  Status Watch(int) override { return Ok(); }
  Status Unwatch(int) override { return Ok(); }
  Status Ignore(int file, bool execute) override {
    ignored[file] = execute;
    return Ok();
  }
  Status Unignore(int file) override {
    ignored.erase(file);
    return Ok();
  }
  Status Exclude(const std::string&) override { return Ok(); }
  Status ForgetFiles() override { return Ok(); }

  std::vector<KernelEvent> waiting;
  std::vector<std::pair<int, Access>> answers;
  std::map<int, bool> ignored;  // Whether for execution as well.
};

class FakeLeases : public Leases {
 public:
  bool Take(int file) override {
    if (writer) return false;
    held.insert(file);
    return true;
  }
  bool Stands(int file) const override {
    return held.contains(file) && !broken;
  }
  void Give(int file) override { held.erase(file); }

  bool writer = false;
  bool broken = false;
  std::set<int> held;
};

class FakeOpeners : public Openers {
 public:
  bool IsOurs(pid_t pid) const override { return pid == 1; }
  std::string Program(pid_t) const override { return program; }
  std::string PathOf(int) const override { return path; }

  std::string program = "/usr/bin/cat";
  std::string path = "/srv/file";
};

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
    char name[] = "/tmp/vitrine-guard.XXXXXX";
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

}  // namespace vitrine::guard
