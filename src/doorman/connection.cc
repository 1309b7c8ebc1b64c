// SPDX-License-Identifier: Apache-2.0
#include "doorman/connection.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <utility>

#include "doorman/limits.h"

namespace vitrine::doorman {

Connection::Connection(uint64_t id, UniqueFd socket, const PeerKey& peer,
                       Desk& desk)
    : id_(id), socket_(std::move(socket)), peer_(peer), desk_(desk) {}

bool Connection::CanTake() const {
  switch (state_) {
    case State::kCommand:
      return running_.size() < kScansAConnection && out_.size() <= kReplyBytes;
    case State::kStream:
    case State::kDescriptor:
      return true;
    default:
      return false;
  }
}

bool Connection::wants_input() const {
  if (end_of_input_) return false;
  return CanTake() || state_ == State::kDraining;
}

Clock::time_point Connection::deadline() const {
  const Settings& settings = desk_.settings();
  if (state_ == State::kDraining) return stage_ + kDrainTime;
  if (!out_.empty()) return taken_ + kReplyTime;
  switch (state_) {
    case State::kStream:
      return std::min(active_ + settings.read_timeout, stage_ + kStreamTime);
    case State::kCommand:
    case State::kDescriptor:
      if (!session_) return begun_ + settings.command_read_timeout;
      // Someone who waits for a scan may be silent.
      if (!running_.empty()) return Clock::time_point::max();
      return active_ + settings.read_timeout;
    default:
      return Clock::time_point::max();
  }
}

void Connection::OnDeadline() {
  if (state_ == State::kDraining || !out_.empty()) {
    state_ = State::kOver;
    return;
  }
  out_ += kTimedOut;
  taken_ = Clock::now();
  spool_.reset();
  End(Leave::kRefused);
  Settle();
}

ssize_t Connection::Receive(std::span<uint8_t> buffer) {
  constexpr size_t kControl = CMSG_SPACE(sizeof(int) * kDescriptorsAMessage);
  alignas(cmsghdr) std::array<char, kControl> control;
  iovec piece{buffer.data(), buffer.size()};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  ssize_t size;
  do {
    size = recvmsg(socket_.get(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  } while (size < 0 && errno == EINTR);
  if (size < 0) {
    if (errno != EAGAIN) state_ = State::kOver;  // Reset by the client.
    return -1;
  }
  size_t count = 0;
  for (cmsghdr* head = CMSG_FIRSTHDR(&message); head != nullptr;
       head = CMSG_NXTHDR(&message, head)) {
    if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) {
      continue;
    }
    const size_t descriptors = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < descriptors; ++i, ++count) {
      int descriptor;
      memcpy(&descriptor, CMSG_DATA(head) + i * sizeof(int), sizeof descriptor);
      descriptor_.Reset(descriptor);
    }
  }
  // More than one counts as none, and the last one must go too.
  if (count > 1 || (message.msg_flags & MSG_CTRUNC) != 0) descriptor_.Reset();
  return size;
}

void Connection::OnReadable() {
  const std::span<uint8_t> buffer = desk_.buffer();
  size_t turn = 0;
  while (wants_input() && turn < kTurnBytes) {
    const ssize_t size = Receive(buffer);
    if (size < 0) break;
    if (size == 0) {
      end_of_input_ = true;
      if (state_ == State::kDraining) {
        state_ = State::kOver;
      } else {
        spool_.reset();
        End(Leave::kServed);
      }
      break;
    }
    turn += static_cast<size_t>(size);
    if (state_ == State::kDraining) {
      descriptor_.Reset();
      drained_ += static_cast<uint64_t>(size);
      if (drained_ > kDrainBytes) state_ = State::kOver;
      continue;
    }
    active_ = Clock::now();
    Process(Bytes(buffer).first(static_cast<size_t>(size)));
    // A short read says that there is no more for now.
    if (static_cast<size_t>(size) < buffer.size() && !CanTake()) break;
  }
  Settle();
}

void Connection::OnWritable() {
  Settle();
  if (state_ == State::kOver) return;
  for (auto entry = running_.begin(); entry != running_.end();) {
    const uint64_t command = entry->first;
    ++entry;
    Advance(command);
  }
  if (CanTake() && !input_.empty()) Process({});
  Settle();
}

void Connection::Flush() {
  while (!out_.empty()) {
    const ssize_t sent = send(socket_.get(), out_.data(), out_.size(),
                              MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN) state_ = State::kOver;
      return;
    }
    out_.erase(0, static_cast<size_t>(sent));
    taken_ = Clock::now();
  }
}

void Connection::Settle() {
  if (state_ == State::kOver) return;
  Flush();
  if (state_ == State::kEnding && running_.empty()) state_ = State::kClosing;
  if (state_ == State::kClosing && out_.empty()) BeginDrain();
}

void Connection::BeginDrain() {
  int unread = 0;
  if (end_of_input_ ||
      (leave_ == Leave::kServed &&
       ioctl(socket_.get(), FIONREAD, &unread) == 0 && unread == 0)) {
    state_ = State::kOver;
    return;
  }
  // To close with bytes unread, or still to come, resets the connection, and
  // the client may lose the reply that it has not read yet.
  shutdown(socket_.get(), SHUT_WR);
  state_ = State::kDraining;
  stage_ = Clock::now();
}

void Connection::End(Leave leave) {
  state_ = State::kEnding;
  leave_ = leave;
  input_.clear();
}

}  // namespace vitrine::doorman
