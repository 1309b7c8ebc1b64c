// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/unique_fd.h"
#include "events/event.h"
#include "events/present.h"

namespace vitrine::events {

// The entry that journald gets for an event, in its native protocol: fields of
// NAME=value lines, or NAME, the length and the bytes where a value has line
// breaks.
std::string JournalEntry(const Event& event, const Origin& origin);

// Sends events to journald, one datagram each. Never waits: what the socket
// does not take at once is counted and left out; the store has it.
class JournalSender {
 public:
  static constexpr const char* kSocket = "/run/systemd/journal/socket";

  explicit JournalSender(std::string socket = kSocket);

  void Send(const Event& event, const Origin& origin);
  uint64_t sent() const { return sent_; }
  uint64_t unsent() const { return unsent_; }

 private:
  std::string path_;
  UniqueFd socket_;
  uint64_t sent_ = 0;
  uint64_t unsent_ = 0;
};

}  // namespace vitrine::events
