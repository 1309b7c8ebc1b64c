// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <cstdint>

#include "base/bytes.h"
#include "doorman/peer.h"

namespace vitrine::doorman {

enum class Right : uint8_t { kSearch = 1, kRead = 4 };  // As in mode bits.

// Whether the kernel would give `peer` this right to an object of this status
// and access control list (the value of system.posix_acl_access; empty: none).
// A list that cannot be read gives nobody a right but root. Pure.
bool Allows(const struct stat& status, Bytes access_list, const Peer& peer,
            Right right);

// The same for an open object; O_PATH will do. What the kernel's security
// modules think of the peer is not known here.
bool Allows(int object, const struct stat& status, const Peer& peer,
            Right right);

}  // namespace vitrine::doorman
