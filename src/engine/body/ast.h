// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"

// A body pattern as read, before it becomes code.
namespace vitrine::engine::body {

// A set of byte values.
struct ByteSet {
  std::array<uint8_t, 32> bits{};

  bool Has(uint8_t byte) const {
    return (bits[byte / 8] >> (byte % 8) & 1) != 0;
  }
  void Add(uint8_t byte) {
    bits[byte / 8] = static_cast<uint8_t>(bits[byte / 8] | 1u << byte % 8);
  }
  void Invert() {
    for (auto& b : bits) b = static_cast<uint8_t>(~b);
  }
};

struct Element;
using Sequence = std::vector<Element>;

struct Element {
  enum class Kind : uint8_t {
    kByte,     // (byte & mask) == value
    kSet,      // One byte of `set`.
    kStrings,  // One of (or, negated, none of) several strings of one length.
    kGeneric,  // One of several sequences.
  };
  Kind kind = Kind::kByte;
  uint8_t value = 0;
  uint8_t mask = 0xff;
  bool negated = false;
  bool nocase = false;  // Of `strings`.
  ByteSet set;
  std::vector<ByteVector> strings;
  std::vector<Sequence> branches;

  bool IsStatic() const { return kind == Kind::kByte && mask == 0xff; }
};

// Bytes it takes; nullopt where that varies.
std::optional<uint32_t> LengthOf(const Element& element);

// What must hold beside a part, without being part of it.
enum EdgeFlag : uint8_t {
  kEdgeB = 1,         // (B)
  kEdgeL = 2,         // (L)
  kEdgeW = 4,         // (W), ::f
  kEdgeWide = 8,      // The neighbour is a character of two bytes.
  kEdgeNegated = 16,  // !(B) and so on.
};

// `61[2-4]` before or `[2-4]61` after a part: one byte at a distance.
struct Single {
  uint8_t value = 0;
  uint8_t mask = 0xff;
  uint8_t min = 0;
  uint8_t max = 0;
};

inline constexpr uint32_t kNoLimit = UINT32_MAX;

struct Part {
  // The distance from the end of the part before; kNoLimit: any.
  uint32_t gap_min = 0;
  uint32_t gap_max = kNoLimit;
  uint8_t left_edge = 0;
  uint8_t right_edge = 0;
  std::optional<Single> left_single;
  std::optional<Single> right_single;
  Sequence elements;
};

// One form of a pattern: `::wa` has two.
using Variant = std::vector<Part>;

}  // namespace vitrine::engine::body
