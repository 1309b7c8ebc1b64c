// SPDX-License-Identifier: Apache-2.0
#include "doorman/peer.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/system_error.h"
#include "doorman/limits.h"

namespace vitrine::doorman {
namespace {

bool IsLocal(int socket) {
  int domain = 0;
  socklen_t size = sizeof domain;
  return getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 &&
         domain == AF_UNIX;
}

}  // namespace

PeerKey KeyOf(int socket) {
  PeerKey key{};
  ucred credentials{};
  socklen_t size = sizeof credentials;
  // A socket of another kind has the user -1 here.
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 &&
      credentials.uid != Peer::kNobody) {
    key[0] = 1;
    memcpy(&key[1], &credentials.uid, sizeof credentials.uid);
    return key;
  }
  sockaddr_storage address{};
  size = sizeof address;
  if (getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return key;
  }
  if (address.ss_family == AF_INET) {
    key[0] = 4;
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    memcpy(&key[1], &v4.sin_addr, sizeof v4.sin_addr);
  } else if (address.ss_family == AF_INET6) {
    key[0] = 6;
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    memcpy(&key[1], &v6.sin6_addr, sizeof v6.sin6_addr / 2);
  }
  return key;
}

Result<Peer> IdentifyPeer(int socket) {
  Peer peer;
  if (!IsLocal(socket)) return peer;
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    return Unavailable("SO_PEERCRED");
  }
  peer.kind = Peer::Kind::kLocal;
  peer.uid = credentials.uid;
  peer.groups.resize(64);
  for (;;) {
    size = static_cast<socklen_t>(peer.groups.size() * sizeof(gid_t));
    if (getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, peer.groups.data(),
                   &size) == 0) {
      break;
    }
    if (errno != ERANGE || size > kGroupsAPeer * sizeof(gid_t)) {
      return Unavailable("SO_PEERGROUPS");
    }
    peer.groups.resize(size / sizeof(gid_t));
  }
  peer.groups.resize(size / sizeof(gid_t));
  peer.groups.push_back(credentials.gid);
  return peer;
}

}  // namespace vitrine::doorman
