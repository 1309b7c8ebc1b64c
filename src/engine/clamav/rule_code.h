// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.h"

// What ir::Rule::code of our rules starts with.
namespace vitrine::engine::clamav {

enum class RuleForm : uint8_t {
  kOnePattern = 0,  // Nothing follows: pattern 0 matched.
  kLogical = 1,     // Target block, expression, subsignatures.
};

inline ByteVector OnePatternCode() {
  return {static_cast<uint8_t>(RuleForm::kOnePattern)};
}

}  // namespace vitrine::engine::clamav
