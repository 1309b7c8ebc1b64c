// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace vitrine::wire {

enum class Wait : uint8_t { kNo, kYes };

// Whether a receiver takes a descriptor. A supervisor never does: what a
// scanner could send it would be one more thing to distrust.
enum class Descriptors : uint8_t { kRefused, kTaken };

// One end of a sequential-packet socket pair between two of our processes:
// whole messages, each with at most one descriptor. Owns its end. Nothing that
// arrives is believed: a message that was cut, or came with more than one
// descriptor, is kInvalid, and no descriptor is leaked.
//
// Several threads may send and receive at one time; messages stay whole.
class Channel {
 public:
  Channel() = default;
  explicit Channel(UniqueFd socket) : socket_(std::move(socket)) {}

  // Two ends, both closed on exec.
  static Result<std::pair<Channel, Channel>> Pair();

  int get() const { return socket_.get(); }
  explicit operator bool() const { return static_cast<bool>(socket_); }
  // Ends it: the other side sees the end of the messages.
  void Close() { socket_.Reset(); }
  UniqueFd Release() { return std::move(socket_); }

  enum class State : uint8_t {
    kDone,
    kWouldBlock,  // With Wait::kNo only.
    kClosed,      // By the other side: it ended, or was ended.
  };

  // Sends `head` and `tail` as one message, with `descriptor` unless it is -1,
  // which stays the caller's.
  Result<State> Send(Bytes head, Bytes tail, int descriptor, Wait wait) const;
  Result<State> Send(Bytes message, Wait wait) const {
    return Send(message, {}, -1, wait);
  }

  struct Received {
    State state = State::kDone;
    Bytes message;        // Within the caller's buffer.
    UniqueFd descriptor;  // None if none came.
  };
  // Takes the next message into `buffer`, whose size is the longest message
  // that is accepted. Where descriptors are refused the kernel drops them, and
  // the message is kInvalid.
  Result<Received> Receive(std::span<uint8_t> buffer, Descriptors descriptors,
                           Wait wait) const;

 private:
  UniqueFd socket_;
};

}  // namespace vitrine::wire
