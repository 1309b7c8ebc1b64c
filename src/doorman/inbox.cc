// SPDX-License-Identifier: Apache-2.0
#include "doorman/inbox.h"

#include <errno.h>
#include <sys/eventfd.h>

#include "base/system_error.h"

namespace vitrine::doorman {

Result<std::unique_ptr<Inbox>> Inbox::Create() {
  UniqueFd event(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!event) {
    return Unavailable("eventfd");
  }
  return std::unique_ptr<Inbox>(new Inbox(std::move(event)));
}

void Inbox::Post(Work work) {
  bool first;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    first = work_.empty();
    work_.push_back(std::move(work));
  }
  // Full is readable too.
  if (first) static_cast<void>(eventfd_write(event_.get(), 1));
}

std::vector<Inbox::Work> Inbox::Take() {
  eventfd_t count;
  static_cast<void>(eventfd_read(event_.get(), &count));
  std::vector<Work> taken;
  const std::lock_guard<std::mutex> lock(mutex_);
  taken.swap(work_);
  return taken;
}

}  // namespace vitrine::doorman
