// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <time.h>

#include <cstdint>

namespace vitrine {

// Nanoseconds since 1970, as the machine's clock says: for records that people
// read. It can be set back; durations and deadlines are base/deadline.h's.
inline int64_t UnixNowNs() {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace vitrine
