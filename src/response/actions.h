// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/unique_fd.h"
#include "config/config.h"
#include "response/identity.h"

namespace vitrine::response {

// A file in which a rule held.
struct Found {
  UniqueFd file;  // As the kernel gave it.
  FileFacts facts;
  std::string path;
  // The root that `path` is seen from, where that is another mount namespace's;
  // else none.
  UniqueFd root = {};
  std::string rule;
  uint64_t database = 0;
  std::string reason = "on-access";  // A stable word: how it was found.
  std::string task;                  // Which task did; may be empty.
};

// What is done about it besides refusing the open, if there is one. Act() is
// called off the critical path of the guard's threads, may take its time, and
// writes its own events. Thread-safe.
class Actions {
 public:
  virtual ~Actions() = default;
  virtual void Act(Found found) = 0;
};

}  // namespace vitrine::response
