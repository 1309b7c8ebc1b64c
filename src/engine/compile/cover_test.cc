// SPDX-License-Identifier: Apache-2.0
#include "engine/compile/cover.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace vitrine::engine::compile {
namespace {

using ir::Gate;

Gate Pattern(uint32_t index) { return {Gate::Kind::kPattern, index, 0, {}}; }
Gate AtLeast(uint32_t count, std::vector<Gate> children) {
  return {Gate::Kind::kAtLeast, 0, count, std::move(children)};
}

constexpr double kCosts[] = {5, 1, 3, 8, 2, INFINITY};

Cover Pick(const Gate& gate) {
  return CheapestCover(
      gate,
      [](uint32_t pattern) {
        return PatternCost{pattern, kCosts[pattern]};
      },
      [](uint32_t) {
        return Cover{{}, INFINITY};
      });
}

TEST(Cover, TakesTheCheapestOfAnAnd) {
  EXPECT_EQ(Pick(AtLeast(3, {Pattern(0), Pattern(1), Pattern(2)})).patterns,
            std::vector<uint32_t>{1});
}

TEST(Cover, TakesAllOfAnOr) {
  EXPECT_EQ(Pick(AtLeast(1, {Pattern(2), Pattern(0)})).patterns,
            (std::vector<uint32_t>{0, 2}));
}

TEST(Cover, TakesAllButAFewOfACount) {
  EXPECT_EQ(Pick(AtLeast(2, {Pattern(0), Pattern(1), Pattern(3)})).patterns,
            (std::vector<uint32_t>{0, 1}));
}

TEST(Cover, CannotCoverWhatHasNoAtom) {
  EXPECT_TRUE(std::isinf(Pick(AtLeast(1, {Pattern(1), Pattern(5)})).cost));
  EXPECT_TRUE(std::isinf(Pick(Gate{}).cost));
  EXPECT_FALSE(std::isinf(Pick(AtLeast(2, {Pattern(1), Pattern(5)})).cost));
}

TEST(Cover, OfTheImpossibleIsEmptyAndFree) {
  const Cover cover = Pick(AtLeast(3, {Pattern(0), Pattern(1)}));
  EXPECT_TRUE(cover.patterns.empty());
  EXPECT_EQ(cover.cost, 0);
}

// Whether the gate opens when exactly the patterns of `present` matched.
bool Opens(const Gate& gate, uint32_t present) {
  switch (gate.kind) {
    case Gate::Kind::kPattern:
      return (present >> gate.index & 1) != 0;
    case Gate::Kind::kAtLeast: {
      uint32_t count = 0;
      for (const Gate& child : gate.children) count += Opens(child, present);
      return count >= gate.at_least;
    }
    case Gate::Kind::kNever:
      return false;
    default:
      return true;
  }
}

Gate RandomGate(std::mt19937& random, int depth) {
  const auto roll = [&](uint32_t sides) {
    return static_cast<uint32_t>(random() % sides);
  };
  const uint32_t kind = roll(depth == 0 ? 1 : 4);
  if (kind == 0) return Pattern(roll(5));
  if (kind == 1 && roll(6) == 0) return {Gate::Kind::kNever, 0, 0, {}};
  std::vector<Gate> children;
  for (uint32_t i = 0; i < 1 + roll(4); ++i) {
    children.push_back(RandomGate(random, depth - 1));
  }
  return AtLeast(1 + roll(4), std::move(children));
}

// The one property detections hang on: if a gate opens, a pattern of its cover
// matched.
TEST(Cover, NeverMissesAnOpenGate) {
  std::mt19937 random(11);
  for (int round = 0; round < 3000; ++round) {
    const Gate gate = RandomGate(random, 3);
    const Cover cover = Pick(gate);
    if (std::isinf(cover.cost)) continue;
    uint32_t covered = 0;
    for (const uint32_t pattern : cover.patterns) covered |= 1u << pattern;
    for (uint32_t present = 0; present < 32; ++present) {
      if (Opens(gate, present)) {
        EXPECT_NE(present & covered, 0u);
      }
    }
  }
}

}  // namespace
}  // namespace vitrine::engine::compile
