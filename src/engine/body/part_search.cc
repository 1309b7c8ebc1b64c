// SPDX-License-Identifier: Apache-2.0
#include "engine/body/part_search.h"

#include <algorithm>

#include "engine/body/limits.h"
#include "engine/body/search.h"

namespace vitrine::engine::body {
namespace {

// Bytes searched between two looks at the clock; about a millisecond.
constexpr uint64_t kStride = 1 << 22;
// Of these, as many as cost what a step costs.
constexpr uint64_t kBytesPerStep = 256;

bool BlockHolds(const Block& block, const uint8_t* text) {
  return std::ranges::all_of(block.runs,
                             [&](const Run& run) { return Holds(run, text); });
}

}  // namespace

bool Clock::Spent(uint64_t steps) {
  steps_ += steps;
  if (steps_ >= kStepsPerClock) {
    steps_ = 0;
    late_ = late_ || deadline_.Passed();
  }
  return late_;
}

PartSearch::PartSearch(const CodePart& part, Bytes text, Clock& clock)
    : part_(part), text_(text), clock_(clock) {
  tried_.resize(part.program.size() * part.span);
  has_first_bytes_ = NoteFirstBytes();
}

bool PartSearch::NoteFirstBytes() {
  const auto& program = part_.program;
  if (part_.head.length > 0 || program.empty() ||
      program[0].kind != Step::Kind::kSplit) {
    return false;
  }
  for (const uint32_t target : program[0].targets) {
    if (program[target].kind != Step::Kind::kBlock) return false;
    const auto& runs = program[target].block.runs;
    if (runs.empty() || runs[0].at != 0 || runs[0].size == 0) return false;
    const Run& run = runs[0];
    if (run.kind != RunKind::kExact && run.kind != RunKind::kMasked) {
      return false;
    }
    const uint8_t mask =
        run.kind == RunKind::kMasked ? run.data[run.size] : 0xff;
    for (size_t c = 0; c < first_bytes_.size(); ++c) {
      if ((c & mask) == run.data[0]) first_bytes_[c] = true;
    }
  }
  return true;
}

uint64_t PartSearch::SkipToFirstByte(uint64_t from, uint64_t to) const {
  while (from < to && !first_bytes_[text_[from]]) ++from;
  return from;
}

std::optional<Span> PartSearch::Next(uint64_t from, uint64_t to) {
  const Block& head = part_.head;
  if (head.length > text_.size()) return std::nullopt;
  to = std::min<uint64_t>(to, text_.size() - head.length);
  while (from <= to) {
    uint64_t at = from;
    if (head.anchor) {
      const uint64_t stop = from + std::min(kStride, to - from + 1);
      at = FindAnchor(text_.data(), from, stop, *head.anchor);
      if (clock_.Spent((at - from) / kBytesPerStep + 1)) return std::nullopt;
      if (at == stop) {
        from = stop;
        continue;
      }
    } else if (has_first_bytes_) {
      const uint64_t stop = std::min<uint64_t>(
          from + std::min(kStride, to - from + 1), text_.size());
      at = SkipToFirstByte(from, stop);
      if (clock_.Spent((at - from) / kBytesPerStep + 1)) return std::nullopt;
      if (at == stop) {
        from = stop;
        if (stop == text_.size()) return std::nullopt;
        continue;
      }
    } else if (clock_.Spent(1)) {
      return std::nullopt;
    }
    if (const auto span = At(at)) return span;
    from = at + 1;
  }
  return std::nullopt;
}

std::optional<Span> PartSearch::At(uint64_t start) {
  const uint64_t length = part_.head.length;
  if (length > text_.size() || start > text_.size() - length) {
    return std::nullopt;
  }
  if (!BlockHolds(part_.head, text_.data() + start)) return std::nullopt;
  uint64_t end = start + length;
  if (!LeftHolds(part_, text_, start)) return std::nullopt;
  if (!part_.program.empty()) {
    const auto found = RunProgram(end);
    if (!found) return std::nullopt;
    end = *found;
  } else if (!RightHolds(part_, text_, end)) {
    return std::nullopt;
  }
  return Span{start, end};
}

// Depth first, the preferred branch first. A step tried once at a place has
// failed there for good, so the walk is bounded by steps times span.
std::optional<uint64_t> PartSearch::RunProgram(uint64_t start) {
  if (++walk_ == 0) {
    std::ranges::fill(tried_, 0);
    walk_ = 1;
  }
  stack_.assign(1, {0, start});
  while (!stack_.empty()) {
    Frame frame = stack_.back();
    stack_.pop_back();
    for (bool alive = true; alive;) {
      if (clock_.Spent(1)) return std::nullopt;
      const uint64_t distance = frame.at - start;
      if (distance >= part_.span) break;
      uint32_t& tried = tried_[frame.step * uint64_t{part_.span} + distance];
      if (tried == walk_) break;
      tried = walk_;
      const Step& step = part_.program[frame.step];
      switch (step.kind) {
        case Step::Kind::kEnd:
          if (RightHolds(part_, text_, frame.at)) return frame.at;
          alive = false;
          break;
        case Step::Kind::kBlock:
          alive = step.block.length <= text_.size() - frame.at &&
                  BlockHolds(step.block, text_.data() + frame.at);
          frame.at += step.block.length;
          ++frame.step;
          break;
        case Step::Kind::kSplit:
          for (size_t i = step.targets.size(); i-- > 1;) {
            stack_.push_back({step.targets[i], frame.at});
          }
          [[fallthrough]];
        case Step::Kind::kJump:
          frame.step = step.targets[0];
          break;
      }
    }
  }
  return std::nullopt;
}

}  // namespace vitrine::engine::body
