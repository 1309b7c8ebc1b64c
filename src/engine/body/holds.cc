// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "engine/body/classes.h"
#include "engine/body/code.h"

namespace vitrine::engine::body {
namespace {

bool MaskedEqual(const uint8_t* text, const uint8_t* values,
                 const uint8_t* masks, size_t size) {
  size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    uint64_t t;
    uint64_t v;
    uint64_t m;
    std::memcpy(&t, text + i, 8);
    std::memcpy(&v, values + i, 8);
    std::memcpy(&m, masks + i, 8);
    if ((t & m) != v) return false;
  }
  for (; i < size; ++i) {
    if ((text[i] & masks[i]) != values[i]) return false;
  }
  return true;
}

bool NocaseEqual(const uint8_t* text, const uint8_t* lower, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    if (ToLower(text[i]) != lower[i]) return false;
  }
  return true;
}

bool StringsHold(const Run& run, const uint8_t* text) {
  const uint8_t* string = run.data.data();
  bool found = false;
  for (uint16_t i = 0; i < run.count && !found; ++i, string += run.size) {
    found = (run.flags & kStringsNocase) != 0
                ? NocaseEqual(text, string, run.size)
                : std::memcmp(text, string, run.size) == 0;
  }
  return found == ((run.flags & kStringsNegated) == 0);
}

Class WhichClass(uint8_t edge) {
  if (edge & kEdgeB) return Class::kBoundary;
  if (edge & kEdgeL) return Class::kLine;
  return Class::kWord;
}

bool LeftEdgeHolds(uint8_t edge, Bytes text, uint64_t start) {
  bool holds = start == 0;
  if (edge & kEdgeWide) {
    holds = start < 2 || text[start - 1] != 0 || IsWordBreak(text[start - 2]);
  } else if (!holds) {
    holds = IsLeft(WhichClass(edge), text[start - 1]);
  }
  return holds == ((edge & kEdgeNegated) == 0);
}

bool RightEdgeHolds(uint8_t edge, Bytes text, uint64_t end) {
  bool holds = end >= text.size();
  if (!holds && (edge & kEdgeWide) != 0) {
    const bool is_wide = text.size() - end < 2 || text[end + 1] == 0;
    holds = !is_wide || IsWordBreak(text[end]);
  } else if (!holds) {
    const Class which = WhichClass(edge);
    holds = IsRight(which, text[end]);
    if (which == Class::kLine && text[end] == '\r') {
      holds = text.size() - end > 1 && text[end + 1] == '\n';
    }
  }
  return holds == ((edge & kEdgeNegated) == 0);
}

// A byte that fits lies min to max bytes before `start`.
bool LeftSingleHolds(const Single& single, Bytes text, uint64_t start) {
  for (uint32_t gap = single.min; gap <= single.max && gap < start; ++gap) {
    if ((text[start - 1 - gap] & single.mask) == single.value) return true;
  }
  return false;
}

bool RightSingleHolds(const Single& single, Bytes text, uint64_t end) {
  for (uint32_t gap = single.min; gap <= single.max && gap < text.size() - end;
       ++gap) {
    if ((text[end + gap] & single.mask) == single.value) return true;
  }
  return false;
}

}  // namespace

bool Holds(const Run& run, const uint8_t* text) {
  text += run.at;
  switch (run.kind) {
    case RunKind::kExact:
      return std::memcmp(text, run.data.data(), run.size) == 0;
    case RunKind::kMasked:
      return MaskedEqual(text, run.data.data(), run.data.data() + run.size,
                         run.size);
    case RunKind::kSet:
      return (run.data[*text / 8] >> (*text % 8) & 1) != 0;
    case RunKind::kStrings:
      return StringsHold(run, text);
  }
  return false;
}

bool LeftHolds(const CodePart& part, Bytes text, uint64_t start) {
  if (part.left_edge != 0 && !LeftEdgeHolds(part.left_edge, text, start)) {
    return false;
  }
  return !part.left_single || LeftSingleHolds(*part.left_single, text, start);
}

bool RightHolds(const CodePart& part, Bytes text, uint64_t end) {
  if (part.right_edge != 0 && !RightEdgeHolds(part.right_edge, text, end)) {
    return false;
  }
  return !part.right_single || RightSingleHolds(*part.right_single, text, end);
}

}  // namespace vitrine::engine::body
