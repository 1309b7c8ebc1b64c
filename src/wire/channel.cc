// SPDX-License-Identifier: Apache-2.0
#include "wire/channel.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "base/system_error.h"

namespace vitrine::wire {
namespace {

iovec Span(Bytes bytes) {
  return {const_cast<uint8_t*>(bytes.data()), bytes.size()};
}

// Room for two descriptors: the second is there to be noticed and closed.
constexpr size_t kControlSize = CMSG_SPACE(2 * sizeof(int));

// Takes over all descriptors that came; more than one is refused, and closed.
Result<UniqueFd> TakeDescriptor(msghdr& message) {
  UniqueFd first;
  bool others = (message.msg_flags & MSG_CTRUNC) != 0;
  for (cmsghdr* head = CMSG_FIRSTHDR(&message); head != nullptr;
       head = CMSG_NXTHDR(&message, head)) {
    if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) {
      continue;
    }
    const size_t count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; ++i) {
      int descriptor = -1;
      std::memcpy(&descriptor, CMSG_DATA(head) + i * sizeof(int),
                  sizeof descriptor);
      if (first) {
        others = true;
        UniqueFd closed(descriptor);
      } else {
        first.Reset(descriptor);
      }
    }
  }
  if (others) return Error{Code::kInvalid, "wire: too many descriptors"};
  return first;
}

}  // namespace

Result<std::pair<Channel, Channel>> Channel::Pair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    return Unavailable("socketpair");
  }
  return std::pair{Channel(UniqueFd(ends[0])), Channel(UniqueFd(ends[1]))};
}

Result<Channel::State> Channel::Send(Bytes head, Bytes tail, int descriptor,
                                     Wait wait) const {
  iovec pieces[2] = {Span(head), Span(tail)};
  msghdr message = {};
  message.msg_iov = pieces;
  message.msg_iovlen = tail.empty() ? 1 : 2;
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  if (descriptor >= 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* const rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(rights), &descriptor, sizeof descriptor);
  }
  const int flags = MSG_NOSIGNAL | (wait == Wait::kNo ? MSG_DONTWAIT : 0);
  while (true) {
    if (sendmsg(socket_.get(), &message, flags) >= 0) return State::kDone;
    if (errno == EINTR) continue;
    if (errno == EAGAIN) return State::kWouldBlock;
    if (errno == EPIPE || errno == ECONNRESET) return State::kClosed;
    // ETOOMANYREFS: this user's descriptors in flight are as many as may be.
    if (errno == ETOOMANYREFS || errno == ENOBUFS) return State::kWouldBlock;
    return Unavailable("sendmsg");
  }
}

Result<Channel::Received> Channel::Receive(std::span<uint8_t> buffer,
                                           Descriptors descriptors,
                                           Wait wait) const {
  iovec piece = {buffer.data(), buffer.size()};
  alignas(cmsghdr) char control[kControlSize];
  msghdr message = {};
  ssize_t size = -1;
  do {
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    if (descriptors == Descriptors::kTaken) {
      message.msg_control = control;
      message.msg_controllen = sizeof control;
    }
    size = recvmsg(socket_.get(), &message,
                   MSG_CMSG_CLOEXEC | (wait == Wait::kNo ? MSG_DONTWAIT : 0));
    // ECONNRESET comes once, before what the peer said last, if it ended with
    // messages of ours unread (unix_release_sock() in Linux).
  } while (size < 0 && (errno == EINTR || errno == ECONNRESET));
  Received received;
  if (size < 0 && errno == EAGAIN) {
    received.state = State::kWouldBlock;
    return received;
  }
  if (size < 0) return Unavailable("recvmsg");
  received.descriptor = TRY(TakeDescriptor(message));
  if (size == 0) {
    received.state = State::kClosed;
    return received;
  }
  if ((message.msg_flags & MSG_TRUNC) != 0) {
    return Error{Code::kInvalid, "wire: a message that is too long"};
  }
  received.message = Bytes(buffer.data(), static_cast<size_t>(size));
  return received;
}

}  // namespace vitrine::wire
