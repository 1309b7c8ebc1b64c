// SPDX-License-Identifier: Apache-2.0
#include "engine/regex/program.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "engine/regex/limits.h"

namespace vitrine::engine::regex {
namespace {

// Emits from the end to the start: each node is told what follows it.
class Builder {
 public:
  Builder(const Ast& ast, Direction direction)
      : ast_(ast), direction_(direction), widths_(Widths(ast)) {}

  Result<Program> Run() {
    const uint32_t match = Add({.op = Op::kMatch});
    program_.start = Emit(ast_.root, match);
    if (too_large_) {
      return Error{Code::kLimit, "regular expression is too complex"};
    }
    FindClasses();
    return std::move(program_);
  }

 private:
  uint32_t Add(Instruction instruction) {
    if (program_.code.size() >= kInstructionsMax) {
      too_large_ = true;
      return 0;
    }
    program_.code.push_back(instruction);
    return static_cast<uint32_t>(program_.code.size() - 1);
  }

  uint32_t Split(uint32_t first, uint32_t second, bool prefer_first) {
    if (!prefer_first) std::swap(first, second);
    return Add({.op = Op::kSplit, .next = first, .other = second});
  }

  uint32_t Emit(uint32_t index, uint32_t next) {
    if (too_large_) return 0;
    const Node& node = ast_.nodes[index];
    switch (node.kind) {
      case Kind::kEmpty:
        return next;
      case Kind::kSet:
        return Add({.op = Op::kSet, .set = SetNumber(node.set), .next = next});
      case Kind::kConcat:
        return EmitConcat(node, next);
      case Kind::kAlternate:
        return EmitAlternate(node, next);
      case Kind::kRepeat:
        return EmitRepeat(node, next);
      default:
        program_.has_assertions = true;
        return Add({.op = AssertionOp(node.kind), .next = next});
    }
  }

  Op AssertionOp(Kind kind) const {
    const bool forward = direction_ == Direction::kForward;
    switch (kind) {
      case Kind::kStart:
        return forward ? Op::kStart : Op::kEnd;
      case Kind::kEnd:
        return forward ? Op::kEnd : Op::kStart;
      case Kind::kWord:
        return Op::kWord;
      default:
        return Op::kNotWord;
    }
  }

  uint32_t EmitConcat(const Node& node, uint32_t next) {
    const size_t count = node.children.size();
    for (size_t i = 0; i < count; ++i) {
      const bool forward = direction_ == Direction::kForward;
      next = Emit(node.children[forward ? count - 1 - i : i], next);
    }
    return next;
  }

  uint32_t EmitAlternate(const Node& node, uint32_t next) {
    uint32_t rest = Emit(node.children.back(), next);
    for (size_t i = node.children.size() - 1; i-- > 0;) {
      const uint32_t choice = Emit(node.children[i], next);
      rest = Split(choice, rest, true);
    }
    return rest;
  }

  uint32_t EmitRepeat(const Node& node, uint32_t next) {
    const uint32_t child = node.children[0];
    const uint32_t once = std::max(widths_[child].min, 1u);
    if (uint64_t{node.min} * widths_[child].min > kMatchBytesMax) {
      return Add({.op = Op::kFail});  // Longer than any match.
    }
    // Repetitions that a match has no room for need no counting.
    const uint32_t room = kMatchBytesMax / once;
    const bool unbounded = node.max > room;
    const uint32_t min = std::min(node.min, kMatchBytesMax);
    const uint32_t end = next;
    if (unbounded) {
      const uint32_t loop = Split(0, 0, true);
      const uint32_t body = Emit(child, loop);
      if (too_large_) return 0;
      Instruction& split = program_.code[loop];
      split.next = node.greedy ? body : end;
      split.other = node.greedy ? end : body;
      next = loop;
    } else {
      for (uint32_t i = min; i < node.max && !too_large_; ++i) {
        const uint32_t body = Emit(child, next);
        next = Split(body, end, node.greedy);
      }
    }
    for (uint32_t i = 0; i < min && !too_large_; ++i) next = Emit(child, next);
    return next;
  }

  uint32_t SetNumber(const ByteSet& set) {
    const std::array<uint64_t, 4> key = {set.Word(0), set.Word(1), set.Word(2),
                                         set.Word(3)};
    const auto [at, is_new] =
        numbers_.try_emplace(key, static_cast<uint32_t>(program_.sets.size()));
    if (is_new) program_.sets.push_back(set);
    return at->second;
  }

  // Splits the 256 values by each set in turn.
  void FindClasses() {
    for (const ByteSet& set : program_.sets) SplitClasses(set);
    if (program_.has_assertions) {
      ByteSet words;
      for (int b = 0; b < 256; ++b) {
        const auto byte = static_cast<uint8_t>(b);
        if (IsWordByte(byte)) words.Add(byte);
      }
      SplitClasses(words);
    }
    program_.members.resize(class_count_);
    for (int b = 0; b < 256; ++b) {
      program_.members[program_.classes[static_cast<size_t>(b)]] =
          static_cast<uint8_t>(b);
    }
  }

  void SplitClasses(const ByteSet& set) {
    if (class_count_ == 256) return;
    // New names, by old name and membership; 0: none yet, else name + 1.
    std::array<std::array<uint16_t, 2>, 256> names{};
    uint16_t count = 0;
    for (int b = 0; b < 256; ++b) {
      const auto byte = static_cast<uint8_t>(b);
      uint8_t& name = program_.classes[byte];
      uint16_t& renamed = names[name][set.Has(byte) ? 1 : 0];
      if (renamed == 0) renamed = ++count;
      name = static_cast<uint8_t>(renamed - 1);
    }
    class_count_ = count;
  }

  const Ast& ast_;
  const Direction direction_;
  const std::vector<Width> widths_;
  Program program_;
  std::map<std::array<uint64_t, 4>, uint32_t> numbers_;
  uint32_t class_count_ = 1;
  bool too_large_ = false;
};

}  // namespace

Result<Program> Build(const Ast& ast, Direction direction) {
  return Builder(ast, direction).Run();
}

}  // namespace vitrine::engine::regex
