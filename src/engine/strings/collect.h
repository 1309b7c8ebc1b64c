// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <tuple>
#include <vector>

#include "engine/strings/strings.h"

// For tests: a sink that keeps what it is given.
namespace vitrine::engine::strings {

class Collector : public MatchSink {
 public:
  explicit Collector(size_t most = SIZE_MAX) : most_(most) {}

  bool Add(const Match& match) override {
    matches.push_back(match);
    return matches.size() < most_;
  }

  std::vector<Match> matches;

 private:
  size_t most_;
};

// Offset and length of every match.
using Spans = std::vector<std::pair<uint64_t, uint64_t>>;

inline Spans Find(const Result<Compiled>& compiled, Bytes object,
                  uint64_t from = 0) {
  Collector sink;
  const auto& pattern = compiled.value().pattern;
  const Status status = FindAll(pattern.kind, pattern.code, object, from, sink,
                                Deadline::Never());
  Spans spans;
  if (!status.ok()) return {{UINT64_MAX, 0}};
  for (const Match& match : sink.matches) {
    spans.emplace_back(match.offset, match.length);
  }
  return spans;
}

inline Spans Find(const Result<Compiled>& compiled, std::string_view object,
                  uint64_t from = 0) {
  return Find(compiled, AsBytes(object), from);
}

}  // namespace vitrine::engine::strings
