// SPDX-License-Identifier: Apache-2.0
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "sandbox/confine.h"
#include "sandbox/testcases/attempt.h"

namespace vitrine::sandbox {
namespace {

using enum Attempt::End;
constexpr uint8_t kOutside = Attempt::kWorksOutside;
constexpr uint8_t kTwice = Attempt::kHeldTwice;

constexpr int kFamilyVsock = 40;

// A name without a file: found by whoever is in the same network namespace.
long BindAbstract(const Handed&) {
  sockaddr_un name = {AF_UNIX, "\0vitrine-cage-test"};
  return syscall(SYS_bind, kChannel, &name, sizeof name);
}

long ConnectAbstract(const Handed&) {
  sockaddr_un name = {AF_UNIX, "\0vitrine-cage-test"};
  const long socket = syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0);
  return socket < 0 ? -1 : syscall(SYS_connect, socket, &name, sizeof name);
}

long ConnectInternet(const Handed&) {
  sockaddr_in name = {};
  name.sin_family = AF_INET;
  name.sin_port = htons(80);
  name.sin_addr.s_addr = htonl(0xC0000201);  // 192.0.2.1, for documents.
  const long socket =
      syscall(SYS_socket, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  return socket < 0 ? -1 : syscall(SYS_connect, socket, &name, sizeof name);
}

long SendDatagram(const Handed&) {
  sockaddr_in name = {};
  name.sin_family = AF_INET;
  name.sin_port = htons(53);
  name.sin_addr.s_addr = htonl(0xC0000201);
  const long socket = syscall(SYS_socket, AF_INET, SOCK_DGRAM, 0);
  return socket < 0
             ? -1
             : syscall(SYS_sendto, socket, "x", 1, 0, &name, sizeof name);
}

long SendBy(int fd) {
  char byte = 'x';
  iovec part = {&byte, 1};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  return syscall(SYS_sendmsg, fd, &message, MSG_NOSIGNAL);
}

// The channel under another number is no channel.
long SendByCopy(const Handed&) {
  const long copy = syscall(SYS_fcntl, kChannel, 1030 /* F_DUPFD_CLOEXEC */, 9);
  return copy < 0 ? -1 : SendBy(static_cast<int>(copy));
}

long ForgeCredentials(const Handed&) {
  char byte = 'x';
  iovec part = {&byte, 1};
  alignas(cmsghdr) char room[CMSG_SPACE(sizeof(ucred))] = {};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = room;
  message.msg_controllen = sizeof room;
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_CREDENTIALS;
  header->cmsg_len = CMSG_LEN(sizeof(ucred));
  const ucred forged = {getpid(), 12345, 12345};
  std::memcpy(CMSG_DATA(header), &forged, sizeof forged);
  return syscall(SYS_sendmsg, kChannel, &message, MSG_NOSIGNAL);
}

constexpr Attempt kAttempts[] = {
    {"socket AF_UNIX", CALLS(SYS_socket, AF_UNIX, SOCK_STREAM, 0), kAnswer,
     kKilled, kOutside},
    {"socket AF_INET", CALLS(SYS_socket, AF_INET, SOCK_STREAM, 0), kAnswer,
     kKilled, kOutside},
    {"socket AF_INET UDP", CALLS(SYS_socket, AF_INET, SOCK_DGRAM, 0), kAnswer,
     kKilled, kOutside},
    {"socket AF_INET6", CALLS(SYS_socket, AF_INET6, SOCK_STREAM, 0), kAnswer},
    {"socket AF_INET raw", CALLS(SYS_socket, AF_INET, SOCK_RAW, 1), kAnswer,
     kKilled, kTwice},
    {"socket AF_PACKET", CALLS(SYS_socket, AF_PACKET, SOCK_RAW, 0), kAnswer,
     kKilled, kTwice},
    {"socket AF_NETLINK", CALLS(SYS_socket, AF_NETLINK, SOCK_RAW, 0), kAnswer,
     kKilled, kOutside},
    {"socket AF_VSOCK", CALLS(SYS_socket, kFamilyVsock, SOCK_STREAM, 0),
     kAnswer},
    {"socket AF_ALG", CALLS(SYS_socket, 38, SOCK_SEQPACKET, 0), kAnswer},
    {"socket AF_BLUETOOTH", CALLS(SYS_socket, 31, SOCK_RAW, 0), kAnswer},
    {"socket AF_XDP", CALLS(SYS_socket, 44, SOCK_RAW, 0), kAnswer, kKilled,
     kTwice},
    {"socketpair", CALLS(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, nullptr),
     kAnswer},
    {"connect to the internet", ConnectInternet, kAnswer, kKilled, kTwice},
    {"send a datagram", SendDatagram, kAnswer, kKilled, kTwice},
    {"bind an abstract name", BindAbstract, kAnswer},
    {"connect to an abstract name", ConnectAbstract, kAnswer, kKilled, kTwice},
    {"listen", CALLS(SYS_listen, kChannel, 1), kAnswer},
    {"accept4", CALLS(SYS_accept4, kChannel, nullptr, nullptr, SOCK_NONBLOCK),
     kAwaitRequest},
    {"getpeername", CALLS(SYS_getpeername, kChannel, nullptr, nullptr),
     kAnswer},
    {"setsockopt",
     CALLS(SYS_setsockopt, kChannel, SOL_SOCKET, SO_SNDBUF, "\0\1\0\0", 4),
     kAnswer, kKilled, kOutside},
    {"sendto", CALLS(SYS_sendto, kChannel, "x", 1, 0, nullptr, 0), kAnswer,
     kKilled, kOutside},
    {"sendmmsg", CALLS(SYS_sendmmsg, kChannel, nullptr, 0, 0), kAnswer, kKilled,
     kOutside},
    {"sendmsg by a copy of the channel", SendByCopy, kAnswer, kKilled,
     kOutside},
    {"write to standard output", CALLS(SYS_write, 1, "", 0), kAnswer, kKilled,
     kOutside},
    {"forged credentials", ForgeCredentials, kAnswer, kRefused, kTwice},
};

}  // namespace

std::span<const Attempt> NetworkAttempts() { return kAttempts; }

}  // namespace vitrine::sandbox
