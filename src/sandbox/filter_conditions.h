// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sandbox/filter.h"

// The words that the tables of system calls are written in.
namespace vitrine::sandbox {

constexpr Condition Equals(uint8_t argument, uint64_t value) {
  return {Condition::Test::kEquals, argument, value};
}
constexpr Condition AtMost(uint8_t argument, uint64_t value) {
  return {Condition::Test::kAtMost, argument, value};
}
constexpr Condition AtLeast(uint8_t argument, uint64_t value) {
  return {Condition::Test::kAtLeast, argument, value};
}
constexpr Condition Without(uint8_t argument, uint64_t bits) {
  return {Condition::Test::kWithout, argument, bits};
}
constexpr Condition Self(uint8_t argument) {
  return {Condition::Test::kSelf, argument, 0};
}

}  // namespace vitrine::sandbox

#define CALL(name) SYS_##name, #name
