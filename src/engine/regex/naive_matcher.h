// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "base/bytes.h"
#include "engine/regex/ast.h"
#include "engine/regex/limits.h"

// For tests: the textbook backtracking matcher, exponential and obviously
// right.
namespace vitrine::engine::regex {

class NaiveMatcher {
 public:
  NaiveMatcher(const Ast& ast, Bytes text) : ast_(ast), text_(text) {}

  // The match Perl would find at `at`. `steps` bounds the work; nothing is
  // known when it has become 0.
  std::optional<size_t> LengthAt(size_t at, size_t* steps) const {
    std::optional<size_t> end;
    Try(ast_.root, at, steps, [&](size_t found) {
      end = found;
      return true;
    });
    if (!end) return std::nullopt;
    return *end - at;
  }

 private:
  using Then = std::function<bool(size_t)>;

  bool Try(uint32_t index, size_t at, size_t* steps, const Then& then) const {
    if (*steps == 0) return true;
    --*steps;
    const Node& node = ast_.nodes[index];
    switch (node.kind) {
      case Kind::kEmpty:
        return then(at);
      case Kind::kSet:
        return at < text_.size() && node.set.Has(text_[at]) && then(at + 1);
      case Kind::kConcat:
        return TryConcat(node, 0, at, steps, then);
      case Kind::kAlternate:
        for (const uint32_t child : node.children) {
          if (Try(child, at, steps, then)) return true;
        }
        return false;
      case Kind::kRepeat:
        return TryRepeat(node, 0, at, steps, then);
      case Kind::kStart:
        return at == 0 && then(at);
      case Kind::kEnd:
        return at == text_.size() && then(at);
      case Kind::kWord:
        return IsWord(at) != IsWordBefore(at) && then(at);
      case Kind::kNotWord:
        return IsWord(at) == IsWordBefore(at) && then(at);
    }
    return false;
  }

  bool TryConcat(const Node& node, size_t child, size_t at, size_t* steps,
                 const Then& then) const {
    if (child == node.children.size()) return then(at);
    return Try(node.children[child], at, steps, [&](size_t next) {
      return TryConcat(node, child + 1, next, steps, then);
    });
  }

  bool TryRepeat(const Node& node, uint32_t done, size_t at, size_t* steps,
                 const Then& then) const {
    const auto more = [&] {
      return done < node.max &&
             Try(node.children[0], at, steps, [&](size_t next) {
               // An endless repetition of nothing leads nowhere new.
               if (next == at && node.max >= kRepeatMax && done >= node.min) {
                 return false;
               }
               return TryRepeat(node, done + 1, next, steps, then);
             });
    };
    if (done < node.min) return more();
    return node.greedy ? more() || then(at) : then(at) || more();
  }

  bool IsWord(size_t at) const {
    return at < text_.size() && IsWordByte(text_[at]);
  }
  bool IsWordBefore(size_t at) const {
    return at > 0 && IsWordByte(text_[at - 1]);
  }

  const Ast& ast_;
  const Bytes text_;
};

}  // namespace vitrine::engine::regex
