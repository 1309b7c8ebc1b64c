// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "doorman/scanning.h"

namespace vitrine::doorman {

// Stands for the scanners in tests: finds the words MALMARK (TestSig) and
// OTHERMARK (Other), is cut short by LIMITED, and fails at BROKEN. SLOW answers
// only when Release() was called.
class FakeScanning : public Scanning {
 public:
  FakeScanning() : thread_([this](std::stop_token stop) { Work(stop); }) {}
  ~FakeScanning() override {
    thread_.request_stop();
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      released_ = true;
    }
    changed_.notify_all();
  }

  void Submit(UniqueFd sample, Request request, Done done) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    queue_.push_back({std::move(sample), std::move(request), std::move(done)});
    changed_.notify_all();
  }
  void Reload(std::function<void(Status)> done) override {
    ++reloads;
    ++database;
    std::jthread([done = std::move(done)] { done(Ok()); }).detach();
  }
  State state() const override {
    State state;
    state.scanners = 4;
    state.database = database;
    return state;
  }

  void Release() {
    const std::lock_guard<std::mutex> lock(mutex_);
    released_ = true;
    changed_.notify_all();
  }
  // How many wait or are held back.
  size_t waiting() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return queue_.size() + slow_.size();
  }

  std::atomic<int> reloads = 0;
  std::atomic<int> scans = 0;
  std::atomic<uint64_t> database = 1;

 private:
  struct Task {
    UniqueFd sample;
    Request request;
    Done done;
  };

  void Work(const std::stop_token& stop) {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!stop.stop_requested()) {
      if (released_) {
        std::deque<Task> slow;
        slow.swap(slow_);
        for (Task& task : slow) queue_.push_back(std::move(task));
      }
      if (queue_.empty()) {
        changed_.wait(lock);
        continue;
      }
      Task task = std::move(queue_.front());
      queue_.pop_front();
      const std::string content = Content(task.sample.get());
      if (!released_ && content.find("SLOW") != std::string::npos) {
        slow_.push_back(std::move(task));
        continue;
      }
      lock.unlock();
      ++scans;
      task.done(Report(content, task.request.all_match), database);
      lock.lock();
    }
  }
  static std::string Content(int sample) {
    struct stat status {};
    fstat(sample, &status);
    std::string content(static_cast<size_t>(status.st_size), '\0');
    const ssize_t size = pread(sample, content.data(), content.size(), 0);
    content.resize(size < 0 ? 0 : static_cast<size_t>(size));
    return content;
  }
  static ScanReport Report(const std::string& content, bool all_match) {
    ScanReport report;
    const auto has = [&](const char* word) {
      return content.find(word) != std::string::npos;
    };
    const auto alert = [&](const char* word, const char* name) {
      if (!has(word) || (!report.alerts.empty() && !all_match)) return;
      report.alerts.push_back({name, "clamav", "", {}, {}, 0});
      report.verdict = Verdict::kFound;
    };
    alert("MALMARK", "TestSig");
    alert("OTHERMARK", "Other");
    if (!report.alerts.empty()) return report;
    if (has("LIMITED")) {
      report.verdict = Verdict::kLimited;
      report.limits.push_back({"", "max-recursion", ""});
    } else if (has("BROKEN")) {
      report.verdict = Verdict::kError;
      report.errors.push_back("the scanner died: signal 11");
    }
    return report;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> queue_;  // These three: guarded by mutex_.
  std::deque<Task> slow_;
  bool released_ = false;
  std::jthread thread_;
};

}  // namespace vitrine::doorman
