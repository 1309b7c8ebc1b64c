// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>

#include "base/result.h"
#include "base/wall_clock.h"

namespace vitrine::cli::publish {

// "vitrine-publish: " and what went wrong to stderr; the exit status for it.
inline int Failed(const Error& error) {
  std::fprintf(stderr, "vitrine-publish: %s\n", error.message.c_str());
  return 1;
}

// Seconds since 1970, as this machine has it.
inline int64_t Now() { return UnixNowNs() / 1'000'000'000; }

}  // namespace vitrine::cli::publish
