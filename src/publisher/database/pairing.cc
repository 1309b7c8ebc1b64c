// SPDX-License-Identifier: Apache-2.0
#include "publisher/database/pairing.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "base/bytes.h"

namespace vitrine::publisher {
namespace {

using engine::vdb::AtomRecord;
using engine::vdb::CodeRef;
using engine::vdb::Database;
using engine::vdb::FilterRecord;
using engine::vdb::GramRecord;
using engine::vdb::HashEntry;
using engine::vdb::HashTableRecord;
using engine::vdb::PatternRecord;
using engine::vdb::RuleRecord;
using engine::vdb::Slice;
using engine::vdb::StringRef;

void Append(uint32_t number, std::string& out) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

class Pairing {
 public:
  Pairing(const Database& from, const Database& to) : from_(from), to_(to) {}

  std::vector<update::Renumbering> Run() {
    PairStrings();
    PairCode();
    PairFiles();
    PairPatterns();
    PairRules();
    PairAuxiliaries();
    PairHashes();
    for (uint32_t i = 0; i < engine::vdb::kFilterClasses; ++i) {
      const FilterRecord& old_filter = from_.filters()[i];
      const FilterRecord& new_filter = to_.filters()[i];
      const NewAtoms atoms = PairAtoms(old_filter.atoms, new_filter.atoms);
      PairGrams(old_filter.grams, new_filter.grams, atoms, 2 * i);
      PairGrams(old_filter.short_grams, new_filter.short_grams, atoms,
                2 * i + 1);
    }
    std::vector<update::Renumbering> out;
    for (Pairs& pairs : pairs_) out.push_back(pairs.Finish());
    return out;
  }

 private:
  Pairs& Of(Number number) { return pairs_[static_cast<size_t>(number)]; }

  // Calls `visit` with every string of `database`.
  template <typename Visit>
  static void EachString(const Database& database, Visit visit) {
    for (const StringRef ref : database.files()) visit(ref);
    for (const RuleRecord& rule : database.rules()) {
      visit(rule.name);
      for (const auto& pattern : database.PatternsOf(rule)) visit(pattern.id);
      for (const StringRef tag : database.TagsOf(rule)) visit(tag);
      for (const auto& metadata : database.MetadataOf(rule)) {
        visit(metadata.key);
        visit(metadata.text);
      }
    }
    for (const HashTableRecord& table : database.hash_tables()) {
      for (const HashEntry& entry : database.EntriesOf(table)) {
        visit(entry.name);
      }
    }
    for (const auto& auxiliary : database.auxiliaries()) visit(auxiliary.name);
  }

  template <typename Visit>
  static void EachCode(const Database& database, Visit visit) {
    for (const RuleRecord& rule : database.rules()) visit(rule.code);
    for (const PatternRecord& pattern : database.patterns()) {
      visit(pattern.code);
    }
    for (const auto& auxiliary : database.auxiliaries()) visit(auxiliary.code);
  }

  void PairStrings() {
    std::unordered_map<std::string_view, uint32_t> offsets;
    EachString(to_, [&](StringRef ref) {
      offsets.try_emplace(to_.Text(ref), ref.offset);
    });
    EachString(from_, [&](StringRef ref) {
      const auto found = offsets.find(from_.Text(ref));
      if (found != offsets.end()) {
        Of(Number::kString).Add(ref.offset, found->second);
      }
    });
  }

  void PairCode() {
    std::unordered_map<std::string_view, uint32_t> offsets;
    EachCode(to_, [&](CodeRef ref) {
      offsets.try_emplace(AsText(to_.Code(ref)), ref.offset);
    });
    EachCode(from_, [&](CodeRef ref) {
      const auto found = offsets.find(AsText(from_.Code(ref)));
      if (found != offsets.end()) {
        Of(Number::kCode).Add(ref.offset, found->second);
      }
    });
  }

  void PairFiles() {
    std::unordered_map<std::string_view, uint32_t> numbers;
    for (uint32_t i = 0; i < to_.files().size(); ++i) {
      numbers.try_emplace(to_.Text(to_.files()[i]), i);
    }
    for (uint32_t i = 0; i < from_.files().size(); ++i) {
      const auto found = numbers.find(from_.Text(from_.files()[i]));
      if (found == numbers.end()) continue;
      Of(Number::kFile).Add(i, found->second);
      new_files_.emplace(i, found->second);
    }
  }

  void PairPatterns() {
    std::unordered_map<std::string_view, uint32_t> numbers;
    for (uint32_t i = 0; i < to_.patterns().size(); ++i) {
      numbers.try_emplace(AsText(to_.Code(to_.patterns()[i].code)), i);
    }
    for (uint32_t i = 0; i < from_.patterns().size(); ++i) {
      const PatternRecord& pattern = from_.patterns()[i];
      const auto found = numbers.find(AsText(from_.Code(pattern.code)));
      if (found == numbers.end()) continue;
      Of(Number::kPattern).Add(i, found->second);
      new_patterns_.emplace(i, found->second);
      Of(Number::kGateRule)
          .Add(pattern.gate.begin, to_.patterns()[found->second].gate.begin);
    }
  }

  // Rules of one name in one file are paired in their order.
  void PairRules() {
    using Key = std::pair<std::string_view, std::string_view>;
    std::map<Key, std::vector<uint32_t>> rules;
    for (uint32_t i = 0; i < to_.rules().size(); ++i) {
      const RuleRecord& rule = to_.rules()[i];
      rules[{to_.Text(to_.files()[rule.file]), to_.Text(rule.name)}].push_back(
          i);
    }
    std::map<Key, size_t> used;
    for (uint32_t i = 0; i < from_.rules().size(); ++i) {
      const RuleRecord& rule = from_.rules()[i];
      const Key key = {from_.Text(from_.files()[rule.file]),
                       from_.Text(rule.name)};
      const auto found = rules.find(key);
      const size_t occurrence = used[key]++;
      if (found == rules.end() || occurrence >= found->second.size()) continue;
      const uint32_t number = found->second[occurrence];
      Of(Number::kRule).Add(i, number);
      PairRule(rule, to_.rules()[number]);
    }
  }

  void PairRule(const RuleRecord& a, const RuleRecord& b) {
    Of(Number::kRulePattern).Add(a.patterns.begin, b.patterns.begin);
    Of(Number::kWord).Add(a.words.begin, b.words.begin);
    Of(Number::kTag).Add(a.tags.begin, b.tags.begin);
    Of(Number::kMetadata).Add(a.metadata.begin, b.metadata.begin);
    Of(Number::kNameSpace).Add(a.name_space, b.name_space);
    PairLines(a.file, a.line, b.line);
  }

  void PairLines(uint32_t old_file, uint32_t old_line, uint32_t new_line) {
    Of(Number::kLine)
        .Add(uint64_t{old_file} << 32 | old_line, old_line, new_line);
  }

  void PairAuxiliaries() {
    std::unordered_map<std::string_view, uint32_t> lines;
    for (const auto& auxiliary : to_.auxiliaries()) {
      lines.try_emplace(AsText(to_.Code(auxiliary.code)), auxiliary.line);
    }
    for (const auto& auxiliary : from_.auxiliaries()) {
      const auto found = lines.find(AsText(from_.Code(auxiliary.code)));
      if (found == lines.end()) continue;
      PairLines(auxiliary.file, auxiliary.line, found->second);
    }
  }

  void PairHashes() {
    for (const HashTableRecord& old_table : from_.hash_tables()) {
      for (const HashTableRecord& new_table : to_.hash_tables()) {
        if (old_table.scope == new_table.scope &&
            old_table.digest_size == new_table.digest_size) {
          PairHashes(old_table, new_table);
        }
      }
    }
  }

  void PairHashes(const HashTableRecord& a, const HashTableRecord& b) {
    const auto entries = from_.EntriesOf(a);
    for (uint32_t i = 0; i < entries.size(); ++i) {
      const Bytes digest = from_.DigestOf(a, i);
      const auto new_file = new_files_.find(entries[i].file);
      if (new_file == new_files_.end()) continue;
      for (const HashEntry& entry : to_.FindDigest(b, digest)) {
        if (entry.file != new_file->second) continue;
        PairLines(entries[i].file, entries[i].line, entry.line);
        break;
      }
    }
  }

  static std::string_view Literal(const Database& database,
                                  const AtomRecord& atom) {
    return AsText(database.literals().subspan(atom.literal, atom.size));
  }

  // The new number of an old atom, both counted within their filter.
  using NewAtoms = std::unordered_map<uint32_t, uint32_t>;

  NewAtoms PairAtoms(Slice old_slice, Slice new_slice) {
    std::unordered_map<std::string, uint32_t> numbers;
    std::string key;
    for (uint32_t i = 0; i < new_slice.count; ++i) {
      const AtomRecord& atom = to_.atoms()[new_slice.begin + i];
      key = Literal(to_, atom);
      Append(atom.pattern, key);
      numbers.try_emplace(key, i);
    }
    NewAtoms out;
    for (uint32_t i = 0; i < old_slice.count; ++i) {
      const AtomRecord& atom = from_.atoms()[old_slice.begin + i];
      const auto pattern = new_patterns_.find(atom.pattern);
      if (pattern == new_patterns_.end()) continue;
      key = Literal(from_, atom);
      Append(pattern->second, key);
      const auto found = numbers.find(key);
      if (found == numbers.end()) continue;
      out.emplace(i, found->second);
      Of(Number::kLiteral)
          .Add(atom.literal,
               to_.atoms()[new_slice.begin + found->second].literal);
    }
    return out;
  }

  // Grams lie in buckets by their hash: equal ones keep their order.
  void PairGrams(Slice old_slice, Slice new_slice, const NewAtoms& atoms,
                 uint32_t part) {
    const auto key_of = [](const GramRecord& gram, uint32_t atom) {
      std::string key;
      Append(gram.gram, key);
      Append(gram.check, key);
      Append(atom, key);
      return key;
    };
    std::unordered_map<std::string, uint32_t> numbers;
    for (uint32_t i = 0; i < new_slice.count; ++i) {
      const GramRecord& gram = to_.grams()[new_slice.begin + i];
      numbers.try_emplace(key_of(gram, gram.atom), i);
    }
    Pairs& buckets = pairs_[static_cast<size_t>(Number::kBucket) + part];
    Pairs& gram_atoms = pairs_[static_cast<size_t>(Number::kGramAtom) + part];
    for (uint32_t i = 0; i < old_slice.count; ++i) {
      const GramRecord& gram = from_.grams()[old_slice.begin + i];
      const auto atom = atoms.find(engine::vdb::AtomOf(gram));
      if (atom == atoms.end()) continue;
      const uint32_t word =
          engine::vdb::PackAtom(atom->second, engine::vdb::WindowOf(gram));
      gram_atoms.Add(gram.atom, word);
      const auto found = numbers.find(key_of(gram, word));
      if (found != numbers.end()) buckets.Add(i, found->second);
    }
  }

  const Database& from_;
  const Database& to_;
  std::array<Pairs, static_cast<size_t>(Number::kCount)> pairs_;
  std::unordered_map<uint32_t, uint32_t> new_files_;
  std::unordered_map<uint32_t, uint32_t> new_patterns_;
};

}  // namespace

update::Renumbering Pairs::Finish() {
  std::stable_sort(
      pairs_.begin(), pairs_.end(),
      [](const auto& a, const auto& b) { return a.first < b.first; });
  update::Renumbering out;
  for (size_t i = 0; i < pairs_.size(); ++i) {
    if (i > 0 && pairs_[i].first == pairs_[i - 1].first) continue;
    const uint32_t last = out.steps.empty() ? 0 : out.steps.back().add;
    if (pairs_[i].second != last) {
      out.steps.push_back({pairs_[i].first, pairs_[i].second});
    }
  }
  return out;
}

std::vector<update::Renumbering> PairNumbers(const Database& from,
                                             const Database& to) {
  return Pairing(from, to).Run();
}

}  // namespace vitrine::publisher
