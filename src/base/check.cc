// SPDX-License-Identifier: Apache-2.0
#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace vitrine {

void CheckFailed(const char* file, int line, const char* what) {
  std::fprintf(stderr, "%s:%d: internal error: CHECK(%s) failed\n", file, line,
               what);
  std::abort();
}

}  // namespace vitrine
