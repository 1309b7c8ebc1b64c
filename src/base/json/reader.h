// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/json/value.h"
#include "base/result.h"

namespace vitrine::json {

// The value of one JSON text (RFC 8259) of at most `size_max` bytes, and within
// limits.h; blanks may stand around it. Stricter than the RFC: no object has a
// key twice, texts are UTF-8 without lone surrogates, numbers are integers
// within ±2^53 without fraction or exponent, and not -0.
// kInvalid says what is wrong; kLimit which limit was reached.
Result<Value> Read(Bytes text, size_t size_max);

}  // namespace vitrine::json
