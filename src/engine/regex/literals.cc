// SPDX-License-Identifier: Apache-2.0
#include "engine/regex/literals.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "base/text.h"
#include "engine/regex/limits.h"
#include "engine/regex/literal_finder.h"

namespace vitrine::engine::regex {
namespace {

// Members of a choice: more would make every one of them too common.
constexpr size_t kChoiceSizeMax = 16;
// Members where alternatives of an alternation are joined: each may be long.
constexpr size_t kUnionSizeMax = 64;
// Bytes of a literal. Longer ones find nothing more.
constexpr size_t kLiteralBytesMax = 64;
// A run as long as this is not multiplied by a class that follows it.
constexpr size_t kLongEnough = 4;
// Choices kept of one expression.
constexpr size_t kChoicesMax = 8;

struct Text {
  ByteVector bytes;
  bool nocase = false;
};

// Everything a part of an expression can match, if that is little.
using Exact = std::vector<Text>;

struct Facts {
  std::optional<Exact> exact;
  std::vector<ir::AtomChoice> choices;  // Offsets from the part's start.
};

size_t Shortest(const Exact& texts) {
  size_t shortest = SIZE_MAX;
  for (const Text& text : texts) {
    shortest = std::min(shortest, text.bytes.size());
  }
  return shortest;
}

size_t Longest(const Exact& texts) {
  size_t longest = 0;
  for (const Text& text : texts) longest = std::max(longest, text.bytes.size());
  return longest;
}

ir::AtomChoice Shifted(ir::AtomChoice choice, uint32_t by, bool is_fixed) {
  for (ir::Literal& literal : choice) {
    if (!is_fixed) literal.offset = ir::kVaries;
    if (literal.offset != ir::kVaries) {
      literal.offset += static_cast<int32_t>(by);
    }
  }
  return choice;
}

// Joins the parts of a concatenation: neighbours that are exact become runs.
class Joiner {
 public:
  void Add(const Facts& part, const Width& width) {
    if (!part.exact) {
      EndRun();
      for (const ir::AtomChoice& choice : part.choices) {
        choices_.push_back(Shifted(choice, offset_, is_fixed_));
      }
    } else {
      if (!CanExtend(*part.exact)) EndRun();
      Extend(*part.exact);
    }
    Advance(width);
  }

  // What follows is not next to what came before.
  void Gap(const Width& width) {
    EndRun();
    Advance(width);
  }

  Facts Finish() {
    Facts facts;
    if (!broken_) facts.exact = run_;
    EndRun();
    facts.choices = std::move(choices_);
    return facts;
  }

 private:
  bool IsRunEmpty() const { return run_.size() == 1 && run_[0].bytes.empty(); }

  bool CanExtend(const Exact& next) const {
    if (IsRunEmpty()) return true;
    if (Longest(run_) + Longest(next) > kLiteralBytesMax) return false;
    if (run_.size() * next.size() > kChoiceSizeMax) return false;
    return next.size() == 1 || Shortest(run_) < kLongEnough;
  }

  void Extend(const Exact& next) {
    Exact joined;
    for (const Text& left : run_) {
      for (const Text& right : next) {
        Text text = left;
        text.bytes.insert(text.bytes.end(), right.bytes.begin(),
                          right.bytes.end());
        text.nocase = left.nocase || right.nocase;
        joined.push_back(std::move(text));
      }
    }
    run_ = std::move(joined);
  }

  void EndRun() {
    broken_ = true;
    if (Shortest(run_) > 0) {
      ir::AtomChoice choice;
      for (const Text& text : run_) {
        choice.push_back(
            {text.bytes, text.nocase,
             run_fixed_ ? static_cast<int32_t>(run_offset_) : ir::kVaries});
      }
      choices_.push_back(std::move(choice));
    }
    run_.assign(1, Text{});
    run_offset_ = offset_;
    run_fixed_ = is_fixed_;
  }

  void Advance(const Width& width) {
    is_fixed_ = is_fixed_ && width.min == width.max &&
                width.min <= kMatchBytesMax && offset_ <= kMatchBytesMax;
    offset_ = is_fixed_ ? offset_ + width.min : 0;
    if (IsRunEmpty()) {
      run_offset_ = offset_;
      run_fixed_ = is_fixed_;
    }
  }

  Exact run_{Text{}};
  uint32_t run_offset_ = 0;
  bool run_fixed_ = true;
  uint32_t offset_ = 0;
  bool is_fixed_ = true;
  bool broken_ = false;  // Not one run from the first part to the last.
  std::vector<ir::AtomChoice> choices_;
};

void SortByWeight(std::vector<ir::AtomChoice>& choices) {
  std::stable_sort(
      choices.begin(), choices.end(),
      [](const auto& a, const auto& b) { return Weight(a) > Weight(b); });
}

bool IsSame(const ir::AtomChoice& a, const ir::AtomChoice& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const ir::Literal& x, const ir::Literal& y) {
                      return x.bytes == y.bytes && x.nocase == y.nocase &&
                             x.offset == y.offset;
                    });
}

class Extractor {
 public:
  // `member_max`: members of a set that are worth writing out.
  Extractor(const Ast& ast, size_t member_max)
      : ast_(ast), widths_(Widths(ast)), member_max_(member_max) {}

  // As deep as the tree.
  Facts Of(uint32_t index) const {
    const Node& node = ast_.nodes[index];
    switch (node.kind) {
      case Kind::kSet:
        return OfSet(node.set);
      case Kind::kConcat: {
        Joiner joiner;
        for (const uint32_t child : node.children) AddTo(joiner, child);
        return Trim(joiner.Finish());
      }
      case Kind::kAlternate:
        return OfAlternate(node);
      case Kind::kRepeat: {
        Joiner joiner;
        AddTo(joiner, index);
        return Trim(joiner.Finish());
      }
      default:
        return Facts{Exact{Text{}}, {}};
    }
  }

 private:
  Facts OfSet(const ByteSet& set) const {
    Exact texts;
    for (ByteSet rest = set; rest.Count() != 0;) {
      const uint8_t byte = rest.First();
      rest.Remove(byte);
      const uint8_t lower = ToLower(byte);
      const auto upper =
          static_cast<uint8_t>(IsAlpha(byte) ? lower - 32 : byte);
      const bool both = IsAlpha(byte) && set.Has(lower) && set.Has(upper);
      if (both && byte == lower) continue;  // Its capital stands for both.
      texts.push_back({{both ? lower : byte}, both});
      if (texts.size() > member_max_) return {};
    }
    if (texts.empty()) return {};
    return Facts{std::move(texts), {}};
  }

  void AddTo(Joiner& joiner, uint32_t index) const {
    const Node& node = ast_.nodes[index];
    if (node.kind != Kind::kRepeat) {
      joiner.Add(Of(index), widths_[index]);
      return;
    }
    const uint32_t child = node.children[0];
    const Facts once = Of(child);
    if (node.min == 0 && node.max == 1 && once.exact) {
      Exact either = *once.exact;
      either.push_back(Text{});
      joiner.Add(Facts{std::move(either), {}}, widths_[index]);
      return;
    }
    // The copies that must be there; no more of them than a literal is long.
    const auto copies =
        std::min(node.min, static_cast<uint32_t>(kLiteralBytesMax));
    for (uint32_t i = 0; i < copies; ++i) joiner.Add(once, widths_[child]);
    if (node.max == copies) return;
    joiner.Gap({0, kUnbounded});
  }

  Facts OfAlternate(const Node& node) const {
    Exact exact;
    bool is_exact = true;
    ir::AtomChoice all;
    bool is_choice = true;
    for (const uint32_t child : node.children) {
      const Facts facts = Of(child);
      is_exact = is_exact && facts.exact &&
                 exact.size() + facts.exact->size() <= kChoiceSizeMax;
      if (is_exact) {
        exact.insert(exact.end(), facts.exact->begin(), facts.exact->end());
      }
      const std::optional<ir::AtomChoice> best = Best(facts);
      is_choice =
          is_choice && best && all.size() + best->size() <= kUnionSizeMax;
      if (is_choice) all.insert(all.end(), best->begin(), best->end());
    }
    Facts facts;
    if (is_exact) facts.exact = std::move(exact);
    if (is_choice) facts.choices.push_back(std::move(all));
    return facts;
  }

  static std::optional<ir::AtomChoice> Best(const Facts& facts) {
    std::vector<ir::AtomChoice> choices = facts.choices;
    if (facts.exact && Shortest(*facts.exact) > 0) {
      ir::AtomChoice choice;
      for (const Text& text : *facts.exact) {
        choice.push_back({text.bytes, text.nocase, 0});
      }
      choices.push_back(std::move(choice));
    }
    if (choices.empty()) return std::nullopt;
    return *std::max_element(
        choices.begin(), choices.end(),
        [](const auto& a, const auto& b) { return Weight(a) < Weight(b); });
  }

  // The most telling choices, in order.
  static Facts Trim(Facts facts) {
    auto& choices = facts.choices;
    SortByWeight(choices);
    if (choices.size() > kChoicesMax) choices.resize(kChoicesMax);
    return facts;
  }

 public:
  std::vector<ir::AtomChoice> Choices() const {
    Facts facts = Of(ast_.root);
    if (facts.exact && facts.choices.empty()) {
      if (auto best = Best(facts)) facts.choices.push_back(std::move(*best));
    }
    return std::move(Trim(std::move(facts)).choices);
  }

 private:
  const Ast& ast_;
  const std::vector<Width> widths_;
  const size_t member_max_;
};

void Widen(ir::Literal& literal) {
  ByteVector wide;
  for (const uint8_t byte : literal.bytes) {
    wide.push_back(byte);
    wide.push_back(0);
  }
  if (wide.size() > kLiteralBytesMax) wide.resize(kLiteralBytesMax);
  literal.bytes = std::move(wide);
  if (literal.offset != ir::kVaries) literal.offset *= 2;
}

// Whether the node always takes a byte.
bool AddFirst(const Ast& ast, uint32_t index, ByteSet& set) {
  const Node& node = ast.nodes[index];
  switch (node.kind) {
    case Kind::kSet:
      set.Add(node.set);
      return true;
    case Kind::kConcat:
      for (const uint32_t child : node.children) {
        if (AddFirst(ast, child, set)) return true;
      }
      return false;
    case Kind::kAlternate: {
      bool all = true;
      for (const uint32_t child : node.children) {
        all = AddFirst(ast, child, set) && all;
      }
      return all;
    }
    case Kind::kRepeat:
      return AddFirst(ast, node.children[0], set) && node.min > 0;
    default:
      return false;
  }
}

}  // namespace

int Weight(const ir::AtomChoice& choice) {
  int weight = INT32_MAX;
  for (const ir::Literal& literal : choice) {
    int one = 0;
    size_t counted = 0;
    uint8_t last = 0;
    for (const uint8_t byte : literal.bytes) {
      if (++counted > 16) break;
      const int rarity = 280 - Commonness(byte) - (literal.nocase ? 20 : 0);
      one += counted > 1 && byte == last ? rarity / 4 : rarity;
      last = byte;
    }
    weight = std::min(weight, one);
  }
  const auto count = static_cast<int>(choice.size());
  if (count == 0) return 0;
  weight -= 10 * (count - 1);
  const bool varies =
      std::any_of(choice.begin(), choice.end(),
                  [](const ir::Literal& l) { return l.offset == ir::kVaries; });
  return weight - (varies ? 60 : 0);
}

std::vector<ir::AtomChoice> Literals(const Ast& ast, bool wide) {
  std::vector<ir::AtomChoice> choices = Extractor(ast, 1).Choices();
  // With small sets written out runs get longer, but there are more of them.
  for (ir::AtomChoice& more : Extractor(ast, kChoiceSizeMax).Choices()) {
    const bool known = std::any_of(
        choices.begin(), choices.end(),
        [&](const ir::AtomChoice& choice) { return IsSame(choice, more); });
    if (!known) choices.push_back(std::move(more));
  }
  SortByWeight(choices);
  if (wide) {
    for (ir::AtomChoice& choice : choices) {
      for (ir::Literal& literal : choice) Widen(literal);
    }
  }
  return choices;
}

ByteSet FirstBytes(const Ast& ast) {
  ByteSet set;
  if (!AddFirst(ast, ast.root, set)) return ByteSet::All();
  return set;
}

}  // namespace vitrine::engine::regex
