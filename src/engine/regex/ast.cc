// SPDX-License-Identifier: Apache-2.0
#include "engine/regex/ast.h"

#include <algorithm>
#include <utility>

namespace vitrine::engine::regex {
namespace {

uint32_t SaturatingAdd(uint32_t a, uint32_t b) {
  return a > kUnbounded - b ? kUnbounded : a + b;
}

uint32_t SaturatingMultiply(uint32_t a, uint32_t b) {
  const uint64_t product = uint64_t{a} * b;
  return product >= kUnbounded ? kUnbounded : static_cast<uint32_t>(product);
}

Width WidthOf(const Node& node, const std::vector<Width>& known) {
  switch (node.kind) {
    case Kind::kSet:
      return {1, 1};
    case Kind::kConcat: {
      Width sum;
      for (const uint32_t child : node.children) {
        sum.min = SaturatingAdd(sum.min, known[child].min);
        sum.max = SaturatingAdd(sum.max, known[child].max);
      }
      return sum;
    }
    case Kind::kAlternate: {
      Width either{kUnbounded, 0};
      for (const uint32_t child : node.children) {
        either.min = std::min(either.min, known[child].min);
        either.max = std::max(either.max, known[child].max);
      }
      return either;
    }
    case Kind::kRepeat: {
      const Width once = known[node.children[0]];
      return {SaturatingMultiply(once.min, node.min),
              once.max == 0 ? 0 : SaturatingMultiply(once.max, node.max)};
    }
    default:
      return {0, 0};
  }
}

}  // namespace

uint32_t Ast::Add(Node node) {
  nodes.push_back(std::move(node));
  root = static_cast<uint32_t>(nodes.size() - 1);
  return root;
}

uint32_t Ast::AddSet(const ByteSet& set) {
  Node node;
  node.kind = Kind::kSet;
  node.set = set;
  return Add(std::move(node));
}

uint32_t Ast::AddLeaf(Kind kind) {
  Node node;
  node.kind = kind;
  return Add(std::move(node));
}

uint32_t Ast::AddList(Kind kind, std::vector<uint32_t> children) {
  if (children.size() == 1) {
    root = children[0];
    return root;
  }
  Node node;
  node.kind = kind;
  node.children = std::move(children);
  return Add(std::move(node));
}

uint32_t Ast::AddRepeat(uint32_t child, uint32_t min, uint32_t max,
                        bool greedy) {
  Node node;
  node.kind = Kind::kRepeat;
  node.min = min;
  node.max = max;
  node.greedy = greedy;
  node.children = {child};
  return Add(std::move(node));
}

std::vector<Width> Widths(const Ast& ast) {
  std::vector<Width> widths;
  widths.reserve(ast.nodes.size());
  for (const Node& node : ast.nodes) widths.push_back(WidthOf(node, widths));
  return widths;
}

}  // namespace vitrine::engine::regex
