// SPDX-License-Identifier: Apache-2.0
#include "doorman/openers.h"

namespace vitrine::doorman {

Openers::Openers(unsigned threads) {
  for (unsigned i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { Work(); });
  }
}

Openers::~Openers() {
  const std::lock_guard<std::mutex> lock(mutex_);
  ending_ = true;
  changed_.notify_all();
}

void Openers::Run(std::function<void()> task) {
  const std::lock_guard<std::mutex> lock(mutex_);
  tasks_.push_back(std::move(task));
  changed_.notify_one();
}

void Openers::Work() {
  for (;;) {
    std::function<void()> task;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [this] { return ending_ || !tasks_.empty(); });
      if (ending_) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

}  // namespace vitrine::doorman
