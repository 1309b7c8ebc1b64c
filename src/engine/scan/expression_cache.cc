// SPDX-License-Identifier: Apache-2.0
#include "engine/scan/expression_cache.h"

#include <utility>

#include "engine/scan/limits.h"

namespace vitrine::engine::scan {

Result<bool> ExpressionCache::Matches(Bytes expression, Bytes text,
                                      Deadline deadline) {
  auto found = kept_.find(expression.data());
  if (found == kept_.end()) {
    Kept made{TRY(regex::Tester::Create(expression))};
    found = kept_.emplace(expression.data(), std::move(made)).first;
  }
  Kept& kept = found->second;
  auto answer = kept.tester.Matches(text, deadline);
  bytes_ -= kept.bytes;
  kept.bytes = kept.tester.memory_bytes();
  bytes_ += kept.bytes;
  if (bytes_ > kConditionExpressionBytesMax) {
    kept_.clear();
    bytes_ = 0;
  }
  return answer;
}

}  // namespace vitrine::engine::scan
