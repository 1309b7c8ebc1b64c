// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "guard/shared_state.h"

namespace vitrine::guard {

// The guard's eye on its supervisor: one that was killed is replaced, so that
// there are always two who hold the groups. Used by the guard's main thread.
class SupervisorWatch {
 public:
  // `arguments`: of a stand-in, its name first. `state` is borrowed. The parent
  // is the supervisor, unless it has died already.
  SupervisorWatch(SharedState& state, std::vector<std::string> arguments);

  // Readable when the supervisor has ended; -1 while there is none.
  int descriptor() const { return end_.get(); }
  // After that: looks who supervises now, and starts a stand-in where nobody
  // does. kUnavailable: could not; try again later.
  Status Renew();

 private:
  Status Watch(pid_t supervisor);
  Status StartStandIn();

  SharedState& state_;
  std::vector<std::string> arguments_;
  pid_t watched_ = 0;
  UniqueFd end_;
};

}  // namespace vitrine::guard
