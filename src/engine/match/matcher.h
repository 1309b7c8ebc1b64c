// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/deadline.h"
#include "engine/ir/match.h"
#include "engine/match/kernel.h"
#include "engine/object/object.h"
#include "engine/strings/start_prefix.h"
#include "engine/strings/strings.h"
#include "engine/vdb/database.h"

namespace vitrine::engine::match {

// What is swept at a time: an object's raw bytes or a normalised form of them.
struct View {
  Bytes bytes;
  vdb::FilterClass filter_class = vdb::FilterClass::kRaw;
  ir::TargetMask targets = ir::kTargetAny;  // Rules that look at it.
  Object* object = nullptr;  // For the layout; null: no executable.
};

// Finds out, for one view at a time, which rules are worth evaluating, and then
// answers their questions about patterns.
//
// The sweep looks only for the atoms that gate a rule (and, where they cost
// nothing, some more): one pass over the bytes. Whatever else an evaluator
// wants to know is searched for when it asks, and remembered.
//
// Thread-compatible: one a thread. Memory: a few bytes a pattern and rule of
// the database, plus the matches asked for and kExpressionBytesMax.
class Matcher {
 public:
  explicit Matcher(const vdb::Database& database,
                   const Kernel& kernel = BestKernel());

  // Forgets the last view and sweeps `view`, which must stay valid until the
  // next call. kDeadline: the view was not looked at in full.
  // Where `md5` is not null, it becomes the MD5 of the view's bytes, at little
  // cost; not on failure.
  Status Sweep(const View& view, Deadline deadline,
               crypto::Md5Digest* md5 = nullptr);

  // Rules of the view whose gate opened, by rising number.
  std::span<const uint32_t> touched() const { return touched_; }
  bool IsTouched(uint32_t rule) const { return rule_epochs_[rule] == epoch_; }

  // Of patterns, by their number in the database.
  bool Exists(uint32_t pattern);
  // nullopt: only All() can tell.
  std::optional<bool> BeginsAt(uint32_t pattern, uint64_t offset);
  const MatchList& All(uint32_t pattern);
  // Whether Exists() knows without a search of the view.
  bool IsKnown(uint32_t pattern) const;

  // The first failure of a search in this view; ok() if there was none. A view
  // with a failure was not looked at in full.
  const Status& status() const { return status_; }

 private:
  enum class State : uint8_t {
    kUnknown,  // No atom of it was seen.
    kPresent,
    kPlaces,  // May begin at places_, and nowhere else.
    kSearch,  // May be anywhere.
    kAbsent,
  };

  Status SweepBlocks(const vdb::FilterRecord& filter, crypto::Md5Digest* md5);
  void ResolveQuads(std::span<const uint32_t> positions,
                    const vdb::FilterRecord& filter, uint64_t base);
  void ResolveQuad(const vdb::GramRecord& gram, const vdb::FilterRecord& filter,
                   uint64_t gram_at);
  void ResolvePairs(std::span<const uint32_t> positions,
                    const vdb::FilterRecord& filter, uint64_t base);
  // The atom that `gram` was seen of; `at`: where its literal begins.
  void CandidateOf(const vdb::GramRecord& gram, const vdb::FilterRecord& filter,
                   uint64_t gram_at);
  void Candidate(const vdb::AtomRecord& atom, uint64_t at);
  void NoteExpression(const vdb::AtomRecord& atom, uint64_t at);
  State StateByPlaces(uint32_t pattern);
  template <typename Use>
  auto WithExpression(uint32_t pattern, Use use);
  bool LiteralAt(const vdb::AtomRecord& atom, uint64_t at) const;
  void Note(uint32_t pattern, State state);
  State StateOf(uint32_t pattern) const;
  // What the sweep or a search has said; nullopt: nothing yet.
  std::optional<bool> Known(uint32_t pattern) const;
  Status Search(uint32_t pattern, MatchSink& sink);
  const ExecutableLayout* Layout();

  const vdb::Database& database_;
  const Kernel& kernel_;
  View view_;
  Deadline deadline_;
  Status status_ = Ok();

  // A pattern's state is valid if its epoch is the view's; so a new view
  // costs nothing, however many patterns there are.
  uint32_t epoch_ = 0;
  std::vector<uint32_t> pattern_states_;  // epoch << 3 | State
  std::vector<uint32_t> rule_epochs_;
  std::vector<uint32_t> touched_;
  std::vector<uint32_t> positions_;
  std::vector<PairSet> pairs_;  // By filter class.
  std::unordered_map<uint32_t, std::unique_ptr<MatchList>> lists_;
  // Kept over views: they depend on the database alone.
  std::unordered_map<uint32_t, strings::StartPrefix> prefixes_;
  struct Kept {
    strings::Expression expression;
    size_t bytes = 0;  // When it was last used.
  };
  std::unordered_map<uint32_t, Kept> expressions_;
  size_t expression_bytes_ = 0;
  // Where expressions of state kPlaces may begin: tried when their rule asks,
  // so that the view need not be searched.
  std::unordered_map<uint32_t, std::vector<uint64_t>> places_;
};

// One rule's own numbering of patterns over a Matcher.
class RuleMatches final : public MatchSource {
 public:
  RuleMatches(Matcher& matcher, std::span<const vdb::RulePattern> patterns)
      : matcher_(matcher), patterns_(patterns) {}

  bool Exists(uint32_t pattern) override;
  bool BeginsAt(uint32_t pattern, uint64_t offset) override;
  const MatchList& All(uint32_t pattern) override;
  bool IsKnown(uint32_t pattern) const override;

 private:
  Matcher& matcher_;
  std::span<const vdb::RulePattern> patterns_;
};

}  // namespace vitrine::engine::match
