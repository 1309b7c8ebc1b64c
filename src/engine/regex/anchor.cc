// SPDX-License-Identifier: Apache-2.0
#include "engine/regex/anchor.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/regex/limits.h"
#include "engine/regex/probe_finder.h"

namespace vitrine::engine::regex {
namespace {

// Measured: what a hit of the probes takes, and each place tried from a hit of
// the whole stretch.
constexpr double kHitNanoseconds = 8;
constexpr double kPlaceNanoseconds = 12;
// A pass of the backward automaton takes about as much a byte.
constexpr double kCostMax = 0.5;

class Collector {
 public:
  Collector(const Ast& ast, bool wide)
      : ast_(ast), widths_(Widths(ast)), wide_(wide) {
    Add(ast.root);
    EndStretch();
  }

  std::optional<Anchor> best() && { return std::move(best_); }

 private:
  // As deep as the tree.
  void Add(uint32_t index) {
    const Node& node = ast_.nodes[index];
    switch (node.kind) {
      case Kind::kSet:
        return AddSet(node.set);
      case Kind::kConcat:
        for (const uint32_t child : node.children) Add(child);
        return;
      case Kind::kAlternate:
        return AddAlternate(node, widths_[index]);
      case Kind::kRepeat:
        return AddRepeat(node);
      default:
        return;  // Takes no byte.
    }
  }

  void AddSet(const ByteSet& set) {
    if (sets_.size() >= kAnchorBytesMax) EndStretch();
    sets_.push_back(set);
    if (wide_) sets_.push_back(ByteSet::Of(0));
  }

  void AddAlternate(const Node& node, const Width& width) {
    ByteSet either;
    for (const uint32_t child : node.children) {
      if (ast_.nodes[child].kind != Kind::kSet) return Gap(width);
      either.Add(ast_.nodes[child].set);
    }
    AddSet(either);
  }

  void AddRepeat(const Node& node) {
    const Width& width = widths_[node.children[0]];
    const uint32_t copies = std::min<uint32_t>(node.min, kAnchorBytesMax);
    for (uint32_t i = 0; i < copies; ++i) Add(node.children[0]);
    if (copies == node.max) return;
    const uint64_t least = uint64_t{width.min} * (node.min - copies);
    if (node.max == kUnbounded || width.max == kUnbounded) {
      return Gap(least, kMatchBytesMax + 1);
    }
    Gap(least, uint64_t{width.max} * (node.max - copies));
  }

  void Gap(const Width& width) {
    Gap(width.min, width.max == kUnbounded ? kMatchBytesMax + 1 : width.max);
  }

  // What follows does not lie at one distance from what came before.
  void Gap(uint64_t least, uint64_t most) {
    EndStretch();
    const uint64_t unit = wide_ ? 2 : 1;
    before_min_ = std::min(before_min_ + unit * least, kFarthest);
    before_max_ = std::min(before_max_ + unit * most, kFarthest);
  }

  void EndStretch() {
    const size_t size = sets_.size();
    size_t begin = 0;
    size_t end = size;
    while (begin < end && sets_[begin] == ByteSet::All()) ++begin;
    while (begin < end && sets_[end - 1] == ByteSet::All()) --end;
    if (begin < end) Consider(begin, end);
    before_min_ = std::min(before_min_ + size, kFarthest);
    before_max_ = std::min(before_max_ + size, kFarthest);
    sets_.clear();
  }

  void Consider(size_t begin, size_t end) {
    // Where it may lie anywhere, the places to try are too many.
    if (before_max_ >= kFarthest) return;
    const std::span<const ByteSet> sets =
        std::span(sets_).subspan(begin, end - begin);
    std::array<Probe, kProbesMax> probes;
    double hits = 1;
    for (const Probe& probe : BestProbes(sets, probes)) {
      hits *= probe.Frequency();
    }
    double whole = 1;
    for (size_t i = 0; i < sets.size(); ++i) {
      const bool repeats = i > 0 && sets[i] == sets[i - 1];
      whole *= repeats ? 0.5 : FrequencyOf(sets[i]);
    }
    const auto places = static_cast<double>(before_max_ - before_min_ + 1);
    const double cost = hits * kHitNanoseconds +
                        std::min(whole, hits) * places * kPlaceNanoseconds;
    if (cost > (best_ ? best_->cost : kCostMax)) return;
    best_ = Anchor{{sets.begin(), sets.end()},
                   before_min_ + begin,
                   before_max_ + begin,
                   cost};
  }

  // Beyond what a match can be long: the distance has no bound.
  static constexpr uint64_t kFarthest = 2 * kMatchBytesMax + 2;

  const Ast& ast_;
  const std::vector<Width> widths_;
  const bool wide_;
  std::vector<ByteSet> sets_;  // Of the stretch at work.
  uint64_t before_min_ = 0;    // Of its beginning.
  uint64_t before_max_ = 0;
  std::optional<Anchor> best_;
};

}  // namespace

std::optional<Anchor> FindAnchor(const Ast& ast, bool wide) {
  return Collector(ast, wide).best();
}

}  // namespace vitrine::engine::regex
