// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/vdb/database.h"
#include "update/delta/delta.h"

// Which number of an old database became which of the new one.
namespace vitrine::publisher {

// The kinds of numbers that records refer to each other by.
enum class Number : uint32_t {
  kString,       // Offset in kStrings.
  kCode,         // Offset in kCode.
  kPattern,      // Index in kPatterns.
  kRule,         // Index in kRules.
  kFile,         // Index in kFiles.
  kLine,         // In a file.
  kNameSpace,    // Index in kNameSpaces.
  kRulePattern,  // First index in kRulePatterns.
  kWord,         // First index in kWords.
  kTag,          // First index in kTags.
  kMetadata,     // First index in kMetadata.
  kGateRule,     // First index in kGateRules.
  kLiteral,      // Offset in kLiterals.
  // For each filter two, of its quads and of its pairs:
  kBucket,  // A gram, counted within them.
  kGramAtom = kBucket + 2 * engine::vdb::kFilterClasses,  // GramRecord::atom.
  kCount = kGramAtom + 2 * engine::vdb::kFilterClasses,
};

// Pairs old with new number. The first of several new ones for one old counts.
class Pairs {
 public:
  void Add(uint64_t key, uint32_t old_number, uint32_t new_number) {
    pairs_.emplace_back(key, new_number - old_number);
  }
  void Add(uint32_t old_number, uint32_t new_number) {
    Add(old_number, old_number, new_number);
  }

  // As few steps as give every pair its difference.
  update::Renumbering Finish();

 private:
  std::vector<std::pair<uint64_t, uint32_t>> pairs_;
};

// The renumberings of all kinds, by Number.
std::vector<update::Renumbering> PairNumbers(const engine::vdb::Database& from,
                                             const engine::vdb::Database& to);

}  // namespace vitrine::publisher
