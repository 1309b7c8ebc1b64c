// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "events/event.h"

namespace vitrine::response {

// Where the guard tells what happened; must be written when it returns, since
// the answer is given after it. Thread-safe, never waits for anybody.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void Append(const events::Event& event) = 0;
};

}  // namespace vitrine::response
