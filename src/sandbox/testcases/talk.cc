// SPDX-License-Identifier: Apache-2.0
#include "sandbox/testcases/talk.h"

#include <string.h>
#include <sys/socket.h>

#include "sandbox/confine.h"

namespace vitrine::sandbox {

bool Send(std::string_view text) {
  iovec part = {const_cast<char*>(text.data()), text.size()};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  return sendmsg(kChannel, &message, MSG_NOSIGNAL) ==
         static_cast<ssize_t>(text.size());
}

Handed ReceiveHanded() {
  char byte;
  iovec part = {&byte, 1};
  alignas(cmsghdr) char room[CMSG_SPACE(2 * sizeof(int))] = {};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = room;
  message.msg_controllen = sizeof room;
  Handed handed = {-1, -1};
  if (recvmsg(kChannel, &message, MSG_CMSG_CLOEXEC) <= 0) return handed;
  const cmsghdr* const header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return handed;
  int fds[2] = {-1, -1};
  memcpy(fds, CMSG_DATA(header), sizeof fds);
  return {fds[0], fds[1]};
}

}  // namespace vitrine::sandbox
