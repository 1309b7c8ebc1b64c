// SPDX-License-Identifier: Apache-2.0
#include "publisher/database/database_delta.h"

#include <cstring>

#include "publisher/database/pairing.h"

namespace vitrine::publisher {
namespace {

using engine::vdb::Database;
using engine::vdb::FilterRecord;
using engine::vdb::Header;
using engine::vdb::SectionId;
using engine::vdb::SectionRecord;

constexpr auto kSections = static_cast<uint32_t>(SectionId::kCount);

// A field of a record that refers to something; offsets in 32-bit words.
struct Field {
  SectionId section;
  uint32_t record_words;
  uint32_t word;
  Number number;
  int key_word = -1;
};

#define WORD(record, field) (offsetof(engine::vdb::record, field) / 4)
#define WORDS(record) (sizeof(engine::vdb::record) / 4)

constexpr Field kFields[] = {
    {SectionId::kFiles, 2, 0, Number::kString},
    {SectionId::kRules, WORDS(RuleRecord), WORD(RuleRecord, name),
     Number::kString},
    {SectionId::kRules, WORDS(RuleRecord), WORD(RuleRecord, code),
     Number::kCode},
    {SectionId::kRules, WORDS(RuleRecord), WORD(RuleRecord, patterns),
     Number::kRulePattern},
    {SectionId::kRules, WORDS(RuleRecord), WORD(RuleRecord, words),
     Number::kWord},
    {SectionId::kRules, WORDS(RuleRecord), WORD(RuleRecord, tags),
     Number::kTag},
    {SectionId::kRules, WORDS(RuleRecord), WORD(RuleRecord, metadata),
     Number::kMetadata},
    {SectionId::kRules, WORDS(RuleRecord), WORD(RuleRecord, file),
     Number::kFile},
    {SectionId::kRules, WORDS(RuleRecord), WORD(RuleRecord, line),
     Number::kLine, WORD(RuleRecord, file)},
    {SectionId::kRules, WORDS(RuleRecord), WORD(RuleRecord, name_space),
     Number::kNameSpace},
    {SectionId::kRulePatterns, WORDS(RulePattern), WORD(RulePattern, id),
     Number::kString},
    {SectionId::kRulePatterns, WORDS(RulePattern), WORD(RulePattern, pattern),
     Number::kPattern},
    {SectionId::kPatterns, WORDS(PatternRecord), WORD(PatternRecord, code),
     Number::kCode},
    {SectionId::kPatterns, WORDS(PatternRecord), WORD(PatternRecord, gate),
     Number::kGateRule},
    {SectionId::kGateRules, 1, 0, Number::kRule},
    {SectionId::kTags, 2, 0, Number::kString},
    {SectionId::kMetadata, WORDS(MetadataRecord), WORD(MetadataRecord, key),
     Number::kString},
    {SectionId::kMetadata, WORDS(MetadataRecord), WORD(MetadataRecord, text),
     Number::kString},
    {SectionId::kAlways, 1, 0, Number::kRule},
    {SectionId::kGlobals, 1, 0, Number::kRule},
    {SectionId::kAtoms, WORDS(AtomRecord), WORD(AtomRecord, literal),
     Number::kLiteral},
    {SectionId::kAtoms, WORDS(AtomRecord), WORD(AtomRecord, pattern),
     Number::kPattern},
    {SectionId::kHashEntries, WORDS(HashEntry), WORD(HashEntry, name),
     Number::kString},
    {SectionId::kHashEntries, WORDS(HashEntry), WORD(HashEntry, file),
     Number::kFile},
    {SectionId::kHashEntries, WORDS(HashEntry), WORD(HashEntry, line),
     Number::kLine, WORD(HashEntry, file)},
    {SectionId::kAuxiliaries, WORDS(AuxiliaryRecord),
     WORD(AuxiliaryRecord, name), Number::kString},
    {SectionId::kAuxiliaries, WORDS(AuxiliaryRecord),
     WORD(AuxiliaryRecord, code), Number::kCode},
    {SectionId::kAuxiliaries, WORDS(AuxiliaryRecord),
     WORD(AuxiliaryRecord, file), Number::kFile},
    {SectionId::kAuxiliaries, WORDS(AuxiliaryRecord),
     WORD(AuxiliaryRecord, line), Number::kLine, WORD(AuxiliaryRecord, file)},
};

#undef WORD
#undef WORDS

struct Range {
  uint64_t begin = 0;
  uint64_t end = 0;
};

// Of section `index` from 0, with the zeros up to the next.
Range RangeOf(const Database& database, uint32_t index) {
  const auto record = [&](uint32_t i) {
    SectionRecord out;
    std::memcpy(
        &out,
        database.image().data() + sizeof(Header) + i * sizeof(SectionRecord),
        sizeof out);
    return out;
  };
  return {record(index).offset,
          index + 1 < kSections ? record(index + 1).offset : database.size()};
}

class Planner {
 public:
  Planner(const Database& from, const Database& to) : from_(from), to_(to) {}

  update::Delta Run() {
    plan_.renumberings = PairNumbers(from_, to_);
    Add({0, RangeOf(from_, 0).begin}, RangeOf(to_, 0).begin, 0, {});
    for (uint32_t i = 0; i < kSections; ++i) {
      const auto id = static_cast<SectionId>(i + 1);
      if (id == SectionId::kFilterBuckets) {
        AddBuckets(RangeOf(from_, i), RangeOf(to_, i));
      } else if (id == SectionId::kFilterGrams) {
        AddGrams(RangeOf(from_, i), RangeOf(to_, i));
      } else {
        AddSection(id, RangeOf(from_, i), RangeOf(to_, i));
      }
    }
    return std::move(plan_);
  }

 private:
  void Add(Range from, uint64_t new_size, uint32_t record_words,
           std::vector<update::Column> columns) {
    plan_.parts.push_back({from.begin,
                           from.end - from.begin,
                           new_size,
                           record_words,
                           std::move(columns),
                           {}});
  }

  void AddSection(SectionId id, Range from, Range to) {
    uint32_t record_words = 0;
    std::vector<update::Column> columns;
    for (const Field& field : kFields) {
      if (field.section != id) continue;
      record_words = field.record_words;
      update::Column column = {field.word, static_cast<uint32_t>(field.number),
                               std::nullopt};
      if (field.key_word >= 0) {
        column.key_word = static_cast<uint32_t>(field.key_word);
      }
      columns.push_back(column);
    }
    Add(from, to.end - to.begin, record_words, std::move(columns));
  }

  // Where the parts of a section begin that belong to a filter's quads and to
  // its pairs, and where the last one ends.
  template <typename Begin>
  static std::vector<uint64_t> Starts(const Database& database, Range range,
                                      Begin begin) {
    std::vector<uint64_t> out;
    for (const FilterRecord& filter : database.filters()) {
      out.push_back(range.begin + begin(filter, false));
      out.push_back(range.begin + begin(filter, true));
    }
    out.push_back(range.end);
    return out;
  }

  template <typename Begin>
  void AddByFilter(Range from, Range to, uint32_t record_words, uint32_t word,
                   Number first, Begin begin) {
    const auto old_starts = Starts(from_, from, begin);
    const auto new_starts = Starts(to_, to, begin);
    for (uint32_t i = 0; i + 1 < new_starts.size(); ++i) {
      const update::Column column = {word, static_cast<uint32_t>(first) + i,
                                     std::nullopt};
      Add({old_starts[i], old_starts[i + 1]}, new_starts[i + 1] - new_starts[i],
          record_words, {column});
    }
  }

  void AddBuckets(Range from, Range to) {
    AddByFilter(
        from, to, 1, 0, Number::kBucket,
        [](const FilterRecord& filter, bool is_short) {
          return uint64_t{is_short ? filter.short_buckets : filter.buckets} * 4;
        });
  }

  void AddGrams(Range from, Range to) {
    using engine::vdb::GramRecord;
    AddByFilter(from, to, sizeof(GramRecord) / 4,
                offsetof(GramRecord, atom) / 4, Number::kGramAtom,
                [](const FilterRecord& filter, bool is_short) {
                  return uint64_t{is_short ? filter.short_grams.begin
                                           : filter.grams.begin} *
                         sizeof(GramRecord);
                });
  }

  const Database& from_;
  const Database& to_;
  update::Delta plan_;
};

}  // namespace

Result<ByteVector> MakeDatabaseDelta(const Database& from, const Database& to) {
  return update::MakeDelta(Planner(from, to).Run(), from.image(), to.image());
}

}  // namespace vitrine::publisher
