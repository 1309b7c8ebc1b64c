// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <vector>

#include "base/result.h"

namespace vitrine::doorman {

// Who counts as one peer where limits are shared out: a user on a unix socket,
// an IPv4 address, the upper half of an IPv6 address.
using PeerKey = std::array<uint8_t, 17>;

// Who is at the other end, as the kernel says: nothing here is the client's
// own word.
struct Peer {
  enum class Kind : uint8_t { kLocal, kRemote };
  Kind kind = Kind::kRemote;
  uid_t uid = kNobody;  // kNobody: owns no file and is in no group.
  std::vector<gid_t> groups;

  static constexpr uid_t kNobody = static_cast<uid_t>(-1);
};

// The key of the peer of a connected socket. Cheap: asked of each connection.
PeerKey KeyOf(int socket);

// The user and groups of the peer as it connected. A peer over TCP is kNobody.
Result<Peer> IdentifyPeer(int socket);

}  // namespace vitrine::doorman
