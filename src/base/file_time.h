// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <limits>

namespace vitrine {

// Nanoseconds since 1970 of a time that a file system keeps. Who owns a file
// may set its time of modification to any: beyond the years 1677 to 2262 it is
// the last number on that side.
inline int64_t FileTimeNs(int64_t seconds, uint32_t nanoseconds) {
  int64_t ns;
  if (__builtin_mul_overflow(seconds, int64_t{1'000'000'000}, &ns) ||
      __builtin_add_overflow(ns, int64_t{nanoseconds}, &ns)) {
    return seconds < 0 ? std::numeric_limits<int64_t>::min()
                       : std::numeric_limits<int64_t>::max();
  }
  return ns;
}
inline int64_t FileTimeNs(const statx_timestamp& time) {
  return FileTimeNs(time.tv_sec, time.tv_nsec);
}
inline int64_t FileTimeNs(const timespec& time) {
  return FileTimeNs(time.tv_sec, static_cast<uint32_t>(time.tv_nsec));
}

}  // namespace vitrine
