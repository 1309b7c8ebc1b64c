// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "engine/body/emit.h"
#include "engine/body/limits.h"

namespace vitrine::engine::body {
namespace {

using Kind = Element::Kind;

// A byte a literal can hold: fixed, or a letter in either case.
bool IsLiteral(const Element& element, bool& letter) {
  if (element.kind != Kind::kByte) return false;
  letter = element.mask == 0xdf && IsAlpha(element.value);
  return element.mask == 0xff || letter;
}

uint8_t Lower(uint8_t letter) { return static_cast<uint8_t>(letter | 0x20); }

// Choices beyond this are no better than these.
constexpr size_t kChoicesMax = 64;
// Alternatives that a literal set may spell out.
constexpr size_t kSpelledMax = 8;

class Collector {
 public:
  std::vector<ir::AtomChoice> Collect(const Variant& variant) {
    for (const Part& part : variant) {
      first_ = &part == &variant.front();
      Read(part.elements);
    }
    std::ranges::stable_sort(out_, std::ranges::greater{}, [](const auto& c) {
      return c.front().bytes.size();
    });
    if (out_.size() > kChoicesMax) out_.resize(kChoicesMax);
    return std::move(out_);
  }

 private:
  void Read(const Sequence& sequence) {
    at_ = 0;
    fixed_ = first_;
    for (size_t i = 0; i < sequence.size();) {
      bool letter = false;
      if (!IsLiteral(sequence[i], letter)) {
        Skip(sequence[i++]);
        continue;
      }
      ir::Literal literal = ReadLiteral(sequence, i);
      if (literal.bytes.size() >= 2) {
        Spell(sequence, i, literal);
        out_.push_back({std::move(literal)});
      }
    }
  }

  void Skip(const Element& element) {
    const auto length = LengthOf(element);
    if (length) {
      at_ += *length;
    } else {
      fixed_ = false;
    }
  }

  ir::Literal ReadLiteral(const Sequence& sequence, size_t& i) {
    ir::Literal literal;
    literal.offset = fixed_ ? static_cast<int32_t>(at_) : ir::kVaries;
    bool letter = false;
    while (i < sequence.size() && IsLiteral(sequence[i], letter)) {
      literal.nocase = literal.nocase || letter;
      literal.bytes.push_back(letter ? Lower(sequence[i].value)
                                     : sequence[i].value);
      ++i;
      ++at_;
    }
    return literal;
  }

  // A short run before alternatives of one length: the run with each of them.
  void Spell(const Sequence& sequence, size_t next, const ir::Literal& run) {
    if (run.bytes.size() >= 4 || next >= sequence.size()) return;
    const Element& after = sequence[next];
    if (after.kind != Kind::kStrings || after.negated ||
        after.nocase != run.nocase || after.strings.size() > kSpelledMax) {
      return;
    }
    ir::AtomChoice choice;
    for (const ByteVector& string : after.strings) {
      ir::Literal literal = run;
      literal.bytes.insert(literal.bytes.end(), string.begin(), string.end());
      choice.push_back(std::move(literal));
    }
    out_.push_back(std::move(choice));
  }

  std::vector<ir::AtomChoice> out_;
  bool first_ = true;
  bool fixed_ = true;
  uint32_t at_ = 0;
};

}  // namespace

std::vector<ir::AtomChoice> ChoicesOf(const std::vector<Variant>& variants) {
  std::vector<ir::AtomChoice> all;
  for (const Variant& variant : variants) {
    std::vector<ir::AtomChoice> more = Collector().Collect(variant);
    if (more.empty()) return {};
    if (all.empty()) {
      all = std::move(more);
      continue;
    }
    // A match is of one variant or the other: the best of each together.
    const size_t count = std::min(all.size(), more.size());
    all.resize(count);
    for (size_t i = 0; i < count; ++i) {
      all[i].insert(all[i].end(), more[i].begin(), more[i].end());
    }
  }
  return all;
}

}  // namespace vitrine::engine::body
