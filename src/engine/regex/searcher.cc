// SPDX-License-Identifier: Apache-2.0
#include "engine/regex/searcher.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <utility>

#include "base/check.h"
#include "engine/regex/limits.h"
#include "engine/regex/literals.h"

namespace vitrine::engine::regex {
namespace {

// Beyond this many bytes to begin with, looking for one of them skips too
// little to pay.
constexpr int kFirstBytesMax = 48;

// Bytes read in vain, beyond four times those passed, before trying each place
// is given up for the backward pass.
constexpr uint64_t kForwardCredit = 1 << 18;

// Times the backward automaton may forget its states, a megabyte. More means
// that it has too many for this object.
constexpr uint64_t kFlushesPerMegabyte = 4;

// Each literal takes a pass, and short ones stop it all the time.
bool AreUseful(const ir::AtomChoice& literals) {
  constexpr size_t kPassesMax = 16;
  size_t shortest = SIZE_MAX;
  for (const ir::Literal& literal : literals) {
    shortest = std::min(shortest, literal.bytes.size());
  }
  return !literals.empty() && shortest > 0 &&
         literals.size() <= (shortest == 1 ? 3 : kPassesMax);
}

}  // namespace

Searcher::Searcher(Ast ast, Options options, Bytes object, uint64_t from)
    : ast_(std::move(ast)),
      options_(std::move(options)),
      object_(object),
      unit_(options_.wide ? 2 : 1),
      from_(from),
      at_(from),
      block_end_(from) {}

Result<std::unique_ptr<Searcher>> Searcher::Create(Ast ast, Options options,
                                                   Bytes object,
                                                   uint64_t from) {
  std::unique_ptr<Searcher> searcher(
      new Searcher(std::move(ast), std::move(options), object, from));
  searcher->forward_ = TRY(Build(searcher->ast_, Direction::kForward));
  searcher->forward_automaton_.emplace(searcher->forward_,
                                       Automaton::Mode::kFirst);
  searcher->ChooseWay();
  return searcher;
}

void Searcher::ChooseWay() {
  first_ = FirstBytes(ast_);
  bool is_fixed = AreUseful(options_.literals);
  const bool are_useful = is_fixed;
  for (const ir::Literal& literal : options_.literals) {
    if (!are_useful) break;
    is_fixed = is_fixed && literal.offset >= 0;
    cursors_.push_back(
        {LiteralFinder(literal.bytes, literal.nocase), literal.offset});
  }
  if (is_fixed) {
    way_ = Way::kLiterals;
    without_backward_ = way_;
  } else if (cursors_.empty() && first_.Count() <= kFirstBytesMax) {
    way_ = Way::kFirstBytes;
  } else {
    way_ = Way::kBackward;
  }
}

Searcher::Outcome Searcher::Next(Found& found, Deadline deadline) {
  while (const auto place = NextPlace(deadline)) {
    at_ = *place + 1;
    const uint64_t cost = forward_cost_;
    const auto length = LengthAt(*place);
    if (IsLate(forward_cost_ - cost + 1, deadline)) return Outcome::kDeadline;
    if (way_ != Way::kBackward) ReconsiderWay();
    if (!length) continue;
    found = {*place, *length};
    return Outcome::kFound;
  }
  return late_ ? Outcome::kDeadline : Outcome::kEnd;
}

bool Searcher::IsLate(uint64_t cost, Deadline deadline) {
  // Where states do not repeat, each byte costs a walk through the program.
  since_clock_ += cost * (1 + forward_.code.size() / 64);
  if (since_clock_ >= kBlockBytes) {
    since_clock_ = 0;
    late_ = deadline.Passed();
  }
  return late_;
}

// Trying places one by one costs up to kMatchBytesMax bytes each. Where that
// happens too often, a pass that finds all real beginnings is cheaper.
void Searcher::ReconsiderWay() {
  if (backward_failed_) return;
  if (forward_cost_ / 4 < at_ - from_ + kForwardCredit) return;
  way_ = Way::kBackward;
  block_end_ = at_;
}

std::optional<uint64_t> Searcher::NextPlace(Deadline deadline) {
  if (way_ == Way::kBackward) {
    if (const auto place = NextByBlocks(deadline)) return place;
    if (!backward_failed_) return std::nullopt;
  }
  return way_ == Way::kLiterals ? NextByLiterals() : NextByFirstBytes(deadline);
}

std::optional<uint64_t> Searcher::NextByLiterals() {
  uint64_t best = UINT64_MAX;
  for (Cursor& cursor : cursors_) {
    const auto offset = static_cast<uint64_t>(cursor.offset);
    if (cursor.hit != UINT64_MAX &&
        (cursor.hit < offset || cursor.hit - offset < at_)) {
      const size_t hit = cursor.finder.Find(object_, at_ + offset);
      cursor.hit = hit == LiteralFinder::kNowhere ? UINT64_MAX : hit;
    }
    if (cursor.hit != UINT64_MAX) best = std::min(best, cursor.hit - offset);
  }
  if (best == UINT64_MAX) return std::nullopt;
  return best;
}

std::optional<uint64_t> Searcher::NextByFirstBytes(Deadline deadline) {
  while (at_ < object_.size()) {
    const uint64_t end = std::min<uint64_t>(object_.size(), at_ + kBlockBytes);
    if (first_.Count() == 1) {
      const void* hit =
          std::memchr(object_.data() + at_, first_.First(), end - at_);
      if (hit != nullptr) {
        return static_cast<uint64_t>(static_cast<const uint8_t*>(hit) -
                                     object_.data());
      }
    } else {
      for (uint64_t at = at_; at < end; ++at) {
        if (first_.Has(object_[at])) return at;
      }
    }
    const uint64_t passed = end - at_;
    at_ = end;
    if (IsLate(passed, deadline)) return std::nullopt;
  }
  return std::nullopt;
}

// The first literal at or after `from`.
uint64_t Searcher::NextLiteral(uint64_t from) {
  uint64_t best = UINT64_MAX;
  for (Cursor& cursor : cursors_) {
    if (cursor.hit < from || (cursor.hit == 0 && from == 0)) {
      const size_t hit = cursor.finder.Find(object_, from);
      cursor.hit = hit == LiteralFinder::kNowhere ? UINT64_MAX : hit;
    }
    best = std::min(best, cursor.hit);
  }
  return best;
}

std::optional<uint64_t> Searcher::NextByBlocks(Deadline deadline) {
  while (starts_.empty()) {
    uint64_t begin = block_end_;
    if (begin >= object_.size()) return std::nullopt;
    if (!cursors_.empty()) {
      const uint64_t literal = NextLiteral(begin);
      if (literal == UINT64_MAX) return std::nullopt;
      if (literal - begin > options_.length_max) {
        begin = literal - options_.length_max;
      }
    }
    // Not less than what is read beyond it.
    const uint64_t block = std::max<uint64_t>(
        kBlockBytes / (1 + forward_.code.size() / 64), options_.length_max);
    const uint64_t size = std::min(block, object_.size() - begin);
    FindStarts(begin, begin + size);
    block_end_ = begin + size;
    if (IsLate(size, deadline)) return std::nullopt;
    const uint64_t megabytes = 2 + ((block_end_ - from_) >> 20);
    if (backward_automaton_->flushes() > kFlushesPerMegabyte * megabytes) {
      backward_failed_ = true;
      starts_.clear();
      at_ = std::max(at_, begin);
      way_ = without_backward_;
      return std::nullopt;
    }
  }
  const uint64_t start = starts_.back();
  starts_.pop_back();
  return start;
}

// All beginnings in [begin, end).
void Searcher::FindStarts(uint64_t begin, uint64_t end) {
  if (!backward_automaton_) {
    // As large as the forward program: if that could be built, so can this.
    auto backward = Build(ast_, Direction::kBackward);
    CHECK(backward.ok());
    backward_ = std::move(backward).value();
    backward_automaton_.emplace(backward_, Automaton::Mode::kAny);
  }
  const uint64_t reach =
      std::min<uint64_t>(options_.length_max, object_.size() - end);
  const uint64_t high = end + reach;
  FindStartsFrom(high, begin, end);
  if (unit_ == 1) return;
  FindStartsFrom(high - 1, begin, end);
  std::sort(starts_.begin(), starts_.end(), std::greater<>());
}

void Searcher::FindStartsFrom(uint64_t high, uint64_t begin, uint64_t end) {
  Automaton& automaton = *backward_automaton_;
  Automaton::State state = automaton.Initial(SideAt(high));
  for (uint64_t at = high;; at -= unit_) {
    const Automaton::Step step = automaton.Next(state, SymbolBefore(at));
    if (step.matched && at < end) starts_.push_back(at);
    if (at - begin < unit_) return;
    state = step.state;
  }
}

std::optional<uint64_t> Searcher::LengthAt(uint64_t at) {
  Automaton& automaton = *forward_automaton_;
  Automaton::State state = automaton.Initial(SideBefore(at));
  std::optional<uint64_t> length;
  uint64_t read = 0;
  for (;;) {
    const Automaton::Step step = automaton.Next(state, SymbolAt(at + read));
    if (step.matched) length = read;
    if (step.matched && options_.shortest) break;
    if (step.state == Automaton::kDead) break;
    read += unit_;
    if (read > options_.length_max) break;
    state = step.state;
  }
  forward_cost_ += read;
  return length;
}

uint32_t Searcher::SymbolAt(uint64_t at) const {
  if (at >= object_.size()) return forward_automaton_->end_symbol();
  if (unit_ == 2 && (object_.size() - at < 2 || object_[at + 1] != 0)) {
    return forward_automaton_->bad_symbol();
  }
  return forward_.classes[object_[at]];
}

uint32_t Searcher::SymbolBefore(uint64_t at) const {
  if (at == 0) return backward_automaton_->end_symbol();
  if (unit_ == 1) return backward_.classes[object_[at - 1]];
  if (at < 2 || object_[at - 1] != 0) return backward_automaton_->bad_symbol();
  return backward_.classes[object_[at - 2]];
}

Automaton::Side Searcher::SideBefore(uint64_t at) const {
  if (at == 0) return Automaton::Side::kEdge;
  if (at < unit_ || (unit_ == 2 && object_[at - 1] != 0)) {
    return Automaton::Side::kOther;
  }
  return IsWordByte(object_[at - unit_]) ? Automaton::Side::kWord
                                         : Automaton::Side::kOther;
}

Automaton::Side Searcher::SideAt(uint64_t at) const {
  if (at >= object_.size()) return Automaton::Side::kEdge;
  if (unit_ == 2 && (object_.size() - at < 2 || object_[at + 1] != 0)) {
    return Automaton::Side::kOther;
  }
  return IsWordByte(object_[at]) ? Automaton::Side::kWord
                                 : Automaton::Side::kOther;
}

}  // namespace vitrine::engine::regex
