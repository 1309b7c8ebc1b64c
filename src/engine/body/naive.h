// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/text.h"
#include "engine/body/ast.h"
#include "engine/body/classes.h"
#include "engine/body/limits.h"

// The pattern language once more, slow and straight from its description, for
// tests and harnesses to hold the matcher against. Knows no offsets.
namespace vitrine::engine::body::naive {

struct Found {
  uint64_t start = 0;
  uint64_t end = 0;
};

using Goal = std::function<bool(uint64_t)>;

inline bool StringAt(Bytes text, uint64_t at, const ByteVector& string,
                     bool nocase) {
  for (size_t i = 0; i < string.size(); ++i) {
    const uint8_t have = text[at + i];
    if (nocase ? ToLower(have) != ToLower(string[i]) : have != string[i]) {
      return false;
    }
  }
  return true;
}

// Whether elements [i..) match at `at` and then the goal holds.
inline bool Match(const Sequence& elements, size_t i, Bytes text, uint64_t at,
                  const Goal& goal) {
  if (i == elements.size()) return goal(at);
  const Element& e = elements[i];
  if (e.kind == Element::Kind::kGeneric) {
    for (const Sequence& branch : e.branches) {
      const Goal rest = [&](uint64_t end) {
        return Match(elements, i + 1, text, end, goal);
      };
      if (Match(branch, 0, text, at, rest)) return true;
    }
    return false;
  }
  const uint32_t length = *LengthOf(e);
  if (length > text.size() || at > text.size() - length) return false;
  bool holds = false;
  switch (e.kind) {
    case Element::Kind::kByte:
      holds = (text[at] & e.mask) == (e.value & e.mask);
      break;
    case Element::Kind::kSet:
      holds = e.set.Has(text[at]);
      break;
    default:
      for (const ByteVector& string : e.strings) {
        holds = holds || StringAt(text, at, string, e.nocase);
      }
      holds = holds != e.negated;
  }
  return holds && Match(elements, i + 1, text, at + length, goal);
}

inline Class ClassOf(uint8_t edge) {
  return (edge & kEdgeB) != 0   ? Class::kBoundary
         : (edge & kEdgeL) != 0 ? Class::kLine
                                : Class::kWord;
}

inline bool LeftEdge(const Part& part, Bytes text, uint64_t start) {
  const uint8_t edge = part.left_edge;
  if (edge == 0) return true;
  bool holds = true;
  if ((edge & kEdgeWide) != 0) {
    if (start >= 2 && text[start - 1] == 0) holds = !IsAlnum(text[start - 2]);
  } else if (start > 0) {
    holds = IsLeft(ClassOf(edge), text[start - 1]);
  }
  return holds != ((edge & kEdgeNegated) != 0);
}

inline bool RightEdge(const Part& part, Bytes text, uint64_t end) {
  const uint8_t edge = part.right_edge;
  if (edge == 0) return true;
  bool holds = true;
  const uint64_t left = text.size() - end;
  if ((edge & kEdgeWide) != 0) {
    if (left == 1 || (left > 1 && text[end + 1] == 0)) {
      holds = !IsAlnum(text[end]);
    }
  } else if (left > 0) {
    holds = IsRight(ClassOf(edge), text[end]);
    if ((edge & kEdgeL) != 0 && left > 1 && text[end] == '\r') {
      holds = text[end + 1] == '\n';
    }
  }
  return holds != ((edge & kEdgeNegated) != 0);
}

inline bool Singles(const Part& part, Bytes text, uint64_t start,
                    uint64_t end) {
  bool left = !part.left_single;
  bool right = !part.right_single;
  for (uint64_t at = 0; at < text.size(); ++at) {
    if (part.left_single && at < start) {
      const Single& s = *part.left_single;
      const uint64_t gap = start - at - 1;
      left = left ||
             (gap >= s.min && gap <= s.max && (text[at] & s.mask) == s.value);
    }
    if (part.right_single && at >= end) {
      const Single& s = *part.right_single;
      const uint64_t gap = at - end;
      right = right ||
              (gap >= s.min && gap <= s.max && (text[at] & s.mask) == s.value);
    }
  }
  return left && right;
}

inline std::vector<Found> Occurrences(const Part& part, Bytes text) {
  std::vector<Found> out;
  for (uint64_t start = 0; start <= text.size(); ++start) {
    if (!LeftEdge(part, text, start)) continue;
    std::optional<uint64_t> end;
    Match(part.elements, 0, text, start, [&](uint64_t at) {
      if (!RightEdge(part, text, at) || !Singles(part, text, start, at)) {
        return false;
      }
      end = at;
      return true;
    });
    if (end) out.push_back({start, *end});
  }
  return out;
}

// Where the last part matches, by rising start of it.
inline std::vector<Found> FindAll(const Variant& variant, Bytes text) {
  std::vector<Found> linked = Occurrences(variant[0], text);
  for (size_t i = 1; i < variant.size(); ++i) {
    const std::vector<Found> before = std::exchange(linked, {});
    for (const Found& here : Occurrences(variant[i], text)) {
      size_t known = 0;
      while (known < before.size() && before[known].start < here.start) {
        ++known;
      }
      bool follows = false;
      for (size_t k = 0; k < known && !follows; ++k) {
        if (k > 0 && k + kRememberedMax < known) continue;
        if (before[k].end > here.start) continue;
        const uint64_t gap = here.start - before[k].end;
        follows = gap >= variant[i].gap_min &&
                  (variant[i].gap_max == kNoLimit || gap <= variant[i].gap_max);
      }
      if (follows) linked.push_back(here);
    }
  }
  return linked;
}

}  // namespace vitrine::engine::body::naive
