// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "base/bytes.h"
#include "base/deadline.h"
#include "base/result.h"
#include "engine/regex/regex.h"

namespace vitrine::engine::scan {

// Expressions of a database's conditions, made ready when first asked for and
// kept from one object to the next: to make one ready takes much longer than to
// hold it against a file's name. Thread-compatible; bounded by
// kConditionExpressionBytesMax.
class ExpressionCache {
 public:
  // As regex::Matches(). `expression` is known by its address: it must lie in
  // what outlives this and does not change.
  Result<bool> Matches(Bytes expression, Bytes text, Deadline deadline);

 private:
  struct Kept {
    regex::Tester tester;
    size_t bytes = 0;  // When it was last used.
  };
  std::unordered_map<const uint8_t*, Kept> kept_;
  size_t bytes_ = 0;
};

}  // namespace vitrine::engine::scan
