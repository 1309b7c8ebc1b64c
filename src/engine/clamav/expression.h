// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/code.h"
#include "base/result.h"
#include "engine/ir/program.h"

// Logical expressions over subsignature numbers (reference §2.5), as clamscan
// 1.4 understands them: no precedence; grouped from the right, but for the last
// operator inside parentheses, which binds least: (a&b|c&d) is (a&(b|c))&d.
namespace vitrine::engine::clamav {

struct Expression {
  enum class Kind : uint8_t { kId, kAll, kAny };
  enum class Compare : uint8_t { kNone, kEqual, kMore, kLess };

  Kind kind = Kind::kId;
  uint32_t id = 0;  // Of kId.
  // `X=n`, `X>n`, `X<n`: of kId the number of its matches, else the sum of all
  // matches below, of which `distinct` different ids must have some.
  Compare compare = Compare::kNone;
  uint32_t count = 0;
  uint32_t distinct = 0;
  std::vector<Expression> children;  // Of kAll and kAny: two or more.
};

// kInvalid as clamscan refuses it; kLimit where it is too large for us.
Result<Expression> ParseExpression(std::string_view text);

// The highest id in it, and a call for each id.
uint32_t HighestId(const Expression& expression);
void ForEachId(const Expression& expression,
               const std::function<void(uint32_t id)>& use);

// A condition that holds whenever the expression does. `leaf` gives one for
// "this id has at least one match".
ir::Gate GateOf(const Expression& expression,
                const std::function<ir::Gate(uint32_t id)>& leaf);

// Gates put together; both simplify.
ir::Gate AllOf(std::vector<ir::Gate> gates);
ir::Gate AnyOf(std::vector<ir::Gate> gates);

void WriteExpression(const Expression& expression, CodeWriter& out);
// Trusts nothing: bounded, and kInvalid on code that is none.
Result<Expression> ReadExpression(CodeReader& in);

// What an expression is asked about.
class Counter {
 public:
  virtual Result<bool> Present(uint32_t id) = 0;
  virtual Result<uint64_t> Count(uint32_t id) = 0;
  // Whether Present() knows without a search.
  virtual bool IsKnown(uint32_t) const { return false; }

 protected:
  ~Counter() = default;
};

// Asks as little as it can: what is known first, Present() before Count(), and
// nothing once the answer is known.
Result<bool> Holds(const Expression& expression, Counter& counter);

}  // namespace vitrine::engine::clamav
