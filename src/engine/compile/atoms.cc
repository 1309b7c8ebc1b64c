// SPDX-License-Identifier: Apache-2.0
#include "engine/compile/atoms.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string_view>

#include "base/text.h"
#include "engine/body/body.h"
#include "engine/compile/limits.h"

namespace vitrine::engine::compile {
namespace {

using vdb::FilterClass;

constexpr double kInfinite = std::numeric_limits<double>::infinity();

// What nearly every PE file holds once, and the files that the rarity table was
// made from do not: it is made from Debian's.
constexpr std::string_view kDosStub =
    "!this program cannot be run in dos mode.\r\r\n$";

double StubFrequency(Bytes gram) {
  const auto found = std::search(
      kDosStub.begin(), kDosStub.end(), gram.begin(), gram.end(),
      [](char a, uint8_t b) { return a == static_cast<char>(ToLower(b)); });
  return found == kDosStub.end() ? 0 : kStubFrequency;
}

// A candidate costs the same wherever it comes from, so raw bytes that may be
// programs or texts are as dear as the dearer of the two.
double Frequency(FilterClass filter_class, Bytes gram, const Rarity& rarity) {
  switch (filter_class) {
    case FilterClass::kPe:
      return rarity.Frequency(FileClass::kExecutable, gram) +
             StubFrequency(gram);
    case FilterClass::kElf:
      return rarity.Frequency(FileClass::kExecutable, gram);
    case FilterClass::kText:
    case FilterClass::kNormalised:
      return rarity.Frequency(FileClass::kText, gram);
    case FilterClass::kRaw:
      return rarity.Frequency(FileClass::kExecutable, gram) +
             rarity.Frequency(FileClass::kText, gram);
  }
  return kInfinite;
}

struct Window {
  size_t at = 0;
  double cost = kInfinite;
};

// Of noticing a literal of four bytes in even places, and wherever a place
// before its last three bytes is even.
double LoneQuadCost(FilterClass filter_class, Bytes quad,
                    const Rarity& rarity) {
  return Frequency(filter_class, quad, rarity) +
         Frequency(filter_class, quad.first(3), rarity) * kLookCost / 2 +
         kLoneQuadCost;
}

Window RarestWindow(FilterClass filter_class, Bytes literal,
                    const Rarity& rarity) {
  Window best;
  if (literal.size() < 2) return best;
  const auto note = [&](size_t at, double cost) {
    if (cost <= kAtomFrequencyMax && cost < best.cost) best = {at, cost};
  };
  if (literal.size() < 4) {
    for (size_t at = 0; at + 2 <= literal.size(); ++at) {
      note(at, Frequency(filter_class, literal.subspan(at, 2), rarity));
    }
    return best;
  }
  if (literal.size() == 4) {
    note(0, LoneQuadCost(filter_class, literal, rarity));
    return best;
  }
  // Of two quads in a row each is seen in half of the places.
  double first = Frequency(filter_class, literal.first(4), rarity);
  for (size_t at = 0; at + 5 <= literal.size(); ++at) {
    const double second =
        Frequency(filter_class, literal.subspan(at + 1, 4), rarity);
    note(at, (first + second) / 2);
    first = second;
  }
  return best;
}

// `literal` around `window`, as much as an atom holds.
Atom Cut(const ir::Literal& literal, size_t window) {
  const size_t size = literal.bytes.size();
  size_t begin = 0;
  if (size > kAtomSizeMax) {
    begin = window > kAtomSizeMax / 2 ? window - kAtomSizeMax / 2 : 0;
    begin = std::min(begin, size - kAtomSizeMax);
  }
  const size_t kept = std::min<size_t>(size - begin, kAtomSizeMax);
  Atom atom;
  atom.bytes.assign(
      literal.bytes.begin() + static_cast<ptrdiff_t>(begin),
      literal.bytes.begin() + static_cast<ptrdiff_t>(begin + kept));
  atom.nocase = literal.nocase;
  if (literal.offset != ir::kVaries) {
    atom.offset = literal.offset + static_cast<int32_t>(begin);
  }
  const auto first = static_cast<int8_t>(window - begin);
  atom.grams.push_back({first, 0});
  if (size > 4) atom.grams.push_back({static_cast<int8_t>(first + 1), 0});
  if (size == 4) atom.grams.push_back({-1, 0});
  return atom;
}

// The rarest quad that has at least three bytes beside the gram's; of a short
// literal the one farthest from it.
void ChooseCheck(FilterClass filter_class, const Rarity& rarity,
                 const ByteVector& bytes, Atom::Gram& gram) {
  const auto last = static_cast<int>(bytes.size()) - 4;
  const int window = gram.window;
  gram.check = static_cast<uint8_t>(last - window > window ? last : 0);
  double best = kInfinite;
  for (int at = 0; at <= last; ++at) {
    if (std::abs(at - window) < 3) continue;
    const double cost = Frequency(
        filter_class, Bytes(bytes).subspan(static_cast<size_t>(at), 4), rarity);
    if (cost >= best) continue;
    best = cost;
    gram.check = static_cast<uint8_t>(at);
  }
}

// A common literal of an expression, or one that may lie anywhere in it, has
// the expression searched for.
double CostOf(const Window& window, const ir::Literal& literal,
              bool far_reaching) {
  if (!std::isfinite(window.cost)) return window.cost;
  const double pass = literal.bytes.size() < 4 ? kShortCost : 0;
  if (literal.offset != ir::kVaries && !far_reaching &&
      window.cost <= kRareFrequencyMax) {
    return window.cost + pass;
  }
  // Never so dear that it is no atom at all.
  return std::min(window.cost * kSearchCost + kSearchCost + pass,
                  kAtomFrequencyMax);
}

AtomSet Choose(FilterClass filter_class,
               const std::vector<ir::AtomChoice>& choices, bool far_reaching,
               const Rarity& rarity) {
  AtomSet best;
  best.cost = kInfinite;
  for (const ir::AtomChoice& choice : choices) {
    AtomSet set;
    for (const ir::Literal& literal : choice) {
      const Window window = RarestWindow(filter_class, literal.bytes, rarity);
      set.cost += CostOf(window, literal, far_reaching);
      if (!(set.cost < best.cost)) break;
      set.atoms.push_back(Cut(literal, window.at));
    }
    if (!choice.empty() && set.cost < best.cost) best = std::move(set);
  }
  for (Atom& atom : best.atoms) {
    if (atom.bytes.size() < 4) continue;
    for (Atom::Gram& gram : atom.grams) {
      ChooseCheck(filter_class, rarity, atom.bytes, gram);
    }
  }
  return best;
}

}  // namespace

bool AtomSet::usable() const { return std::isfinite(cost); }

bool AtomSet::is_dear() const {
  return std::any_of(atoms.begin(), atoms.end(),
                     [](const Atom& atom) { return atom.bytes.size() <= 4; });
}

std::array<AtomSet, vdb::kFilterClasses> ChooseAtoms(const ir::Pattern& pattern,
                                                     const Rarity& rarity) {
  std::array<AtomSet, vdb::kFilterClasses> sets;
  const bool far_reaching = pattern.kind == ir::PatternKind::kBody &&
                            body::IsFarReaching(pattern.code);
  for (uint32_t i = 0; i < vdb::kFilterClasses; ++i) {
    sets[i] = Choose(static_cast<FilterClass>(i), pattern.choices, far_reaching,
                     rarity);
  }
  return sets;
}

}  // namespace vitrine::engine::compile
