// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "events/event.h"

namespace vitrine::response {

// Where guard and tasker tell what happened; must be written when it returns,
// since the guard answers, and a found file may go, after it. Thread-safe,
// never waits for anybody.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void Append(const events::Event& event) = 0;
};

}  // namespace vitrine::response
