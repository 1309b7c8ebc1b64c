// SPDX-License-Identifier: Apache-2.0
#include "doorman/backstage_messages.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "base/system_error.h"

namespace vitrine::doorman {
namespace {

constexpr size_t kRoom =
    CMSG_SPACE(BackstageMessage::kDescriptors * sizeof(int));

// All descriptors that came, so that none is left open; false: too many.
bool TakeFiles(msghdr& header, BackstageMessage& message) {
  size_t count = 0;
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr;
       part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) {
      continue;
    }
    const size_t number = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < number; ++i) {
      int file = -1;
      std::memcpy(&file, CMSG_DATA(part) + i * sizeof(int), sizeof file);
      UniqueFd taken(file);
      if (count < message.files.size()) message.files[count] = std::move(taken);
      ++count;
    }
  }
  return count <= message.files.size() && (header.msg_flags & MSG_CTRUNC) == 0;
}

}  // namespace

bool SendBackstage(int channel, std::string_view text, int first, int second) {
  text = text.substr(0, BackstageMessage::kTextMax);
  iovec part = {const_cast<char*>(text.data()), text.size()};
  alignas(cmsghdr) char room[kRoom] = {};
  msghdr header = {};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  const int files[] = {first, second};
  const size_t size = (first >= 0 ? 1 : 0) + (second >= 0 ? 1 : 0);
  if (size > 0) {
    header.msg_control = room;
    header.msg_controllen = CMSG_SPACE(size * sizeof(int));
    cmsghdr* const rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(size * sizeof(int));
    std::memcpy(CMSG_DATA(rights), files, size * sizeof(int));
  }
  ssize_t sent;
  do {
    sent = sendmsg(channel, &header, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent == static_cast<ssize_t>(text.size());
}

Result<BackstageMessage> ReceiveBackstage(int channel) {
  BackstageMessage message;
  message.text.resize(BackstageMessage::kTextMax);
  iovec part = {message.text.data(), message.text.size()};
  alignas(cmsghdr) char room[kRoom] = {};
  msghdr header = {};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = room;
  header.msg_controllen = sizeof room;
  ssize_t got;
  do {
    got = recvmsg(channel, &header, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return Unavailable("recvmsg");
  const bool whole = TakeFiles(header, message);
  if (got == 0) return Error{Code::kUnavailable, "the other side has gone"};
  if (!whole || (header.msg_flags & MSG_TRUNC) != 0) {
    return Error{Code::kInvalid, "a message out of bounds"};
  }
  message.text.resize(static_cast<size_t>(got));
  return message;
}

}  // namespace vitrine::doorman
