// SPDX-License-Identifier: Apache-2.0
#include "engine/regex/searcher.h"

#include <algorithm>
#include <cstring>

#include "engine/regex/limits.h"

namespace vitrine::engine::regex {
namespace {

// Bytes read in vain, beyond four times those passed, before trying each place
// is given up for the backward pass.
constexpr uint64_t kForwardCredit = 1 << 18;

// Times the backward automaton may forget its states, a megabyte. More means
// that it has too many for this object.
constexpr uint64_t kFlushesPerMegabyte = 4;

}  // namespace

Searcher::Searcher(Plan& plan, Bytes object, uint64_t from)
    : plan_(&plan),
      places_(&plan.places()),
      object_(object),
      from_(from),
      at_(from),
      way_(places_->way),
      literal_hits_(places_->literals.size()),
      flushes_before_(plan.flushes()),
      block_end_(from) {}

Searcher::Outcome Searcher::Next(Found& found, Deadline deadline) {
  while (const auto place = NextPlace(deadline)) {
    at_ = *place + 1;
    uint64_t read = 1;
    const auto length = plan_->LengthAt(object_, *place, read);
    cost_ += read;
    if (IsLate(read, deadline)) return Outcome::kDeadline;
    if (way_ != Way::kBackward) ReconsiderWay();
    if (!length) continue;
    found = {*place, *length};
    return Outcome::kFound;
  }
  return late_ ? Outcome::kDeadline : Outcome::kEnd;
}

bool Searcher::IsLate(uint64_t cost, Deadline deadline) {
  // Where states do not repeat, each byte costs a walk through the program.
  since_clock_ += cost * (1 + plan_->program_size() / 64);
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
  if (cost_ / 4 < at_ - from_ + kForwardCredit) return;
  way_ = Way::kBackward;
  block_end_ = at_;
}

std::optional<uint64_t> Searcher::NextPlace(Deadline deadline) {
  if (way_ == Way::kBackward) {
    if (const auto place = NextByBlocks(deadline)) return place;
    if (!backward_failed_) return std::nullopt;
  }
  switch (way_) {
    case Way::kAnchor:
      return NextByAnchor(deadline);
    case Way::kLiterals:
      return NextByLiterals();
    default:
      return NextByFirstBytes(deadline);
  }
}

std::optional<uint64_t> Searcher::NextByAnchor(Deadline deadline) {
  for (;;) {
    if (anchor_hit_ && *anchor_hit_ >= places_->anchor->before_min) {
      const uint64_t last = *anchor_hit_ - places_->anchor->before_min;
      const uint64_t reach =
          std::min(*anchor_hit_, places_->anchor->before_max);
      for (uint64_t place = std::max(at_, *anchor_hit_ - reach); place <= last;
           ++place) {
        if (places_->first.Has(object_[place])) return place;
      }
      at_ = std::max(at_, last + 1);
    }
    if (!FindAnchorHit(deadline)) return std::nullopt;
  }
}

bool Searcher::IsAnchor(uint64_t at) const {
  for (size_t i = 0; i < places_->anchor->sets.size(); ++i) {
    if (!places_->anchor->sets[i].Has(object_[at + i])) return false;
  }
  return true;
}

// False at the end or the deadline.
bool Searcher::FindAnchorHit(Deadline deadline) {
  uint64_t from = at_ + places_->anchor->before_min;
  if (anchor_hit_) from = std::max(from, *anchor_hit_ + 1);
  const size_t size = places_->anchor->sets.size();
  while (from < object_.size()) {
    const uint64_t end =
        std::min<uint64_t>(object_.size(), from + kBlockBytes + size);
    const size_t hit = places_->anchor_finder->Find(object_.first(end), from);
    const bool found = hit != ProbeFinder::kNowhere;
    const uint64_t next = found ? hit + 1 : end - std::min(end, size - 1);
    if (IsLate(next - std::min(from, next), deadline)) return false;
    if (found && IsAnchor(hit)) {
      anchor_hit_ = hit;
      return true;
    }
    if (!found && end == object_.size()) return false;
    from = next;
  }
  return false;
}

std::optional<uint64_t> Searcher::NextByLiterals() {
  uint64_t best = UINT64_MAX;
  for (size_t i = 0; i < literal_hits_.size(); ++i) {
    const Places::Literal& literal = places_->literals[i];
    uint64_t& hit = literal_hits_[i];
    const auto offset = static_cast<uint64_t>(literal.offset);
    if (hit != UINT64_MAX && (hit < offset || hit - offset < at_)) {
      hit = literal.finder.Find(object_, at_ + offset);
    }
    if (hit != UINT64_MAX) best = std::min(best, hit - offset);
  }
  if (best == UINT64_MAX) return std::nullopt;
  return best;
}

std::optional<uint64_t> Searcher::NextByFirstBytes(Deadline deadline) {
  while (at_ < object_.size()) {
    const uint64_t end = std::min<uint64_t>(object_.size(), at_ + kBlockBytes);
    if (places_->first.Count() == 1) {
      const void* hit =
          std::memchr(object_.data() + at_, places_->first.First(), end - at_);
      if (hit != nullptr) {
        return static_cast<uint64_t>(static_cast<const uint8_t*>(hit) -
                                     object_.data());
      }
    } else {
      for (uint64_t at = at_; at < end; ++at) {
        if (places_->first.Has(object_[at])) return at;
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
  for (size_t i = 0; i < literal_hits_.size(); ++i) {
    uint64_t& hit = literal_hits_[i];
    if (hit < from || (hit == 0 && from == 0)) {
      hit = places_->literals[i].finder.Find(object_, from);
    }
    best = std::min(best, hit);
  }
  return best;
}

std::optional<uint64_t> Searcher::NextByBlocks(Deadline deadline) {
  while (starts_.empty()) {
    uint64_t begin = block_end_;
    if (begin >= object_.size()) return std::nullopt;
    if (!literal_hits_.empty()) {
      const uint64_t literal = NextLiteral(begin);
      if (literal == UINT64_MAX) return std::nullopt;
      if (literal - begin > plan_->options().length_max) {
        begin = literal - plan_->options().length_max;
      }
    }
    // Not less than what is read beyond it.
    const uint64_t block =
        std::max<uint64_t>(kBlockBytes / (1 + plan_->program_size() / 64),
                           plan_->options().length_max);
    const uint64_t size = std::min(block, object_.size() - begin);
    plan_->FindStarts(object_, begin, begin + size, starts_);
    block_end_ = begin + size;
    if (IsLate(size, deadline)) return std::nullopt;
    const uint64_t megabytes = 2 + ((block_end_ - from_) >> 20);
    if (plan_->flushes() - flushes_before_ > kFlushesPerMegabyte * megabytes) {
      backward_failed_ = true;
      starts_.clear();
      at_ = std::max(at_, begin);
      way_ = places_->without_backward;
      return std::nullopt;
    }
  }
  const uint64_t start = starts_.back();
  starts_.pop_back();
  return start;
}

}  // namespace vitrine::engine::regex
