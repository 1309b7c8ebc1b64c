// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace vitrine::doorman {

// Work that other threads hand to the loop. Post() from any thread; the rest
// belongs to the loop. What is posted after the loop ended is dropped with it.
class Inbox {
 public:
  using Work = std::function<void()>;

  static Result<std::unique_ptr<Inbox>> Create();

  void Post(Work work);

  int descriptor() const { return event_.get(); }  // Readable: work waits.
  std::vector<Work> Take();

 private:
  explicit Inbox(UniqueFd event) : event_(std::move(event)) {}

  UniqueFd event_;
  std::mutex mutex_;
  std::vector<Work> work_;  // Guarded by mutex_.
};

}  // namespace vitrine::doorman
