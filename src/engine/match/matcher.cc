// SPDX-License-Identifier: Apache-2.0
#include "engine/match/matcher.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "engine/body/body.h"
#include "engine/match/gram.h"
#include "engine/match/limits.h"

namespace vitrine::engine::match {
namespace {

constexpr uint32_t kDigestStep = crypto::kMd5BlockSize;
constexpr uint32_t kEpochMax = UINT32_MAX >> 3;

bool EqualFolded(const uint8_t* a, const uint8_t* b, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    if (ToLower(a[i]) != ToLower(b[i])) return false;
  }
  return true;
}

class FirstSink final : public MatchSink {
 public:
  bool found = false;
  bool Add(const Match&) override {
    found = true;
    return false;
  }
};

class ListSink final : public MatchSink {
 public:
  explicit ListSink(MatchList& list) : list_(list) {}
  bool Add(const Match& match) override {
    if (list_.matches.size() >= kMatchesMax) {
      list_.cut = true;
      return false;
    }
    list_.matches.push_back(match);
    return true;
  }

 private:
  MatchList& list_;
};

}  // namespace

Matcher::Matcher(const vdb::Database& database, const Kernel& kernel)
    : database_(database),
      kernel_(kernel),
      pattern_states_(database.patterns().size()),
      rule_epochs_(database.rules().size()),
      positions_(kBlockSize + kPositionsSlack) {
  for (const vdb::FilterRecord& filter : database.filters()) {
    pairs_.push_back(
        filter.short_bits_log2 == 0
            ? PairSet()
            : MakePairSet(database.filter_bits().data() + filter.short_bits));
  }
}

Status Matcher::Sweep(const View& view, Deadline deadline,
                      crypto::Md5Digest* md5) {
  view_ = view;
  deadline_ = deadline;
  status_ = Ok();
  touched_.clear();
  lists_.clear();
  places_.clear();
  if (++epoch_ > kEpochMax) {
    epoch_ = 1;
    std::fill(pattern_states_.begin(), pattern_states_.end(), 0u);
    std::fill(rule_epochs_.begin(), rule_epochs_.end(), 0u);
  }
  TRY(SweepBlocks(database_.filters()[static_cast<size_t>(view.filter_class)],
                  md5));
  std::sort(touched_.begin(), touched_.end());
  return Ok();
}

Status Matcher::SweepBlocks(const vdb::FilterRecord& filter,
                            crypto::Md5Digest* md5) {
  const QuadBitmap quads = {database_.filter_bits().data() + filter.bits,
                            filter.bits_log2};
  const PairSet& pairs = pairs_[static_cast<size_t>(view_.filter_class)];
  const uint64_t size = view_.bytes.size();
  crypto::Md5State md5_state = crypto::kMd5Start;
  uint64_t digested = 0;  // Bytes that `md5_state` has seen.
  uint32_t blocks = 0;
  for (uint64_t base = 0; base < size; base += kBlockSize) {
    if (++blocks % kBlocksPerClock == 0 && deadline_.Passed()) {
      return Error{Code::kDeadline, "out of time"};
    }
    const uint8_t* const data = view_.bytes.data() + base;
    const uint64_t left = size - base;
    if (filter.bits_log2 != 0 && left >= 4) {
      const auto to =
          static_cast<uint32_t>(std::min<uint64_t>(kBlockSize, left - 3));
      uint32_t from = 0;
      size_t count = 0;
      if (md5 != nullptr && digested == base) {
        from = to - to % kDigestStep;
        count =
            kernel_.md5_quads(data, from, quads, positions_.data(), md5_state);
        digested += from;
      }
      count += kernel_.quads(data, from, to, quads, positions_.data() + count);
      ResolveQuads(std::span(positions_).first(count), filter, base);
    }
    if (filter.short_bits_log2 != 0 && left >= 2) {
      const auto to =
          static_cast<uint32_t>(std::min<uint64_t>(kBlockSize, left - 1));
      const size_t count = kernel_.pairs(data, 0, to, pairs, positions_.data());
      ResolvePairs(std::span(positions_).first(count), filter, base);
    }
  }
  if (md5 != nullptr) {
    *md5 = crypto::Md5Finish(md5_state, view_.bytes.subspan(digested), size);
  }
  return Ok();
}

// The tables do not fit the first-level cache, so the processor is told of the
// lines that the next positions need before it works off any of them.
void Matcher::ResolveQuads(std::span<const uint32_t> positions,
                           const vdb::FilterRecord& filter, uint64_t base) {
  struct Hit {
    uint32_t gram;
    uint32_t bucket;
  };
  std::array<Hit, kPrefetched> hits;
  const uint32_t* const triples =
      database_.filter_bits().data() + filter.triple_bits;
  const uint32_t* const buckets = database_.buckets().data() + filter.buckets;
  const vdb::GramRecord* const grams =
      database_.grams().data() + filter.grams.begin;
  while (!positions.empty()) {
    const auto now =
        positions.first(std::min<size_t>(positions.size(), kPrefetched));
    positions = positions.subspan(now.size());
    for (size_t i = 0; i < now.size(); ++i) {
      const uint32_t gram = FoldedQuad(view_.bytes.data() + base + now[i]);
      hits[i] = {gram, HashGram(gram, filter.buckets_log2)};
      __builtin_prefetch(buckets + hits[i].bucket);
    }
    for (size_t i = 0; i < now.size(); ++i) {
      __builtin_prefetch(grams + buckets[hits[i].bucket]);
    }
    for (size_t i = 0; i < now.size(); ++i) {
      const uint64_t gram_at = base + now[i];
      const auto resolve = [&](uint32_t gram, uint32_t bucket) {
        const uint32_t end = buckets[bucket + 1];
        for (uint32_t at = buckets[bucket]; at < end; ++at) {
          if (grams[at].gram == gram) ResolveQuad(grams[at], filter, gram_at);
        }
      };
      const uint32_t gram = hits[i].gram;
      resolve(gram, hits[i].bucket);
      const uint32_t triple = IndexOfTriple(gram);
      if ((triples[triple / 32] & BitInWord(triple)) != 0) {
        const uint32_t any_first = AnyFirst(gram);
        resolve(any_first, HashGram(any_first, filter.buckets_log2));
      }
    }
  }
}

void Matcher::ResolveQuad(const vdb::GramRecord& gram,
                          const vdb::FilterRecord& filter, uint64_t gram_at) {
  const int8_t distance = CheckDistance(gram.check);
  // Below zero it wraps to a number beyond the end.
  const uint64_t quad = gram_at + static_cast<uint64_t>(int64_t{distance});
  const Bytes bytes = view_.bytes;
  if (quad > bytes.size() || bytes.size() - quad < 4) return;
  if (CheckOf(bytes.data() + quad, distance) != gram.check) return;
  CandidateOf(gram, filter, gram_at);
}

void Matcher::CandidateOf(const vdb::GramRecord& gram,
                          const vdb::FilterRecord& filter, uint64_t gram_at) {
  const int window = vdb::WindowOf(gram);
  if (window > 0 && gram_at < static_cast<uint64_t>(window)) return;
  Candidate(database_.atoms()[filter.atoms.begin + vdb::AtomOf(gram)],
            gram_at - static_cast<uint64_t>(int64_t{window}));
}

void Matcher::ResolvePairs(std::span<const uint32_t> positions,
                           const vdb::FilterRecord& filter, uint64_t base) {
  const uint32_t* const buckets =
      database_.buckets().data() + filter.short_buckets;
  const vdb::GramRecord* const grams =
      database_.grams().data() + filter.short_grams.begin;
  for (const uint32_t position : positions) {
    const uint64_t at = base + position;
    const uint32_t pair = FoldedGram(view_.bytes.data() + at, 2);
    for (uint32_t i = buckets[pair]; i < buckets[pair + 1]; ++i) {
      CandidateOf(grams[i], filter, at);
    }
  }
}

bool Matcher::LiteralAt(const vdb::AtomRecord& atom, uint64_t at) const {
  if (at > view_.bytes.size() || atom.size > view_.bytes.size() - at) {
    return false;
  }
  const uint8_t* const literal = database_.literals().data() + atom.literal;
  const uint8_t* const data = view_.bytes.data() + at;
  return (atom.flags & 1) != 0 ? EqualFolded(data, literal, atom.size)
                               : std::memcmp(data, literal, atom.size) == 0;
}

void Matcher::Candidate(const vdb::AtomRecord& atom, uint64_t at) {
  const State known = StateOf(atom.pattern);
  if (known != State::kUnknown && known != State::kPlaces) return;
  if (!LiteralAt(atom, at)) return;

  const vdb::PatternRecord& pattern = database_.patterns()[atom.pattern];
  const Bytes code = database_.Code(pattern.code);
  const auto kind = static_cast<ir::PatternKind>(pattern.kind);
  // The two Candidate enums are the same three answers.
  const auto note = [&](auto answer) {
    using Answer = decltype(answer);
    if (answer == Answer::kYes) Note(atom.pattern, State::kPresent);
    if (answer == Answer::kMaybe) Note(atom.pattern, State::kSearch);
  };
  if (kind == ir::PatternKind::kBody) {
    note(body::Check(code, {view_.bytes, Layout()}, at, atom.offset));
  } else {
    const auto answer =
        strings::Check(kind, code, view_.bytes, at, atom.offset);
    if (kind == ir::PatternKind::kRegex &&
        answer == strings::Candidate::kMaybe) {
      return NoteExpression(atom, at);
    }
    note(answer);
  }
}

// An expression may begin where its literal says. To search the whole view for
// a candidate that is none is what costs most, so the places are kept for the
// rule to ask about; common candidates only as far as kPlacesMax.
void Matcher::NoteExpression(const vdb::AtomRecord& atom, uint64_t at) {
  if (atom.offset == ir::kVaries) return Note(atom.pattern, State::kSearch);
  const auto offset = static_cast<uint64_t>(atom.offset);
  if (at < offset) return;
  auto prefix = prefixes_.find(atom.pattern);
  if (prefix == prefixes_.end()) {
    const Bytes code = database_.Code(database_.patterns()[atom.pattern].code);
    prefix =
        prefixes_.emplace(atom.pattern, strings::StartPrefix::Of(code)).first;
  }
  if (!prefix->second.MayBeginAt(view_.bytes, at - offset)) return;
  std::vector<uint64_t>& places = places_[atom.pattern];
  if (places.size() >= kPlacesMax) return Note(atom.pattern, State::kSearch);
  places.push_back(at - offset);
  Note(atom.pattern, State::kPlaces);
}

// Calls `use` with the pattern made ready, and returns its answer; or why it
// can't be made ready.
template <typename Use>
auto Matcher::WithExpression(uint32_t pattern, Use use) {
  using Answer = decltype(use(std::declval<strings::Expression&>()));
  auto kept = expressions_.find(pattern);
  if (kept == expressions_.end()) {
    auto made = strings::Expression::Create(
        database_.Code(database_.patterns()[pattern].code));
    if (!made.ok()) return Answer(made.error());
    kept = expressions_.emplace(pattern, Kept{std::move(made).value()}).first;
  }
  auto answer = use(kept->second.expression);
  expression_bytes_ -= kept->second.bytes;
  kept->second.bytes = kept->second.expression.memory_bytes();
  expression_bytes_ += kept->second.bytes;
  if (expression_bytes_ > kExpressionBytesMax) {
    expressions_.clear();
    expression_bytes_ = 0;
  }
  return answer;
}

// What the places noted say of a pattern of state kPlaces.
Matcher::State Matcher::StateByPlaces(uint32_t pattern) {
  using strings::Candidate;
  const std::vector<uint64_t>& places = places_[pattern];
  const auto answer = WithExpression(
      pattern, [&](strings::Expression& expression) -> Result<Candidate> {
        for (const uint64_t place : places) {
          const Candidate candidate = expression.BeginsAt(view_.bytes, place);
          if (candidate != Candidate::kNo) return candidate;
        }
        return Candidate::kNo;
      });
  // The search will say what is wrong.
  if (!answer.ok() || answer.value() == Candidate::kMaybe) {
    return State::kSearch;
  }
  return answer.value() == Candidate::kYes ? State::kPresent : State::kAbsent;
}

Matcher::State Matcher::StateOf(uint32_t pattern) const {
  const uint32_t state = pattern_states_[pattern];
  return state >> 3 == epoch_ ? static_cast<State>(state & 7) : State::kUnknown;
}

void Matcher::Note(uint32_t pattern, State state) {
  pattern_states_[pattern] = epoch_ << 3 | static_cast<uint32_t>(state);
  if (state == State::kAbsent) return;
  for (const uint32_t rule : database_.GateOf(database_.patterns()[pattern])) {
    if (rule_epochs_[rule] == epoch_) continue;
    if ((database_.rules()[rule].targets & view_.targets) == 0) continue;
    rule_epochs_[rule] = epoch_;
    touched_.push_back(rule);
  }
}

const ExecutableLayout* Matcher::Layout() {
  return view_.object != nullptr ? view_.object->Layout() : nullptr;
}

Status Matcher::Search(uint32_t pattern, MatchSink& sink) {
  const vdb::PatternRecord& record = database_.patterns()[pattern];
  const Bytes code = database_.Code(record.code);
  const auto kind = static_cast<ir::PatternKind>(record.kind);
  if (kind == ir::PatternKind::kBody) {
    return body::FindAll(code, {view_.bytes, Layout()}, 0, sink, deadline_);
  }
  if (kind == ir::PatternKind::kRegex) {
    return WithExpression(
        pattern, [&](strings::Expression& expression) -> Status {
          return expression.FindAll(view_.bytes, 0, sink, deadline_);
        });
  }
  return strings::FindAll(kind, code, view_.bytes, 0, sink, deadline_);
}

std::optional<bool> Matcher::Known(uint32_t pattern) const {
  switch (StateOf(pattern)) {
    case State::kPresent:
      return true;
    case State::kAbsent:
      return false;
    case State::kUnknown: {
      const uint32_t bit = static_cast<uint32_t>(view_.filter_class);
      // The sweep would have seen an atom of it.
      if ((database_.patterns()[pattern].classes >> bit & 1) != 0) return false;
      return std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

bool Matcher::Exists(uint32_t pattern) {
  if (const auto known = Known(pattern)) return *known;
  if (StateOf(pattern) == State::kPlaces) {
    const State state = StateByPlaces(pattern);
    pattern_states_[pattern] = epoch_ << 3 | static_cast<uint32_t>(state);
    if (state != State::kSearch) return state == State::kPresent;
  }
  FirstSink sink;
  const Status status = Search(pattern, sink);
  if (!status.ok() && status_.ok()) status_ = status;
  const State state = sink.found ? State::kPresent : State::kAbsent;
  pattern_states_[pattern] = epoch_ << 3 | static_cast<uint32_t>(state);
  return sink.found;
}

bool Matcher::IsKnown(uint32_t pattern) const {
  if (Known(pattern)) return true;
  const vdb::PatternRecord& record = database_.patterns()[pattern];
  return static_cast<ir::PatternKind>(record.kind) == ir::PatternKind::kBody &&
         body::IsAtOnePlace(database_.Code(record.code));
}

std::optional<bool> Matcher::BeginsAt(uint32_t pattern, uint64_t offset) {
  using strings::Candidate;
  if (Known(pattern) == false) return false;
  const vdb::PatternRecord& record = database_.patterns()[pattern];
  const auto kind = static_cast<ir::PatternKind>(record.kind);
  Candidate begins = Candidate::kMaybe;
  if (kind == ir::PatternKind::kText) {
    begins = strings::Check(kind, database_.Code(record.code), view_.bytes,
                            offset, 0);
  } else if (kind == ir::PatternKind::kRegex) {
    const auto answer = WithExpression(
        pattern, [&](strings::Expression& expression) -> Result<Candidate> {
          return expression.BeginsAt(view_.bytes, offset);
        });
    if (answer.ok()) begins = answer.value();
  }
  if (begins == Candidate::kMaybe) return std::nullopt;
  return begins == Candidate::kYes;
}

const MatchList& Matcher::All(uint32_t pattern) {
  static const MatchList kNone;
  const auto found = lists_.find(pattern);
  if (found != lists_.end()) return *found->second;
  if (StateOf(pattern) == State::kAbsent) return kNone;
  if (StateOf(pattern) != State::kPresent && !Exists(pattern)) return kNone;
  auto list = std::make_unique<MatchList>();
  ListSink sink(*list);
  const Status status = Search(pattern, sink);
  if (!status.ok() && status_.ok()) status_ = status;
  return *lists_.emplace(pattern, std::move(list)).first->second;
}

bool RuleMatches::Exists(uint32_t pattern) {
  return pattern < patterns_.size() &&
         matcher_.Exists(patterns_[pattern].pattern);
}

bool RuleMatches::IsKnown(uint32_t pattern) const {
  return pattern < patterns_.size() &&
         matcher_.IsKnown(patterns_[pattern].pattern);
}

bool RuleMatches::BeginsAt(uint32_t pattern, uint64_t offset) {
  if (pattern >= patterns_.size()) return false;
  const auto begins = matcher_.BeginsAt(patterns_[pattern].pattern, offset);
  return begins ? *begins : MatchSource::BeginsAt(pattern, offset);
}

const MatchList& RuleMatches::All(uint32_t pattern) {
  static const MatchList kNone;
  if (pattern >= patterns_.size()) return kNone;
  return matcher_.All(patterns_[pattern].pattern);
}

}  // namespace vitrine::engine::match
