// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace vitrine {

// Prints where and what, then aborts.
[[noreturn]] void CheckFailed(const char* file, int line, const char* what);

}  // namespace vitrine

// Aborts, in release too, when a thing that only our own bug could make false
// is false. Never sees input.
#define CHECK(condition)                                     \
  (__builtin_expect(static_cast<bool>(condition), 1)         \
       ? static_cast<void>(0)                                \
       : ::vitrine::CheckFailed(__FILE__, __LINE__, #condition))
