// SPDX-License-Identifier: Apache-2.0
#include "engine/strings/start_prefix.h"

#include "engine/regex/ast.h"
#include "engine/strings/expr_code.h"
#include "engine/strings/limits.h"

namespace vitrine::engine::strings {
namespace {

// Appends the sets that `node` begins with; false where the rest of the
// expression cannot be told any more. Children have smaller numbers than their
// parents, so this ends; the parser bounds the depth.
bool Append(const regex::Ast& ast, uint32_t index,
            std::vector<regex::ByteSet>& sets) {
  if (sets.size() >= kPrefixMax) return false;
  const regex::Node& node = ast.nodes[index];
  switch (node.kind) {
    case regex::Kind::kSet:
      sets.push_back(node.set);
      return true;
    case regex::Kind::kConcat:
      for (const uint32_t child : node.children) {
        if (!Append(ast, child, sets)) return false;
      }
      return true;
    case regex::Kind::kRepeat:
      for (uint32_t i = 0; i < node.min; ++i) {
        if (!Append(ast, node.children[0], sets)) return false;
      }
      return node.min == node.max;
    case regex::Kind::kEmpty:
    case regex::Kind::kWord:
    case regex::Kind::kNotWord:
      return true;
    default:
      return false;
  }
}

}  // namespace

StartPrefix StartPrefix::Of(Bytes code) {
  StartPrefix prefix;
  const auto chain = DecodeChain(code);
  if (!chain.ok() || chain.value().segments.empty()) return prefix;
  prefix.narrow_ = chain.value().ascii;
  prefix.wide_ = chain.value().wide;
  const regex::Ast& ast = chain.value().segments[0].ast;
  Append(ast, ast.root, prefix.sets_);
  return prefix;
}

bool StartPrefix::Fits(Bytes object, uint64_t at, uint64_t step) const {
  if (at > object.size() || sets_.size() * step > object.size() - at) {
    return false;
  }
  for (const regex::ByteSet& set : sets_) {
    if (!set.Has(object[at]) || (step == 2 && object[at + 1] != 0)) {
      return false;
    }
    at += step;
  }
  return true;
}

bool StartPrefix::MayBeginAt(Bytes object, uint64_t at) const {
  return (narrow_ && Fits(object, at, 1)) || (wide_ && Fits(object, at, 2));
}

}  // namespace vitrine::engine::strings
