// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <cerrno>

#include "base/bytes.h"

namespace vitrine {

// Writes all of `bytes` at the descriptor's position, in as many calls as it
// takes. False, with errno set, when one fails: a part may have been written.
inline bool WriteAll(int descriptor, Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(descriptor, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes = bytes.subspan(static_cast<size_t>(put));
  }
  return true;
}

}  // namespace vitrine
