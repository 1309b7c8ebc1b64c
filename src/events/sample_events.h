// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "events/event.h"

// For tests.
namespace vitrine::events {

// A detection with every field set.
inline Event FullEvent() {
  Event event = Make(DetectionActivity::kCreate);
  event.severity = Severity::kHigh;
  event.action = Action::kDenied;
  event.disposition = Disposition::kBlocked;
  event.outcome = Outcome::kSuccess;
  event.time_ns = 1'790'000'000'123'456'789;
  event.verdict = Verdict::kFound;
  event.message = "Opening was denied";
  event.reason = "scanned";
  event.path = "/home/anna/\xff\x1b[31m.exe";
  event.object = "a.zip!b.doc";
  event.device = 0xfd01;
  event.inode = 4711;
  event.size = 12345;
  event.sha256.emplace();
  event.sha256->fill(0xab);
  event.pid = 77;
  event.uid = 0;
  event.process = "/usr/bin/cat";
  event.rules = {"Marker", "Win.Test.A"};
  event.database = "2026-11-28.1";
  event.quarantine = "0123456789abcdef";
  event.task = "full";
  event.duration_us = 1500;
  event.count = 3;
  event.detections = 1;
  return event;
}

}  // namespace vitrine::events
