// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/clamav/expression.h"
#include "engine/clamav/limits.h"

namespace vitrine::engine::clamav {
namespace {

using Kind = Expression::Kind;
using Compare = Expression::Compare;

class Decoder {
 public:
  explicit Decoder(CodeReader& in) : in_(in) {}

  Result<Expression> Read(size_t depth) {
    const uint8_t tag = in_.U8();
    Expression node;
    const bool bad = (tag & 3) > 2 || (tag >> 2) > 3;
    if (bad || depth > 2 * kExpressionDepthMax ||
        ++nodes_ > 2 * kExpressionNodesMax) {
      return Error{Code::kInvalid, "bad expression code"};
    }
    node.kind = static_cast<Kind>(tag & 3);
    node.compare = static_cast<Compare>(tag >> 2);
    if (node.compare != Compare::kNone) {
      node.count = in_.U32();
      node.distinct = in_.U32();
    }
    const uint64_t number = in_.Varint();  // The id, or of the children.
    if (!in_.ok()) return Error{Code::kInvalid, "expression code ends early"};
    if (node.kind == Kind::kId) {
      if (number >= kSubsignaturesMax) {
        return Error{Code::kInvalid, "bad id in expression code"};
      }
      node.id = static_cast<uint32_t>(number);
      return node;
    }
    for (uint64_t i = 0; i < number; ++i) {
      Expression child = TRY(Read(depth + 1));
      node.children.push_back(std::move(child));
    }
    return node;
  }

 private:
  CodeReader& in_;
  size_t nodes_ = 0;
};

// Matches below a node: of what holds, how many, and of which ids.
struct Tally {
  bool holds = false;
  uint64_t sum = 0;
  uint64_t ids = 0;
};

bool Compares(Compare compare, uint64_t value, uint32_t count) {
  switch (compare) {
    case Compare::kNone:
      return value > 0;
    case Compare::kEqual:
      return value == count;
    case Compare::kMore:
      return value > count;
    case Compare::kLess:
      return value < count;
  }
  return false;
}

uint64_t Add(uint64_t a, uint64_t b) {
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

Result<Tally> Count(const Expression& node, Counter& counter) {
  Tally tally;
  if (node.kind == Kind::kId) {
    const uint64_t matches = TRY(counter.Count(node.id));
    if (!Compares(node.compare, matches, node.count)) return tally;
    return Tally{true, matches, uint64_t{1} << node.id};
  }
  const bool all = node.kind == Kind::kAll;
  tally.holds = all;
  for (const Expression& child : node.children) {
    const Tally part = TRY(Count(child, counter));
    if (!part.holds) {
      if (all) {
        tally = Tally{};
        break;
      }
      continue;
    }
    tally.holds = true;
    tally.sum = Add(tally.sum, part.sum);
    tally.ids |= part.ids;
  }
  if (node.compare == Compare::kNone) return tally;
  const auto distinct = static_cast<uint32_t>(__builtin_popcountll(tally.ids));
  tally.holds = Compares(node.compare, tally.sum, node.count) &&
                distinct >= node.distinct;
  // clamscan 1.4 lets a counted block's sum through, but not its ids.
  tally.ids = 0;
  if (!tally.holds) tally.sum = 0;
  return tally;
}

bool IsPlainId(const Expression& node) {
  return node.kind == Kind::kId && node.compare == Compare::kNone;
}

// The most different ids that Count() could give for what is below `node`,
// without counting anything.
Result<uint64_t> MostDistinct(const Expression& node, Counter& counter) {
  if (node.kind == Kind::kId) {
    if (node.compare != Compare::kNone) return uint64_t{1};
    const bool present = TRY(counter.Present(node.id));
    return uint64_t{present ? 1u : 0u};
  }
  uint64_t sum = 0;
  for (const Expression& child : node.children) {
    sum += TRY(MostDistinct(child, counter));
  }
  return sum;
}

// How much it costs to ask; cheap questions go first.
int CostOf(const Expression& node) {
  if (node.compare != Compare::kNone) return 2;
  return node.kind == Kind::kId ? 0 : 1;
}

}  // namespace

void WriteExpression(const Expression& expression, CodeWriter& out) {
  out.U8(static_cast<uint8_t>(static_cast<int>(expression.kind) |
                              static_cast<int>(expression.compare) << 2));
  if (expression.compare != Compare::kNone) {
    out.U32(expression.count);
    out.U32(expression.distinct);
  }
  if (expression.kind == Kind::kId) {
    out.Varint(expression.id);
    return;
  }
  out.Varint(expression.children.size());
  std::vector<const Expression*> order;
  for (const Expression& child : expression.children) order.push_back(&child);
  std::stable_sort(order.begin(), order.end(),
                   [](const Expression* a, const Expression* b) {
                     return CostOf(*a) < CostOf(*b);
                   });
  for (const Expression* child : order) WriteExpression(*child, out);
}

Result<Expression> ReadExpression(CodeReader& in) {
  return Decoder(in).Read(0);
}

Result<bool> Holds(const Expression& expression, Counter& counter) {
  if (expression.kind == Kind::kId) {
    if (expression.compare == Compare::kNone) {
      return counter.Present(expression.id);
    }
    const uint64_t matches = TRY(counter.Count(expression.id));
    return Compares(expression.compare, matches, expression.count);
  }
  if (expression.compare != Compare::kNone) {
    if (expression.distinct > 0) {
      const uint64_t distinct = TRY(MostDistinct(expression, counter));
      if (distinct < expression.distinct) return false;
    }
    const Tally tally = TRY(Count(expression, counter));
    return tally.holds;
  }
  const bool all = expression.kind == Kind::kAll;
  const auto is_known = [&](const Expression& child) {
    return IsPlainId(child) && counter.IsKnown(child.id);
  };
  for (const bool known : {true, false}) {
    for (const Expression& child : expression.children) {
      if (is_known(child) != known) continue;
      const bool holds = TRY(Holds(child, counter));
      if (holds != all) return holds;
    }
  }
  return all;
}

}  // namespace vitrine::engine::clamav
