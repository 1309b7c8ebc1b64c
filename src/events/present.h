// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "events/event.h"
#include "events/spool_format.h"

// An event for people and for other programs. Paths and rule names come from
// attackers: both forms make them harmless.
namespace vitrine::events {

// Where an event was read.
struct Origin {
  std::string writer;  // "guard"
  SpoolId spool{};
  uint64_t sequence = 0;
};

// "SPOOL-SEQUENCE": names the event for good.
std::string EventUid(const Origin& origin);

// "2026-11-28T06:41:02.123Z"
std::string UtcTime(int64_t ns);

// The event as OCSF has it, one line of JSON without its end; what OCSF has no
// place for is under `unmapped`. docs/spec/events.md has the mapping.
std::string EventJson(const Event& event, const Origin& origin);

// One line for a terminal, without its end.
std::string EventText(const Event& event, const Origin& origin);

}  // namespace vitrine::events
