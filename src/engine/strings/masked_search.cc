// SPDX-License-Identifier: Apache-2.0
#include "engine/strings/masked_search.h"

#include <algorithm>
#include <cstring>

#include "engine/regex/literal_finder.h"
#include "engine/strings/limits.h"

namespace vitrine::engine::strings {
namespace {

using regex::LiteralFinder;

struct Run {
  size_t begin = 0;
  size_t size = 0;
  int weight = 0;
};

uint64_t Load64(const uint8_t* bytes) {
  uint64_t value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

// The bytes without wildcards that are best to look for.
Run BestRun(const MaskedView& masked) {
  Run best;
  Run run;
  for (size_t i = 0; i < masked.values.size(); ++i) {
    if (masked.masks[i] != 0xff) {
      run = Run{i + 1, 0, 0};
      continue;
    }
    ++run.size;
    run.weight += 280 - regex::Commonness(masked.values[i]);
    if (run.weight > best.weight) best = run;
  }
  return best;
}

}  // namespace

bool MatchesAt(const MaskedView& masked, Bytes object, uint64_t at) {
  const size_t size = masked.values.size();
  if (at > object.size() || size > object.size() - at) return false;
  const uint8_t* const bytes = object.data() + at;
  size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    const uint64_t mask = Load64(masked.masks.data() + i);
    if ((Load64(bytes + i) & mask) != Load64(masked.values.data() + i)) {
      return false;
    }
  }
  for (; i < size; ++i) {
    if ((bytes[i] & masked.masks[i]) != masked.values[i]) return false;
  }
  return true;
}

Status FindMasked(const MaskedView& masked, Bytes object, uint64_t from,
                  MatchSink& sink, Deadline deadline) {
  const Run run = BestRun(masked);
  if (run.size == 0) return Error{Code::kInvalid, "bad string code"};
  const LiteralFinder finder(masked.values.subspan(run.begin, run.size), false);
  uint64_t seen = 0;
  uint64_t at = from > UINT64_MAX - run.begin ? UINT64_MAX : from + run.begin;
  while (at < object.size()) {
    const uint64_t end =
        std::min<uint64_t>(object.size(), at + kChunkBytes + (run.size - 1));
    const size_t hit = finder.Find(object.first(end), at);
    if (hit == LiteralFinder::kNowhere) {
      if (end == object.size()) break;
      at = end - (run.size - 1);
      if (deadline.Passed()) return Error{Code::kDeadline, "hex string"};
      continue;
    }
    at = hit + 1;
    const uint64_t start = hit - run.begin;
    if (MatchesAt(masked, object, start) &&
        !sink.Add({start, masked.values.size(), 0})) {
      break;
    }
    constexpr uint64_t kHitsPerLook = 4096;
    if (++seen % kHitsPerLook == 0 && deadline.Passed()) {
      return Error{Code::kDeadline, "hex string"};
    }
  }
  return Ok();
}

}  // namespace vitrine::engine::strings
