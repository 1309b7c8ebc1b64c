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
#include "guard/kernel_cache.h"
#include "guard/openers.h"
#include "response/event_sink.h"
#include "response/judge.h"

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
  UniqueFd ForeignRoot(pid_t) const override { return {}; }
  std::string PathOf(int) const override { return path; }
  bool IsOwnFile(int, const std::string&) const override { return own; }

  std::string program = "/usr/bin/cat";
  std::string path = "/srv/file";
  bool own = false;
};

}  // namespace vitrine::guard
