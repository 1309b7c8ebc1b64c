// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "base/code.h"
#include "engine/body/body.h"
#include "engine/clamav/clamav.h"
#include "engine/clamav/expression.h"
#include "engine/clamav/limits.h"
#include "engine/clamav/pcre.h"
#include "engine/clamav/rule_code.h"
#include "engine/clamav/subsignature.h"
#include "engine/clamav/target_block.h"
#include "formats/image/fuzzy_hash.h"

namespace vitrine::engine::clamav {
namespace {

// Compiled expressions of this thread. They depend on their text alone, so it
// does not matter which database they come from.
PcreCache& Regexes() {
  static thread_local PcreCache cache;
  return cache;
}

// Whether `chain` is how `containers` ends. CL_TYPE_ANY does not stand for one
// of them, as clamscan reads it, but asks for a chain that is one longer.
bool EndsWith(const std::vector<FileType>& containers,
              const std::vector<FileType>& chain) {
  if (chain.size() > containers.size()) return false;
  auto container = containers.rbegin();
  return std::all_of(chain.rbegin(), chain.rend(), [&](FileType wanted) {
    return wanted == FileType::kANY || wanted == *container++;
  });
}

// What can be told without looking at content.
bool FactsHold(const TargetBlock& block, Environment& environment) {
  Object& object = environment.object();
  if (block.file_size && !block.file_size->Contains(object.bytes().size())) {
    return false;
  }
  if (block.container) {
    // ANY stands for "in no container".
    const bool root = object.containers.empty();
    if (*block.container == FileType::kANY) {
      if (!root) return false;
    } else if (root || object.containers.back() != *block.container) {
      return false;
    }
  }
  if (!EndsWith(object.containers, block.intermediates)) return false;
  if (block.entry_point || block.sections) {
    const ExecutableLayout* const layout = object.Layout();
    if (layout == nullptr || layout->is_broken) return false;
    if (block.sections && !block.sections->Contains(layout->sections.size())) {
      return false;
    }
    if (block.entry_point &&
        (!layout->entry_point ||
         !block.entry_point->Contains(*layout->entry_point))) {
      return false;
    }
  }
  return true;
}

class LogicalRun final : private Counter {
 public:
  LogicalRun(CodeReader code, MatchSource& matches, Environment& environment)
      : code_(code), matches_(matches), environment_(environment) {}

  Result<bool> Run() {
    const TargetBlock block = TRY(ReadTargetBlock(code_));
    if (!FactsHold(block, environment_)) return false;
    const Expression expression = TRY(ReadExpression(code_));
    TRY(ReadTable());
    const bool holds = TRY(Holds(expression, *this));
    if (!holds) {
      if (given_up_) return *given_up_;
      return false;
    }
    // Icons cannot be compared yet: no such signature ever holds.
    if (!block.icon_group1.empty() || !block.icon_group2.empty()) return false;
    if (block.handler) environment_.Rescan(*block.handler);
    return true;
  }

 private:
  struct Entry {
    SubsignatureKind kind = SubsignatureKind::kUnused;
    Bytes code;
    std::optional<uint64_t> count;  // Once it is known.
    bool running = false;
  };

  Status ReadTable() {
    entries_count_ = code_.U8();
    if (entries_count_ > kSubsignaturesMax) {
      return Error{Code::kInvalid, "too many subsignatures in code"};
    }
    for (size_t i = 0; i < entries_count_; ++i) {
      const uint8_t kind = code_.U8();
      if (kind > static_cast<uint8_t>(SubsignatureKind::kMacro)) {
        return Error{Code::kInvalid, "unknown kind of subsignature in code"};
      }
      entries_[i].kind = static_cast<SubsignatureKind>(kind);
      entries_[i].code = code_.Counted();
    }
    if (!code_.ok()) return Error{Code::kInvalid, "rule code ends early"};
    return Ok();
  }

  static uint32_t PatternOf(const Entry& entry) {
    return static_cast<uint32_t>(CodeReader(entry.code).Varint());
  }

  Result<bool> Present(uint32_t id) override {
    if (id < entries_count_ && !entries_[id].count &&
        entries_[id].kind == SubsignatureKind::kPattern) {
      return matches_.Exists(PatternOf(entries_[id]));
    }
    const uint64_t count = TRY(Count(id));
    return count > 0;
  }

  bool IsKnown(uint32_t id) const override {
    if (id >= entries_count_) return false;
    const Entry& entry = entries_[id];
    return entry.count || (entry.kind == SubsignatureKind::kPattern &&
                           matches_.IsKnown(PatternOf(entry)));
  }

  Result<uint64_t> Count(uint32_t id) override {
    if (id >= entries_count_) {
      return Error{Code::kInvalid, "no such subsignature in code"};
    }
    Entry& entry = entries_[id];
    if (entry.count) return *entry.count;
    // Only hostile code can ask for itself.
    if (entry.running) return Error{Code::kInvalid, "rule code runs in rings"};
    entry.running = true;
    const uint64_t count = TRY(Find(entry));
    entry.running = false;
    entry.count = count;
    return count;
  }

  Result<uint64_t> Find(const Entry& entry) {
    CodeReader code(entry.code);
    switch (entry.kind) {
      case SubsignatureKind::kUnused:
        return uint64_t{0};
      case SubsignatureKind::kPattern: {
        const uint32_t pattern = PatternOf(entry);
        if (!matches_.Exists(pattern)) return uint64_t{0};
        return uint64_t{matches_.All(pattern).matches.size()};
      }
      case SubsignatureKind::kPcre: {
        const PcreSubsignature pcre = TRY(ReadPcre(code));
        const bool triggered = TRY(Holds(pcre.trigger, *this));
        if (!triggered) return uint64_t{0};
        return CountPcre(pcre);
      }
      case SubsignatureKind::kByteCompare: {
        const ByteCompare compare = TRY(ReadByteCompare(code));
        return uint64_t{ComparesAtLastMatch(compare) ? 1u : 0u};
      }
      case SubsignatureKind::kFuzzyImage:
        return uint64_t{environment_.ImageHash() == code.U64() ? 1u : 0u};
      case SubsignatureKind::kMacro: {
        const MacroCode macro = TRY(ReadMacro(code));
        return FindMacro(macro);
      }
    }
    return uint64_t{0};
  }

  // A member of the group so far behind a match of the anchor, and before the
  // next one: clamscan 1.4 only looks back when the anchor matches again.
  Result<uint64_t> FindMacro(const MacroCode& macro) {
    if (macro.anchor >= entries_count_ ||
        entries_[macro.anchor].kind != SubsignatureKind::kPattern) {
      return uint64_t{0};
    }
    const uint32_t anchor = PatternOf(entries_[macro.anchor]);
    if (macro.patterns == 0 || !matches_.Exists(anchor)) return uint64_t{0};
    const std::vector<Match>& anchors = matches_.All(anchor).matches;
    for (uint32_t i = 0; i < macro.patterns; ++i) {
      if (environment_.deadline().Passed()) {
        return Error{Code::kDeadline, "macro"};
      }
      if (!matches_.Exists(macro.first_pattern + i)) continue;
      const std::vector<Match>& members =
          matches_.All(macro.first_pattern + i).matches;
      for (size_t at = 0; at + 1 < anchors.size(); ++at) {
        const uint64_t first = anchors[at].offset + macro.min;
        const uint64_t last =
            std::min(anchors[at].offset + macro.max, anchors[at + 1].offset);
        const auto found = std::lower_bound(
            members.begin(), members.end(), first,
            [](const Match& m, uint64_t offset) { return m.offset < offset; });
        if (found != members.end() && found->offset <= last) return uint64_t{1};
      }
    }
    return uint64_t{0};
  }

  bool ComparesAtLastMatch(const ByteCompare& compare) {
    if (compare.trigger >= entries_count_) return false;
    const Entry& trigger = entries_[compare.trigger];
    if (trigger.kind != SubsignatureKind::kPattern) return false;
    const uint32_t pattern = PatternOf(trigger);
    if (!matches_.Exists(pattern)) return false;
    const MatchList& all = matches_.All(pattern);
    if (all.matches.empty()) return false;
    return Compares(compare, environment_.view(), all.matches.back().offset);
  }

  Result<uint64_t> CountPcre(const PcreSubsignature& pcre) {
    const ScanOptions& options = environment_.options();
    const Bytes view = environment_.view();
    if (options.pcre_max_filesize != 0 &&
        view.size() > options.pcre_max_filesize) {
      GiveUp("too large an object for regular expressions");
      return uint64_t{0};
    }
    Pcre* const compiled = TRY(Regexes().Get(pcre.expression, pcre.flags));
    const body::Window window = body::Resolve(
        pcre.offset, {.bytes = view, .layout = environment_.object().Layout()});
    if (window.none || window.first > view.size()) return uint64_t{0};
    return CountIn(pcre, *compiled, window, view);
  }

  // As clamscan does: the subject starts at the offset, so neither `^` nor a
  // look behind sees what is before it.
  Result<uint64_t> CountIn(const PcreSubsignature& pcre, Pcre& compiled,
                           const body::Window& window, Bytes view) {
    const ScanOptions& options = environment_.options();
    const PcreLimits limits{options.pcre_match_limit,
                            options.pcre_recmatch_limit};
    const uint64_t shift = window.last - window.first;
    const bool anywhere = pcre.offset.kind == body::OffsetKind::kAny;
    const bool anchored = !anywhere && shift == 0 && !pcre.rolling;
    const bool bounded = !anywhere && shift != 0;
    Bytes subject = view.subspan(window.first);
    if (bounded && pcre.encompass) subject = Clip(subject, 0, shift);
    uint64_t count = 0;
    size_t at = 0;
    while (count < kRegexMatchesMax && at <= subject.size()) {
      const auto found = compiled.Search(subject, at, anchored, limits);
      if (!found.ok()) {
        GiveUp(found.error().message);
        break;
      }
      const std::optional<Pcre::Span>& span = found.value();
      if (!span || (bounded && span->begin > shift)) break;
      ++count;
      if (!pcre.global) break;
      at = std::max(span->end, span->begin + 1);
      if (environment_.deadline().Passed()) {
        return Error{Code::kDeadline, "regular expression"};
      }
    }
    return count;
  }

  // Counts as no match; but should the rule not hold, it is not known not to.
  void GiveUp(std::string why) {
    if (!given_up_) given_up_ = Error{Code::kLimit, std::move(why)};
  }

  CodeReader code_;
  MatchSource& matches_;
  Environment& environment_;
  std::array<Entry, kSubsignaturesMax> entries_;
  size_t entries_count_ = 0;
  std::optional<Error> given_up_;
};

}  // namespace

std::optional<uint64_t> Environment::ImageHash() {
  const Result<uint64_t> hash = image::FuzzyHash(object().bytes());
  if (!hash.ok()) return std::nullopt;
  return hash.value();
}

Result<bool> Evaluate(Bytes code, MatchSource& matches,
                      Environment& environment) {
  CodeReader reader(code);
  const uint8_t form = reader.U8();
  if (!reader.ok()) return Error{Code::kInvalid, "empty rule code"};
  switch (static_cast<RuleForm>(form)) {
    case RuleForm::kOnePattern:
      return matches.Exists(0);
    case RuleForm::kLogical:
      return LogicalRun(reader, matches, environment).Run();
  }
  return Error{Code::kInvalid, "unknown form of rule code"};
}

}  // namespace vitrine::engine::clamav
