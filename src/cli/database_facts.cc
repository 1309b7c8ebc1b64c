// SPDX-License-Identifier: Apache-2.0
#include "cli/database_facts.h"

#include <cstring>

#include "base/text.h"
#include "crypto/digest.h"
#include "engine/ir/program.h"
#include "engine/vdb/format.h"

namespace vitrine::cli {
namespace {

using engine::vdb::Database;

// By SectionId, from 1.
constexpr const char* kSectionNames[] = {
    "files",         "rules",       "rule-patterns",  "patterns",
    "gate-rules",    "words",       "tags",           "always",
    "always-groups", "name-spaces", "globals",        "literals",
    "filters",       "filter-bits", "filter-buckets", "filter-grams",
    "atoms",         "hash-tables", "hash-sizes",     "auxiliaries",
    "piece-sums",    "strings",     "metadata",       "code",
    "hash-digests",  "hash-entries"};
static_assert(std::size(kSectionNames) ==
              static_cast<size_t>(engine::vdb::SectionId::kCount));

// The image was checked when it was opened: header and table are inside it.
std::vector<DatabaseFacts::Section> SectionsOf(const Database& database) {
  std::vector<DatabaseFacts::Section> sections;
  engine::vdb::Header header;
  std::memcpy(&header, database.image().data(), sizeof header);
  for (uint32_t i = 0; i < header.section_count; ++i) {
    engine::vdb::SectionRecord record;
    const Bytes bytes =
        Clip(database.image(), sizeof header + uint64_t{i} * sizeof record,
             sizeof record);
    if (bytes.size() < sizeof record) break;
    std::memcpy(&record, bytes.data(), sizeof record);
    if (record.id == 0 || record.id > std::size(kSectionNames)) continue;
    sections.push_back(
        {kSectionNames[record.id - 1], record.size, record.checksum});
  }
  return sections;
}

}  // namespace

DatabaseFacts FactsOf(const Database& database) {
  DatabaseFacts facts;
  facts.size = database.size();
  facts.version = engine::vdb::kVersion;
  facts.sha256 = ToHex(crypto::Sha256(database.image()));
  facts.sections = SectionsOf(database);
  for (const auto file : database.files()) {
    facts.files.emplace_back(database.Text(file));
  }
  for (const auto& rule : database.rules()) {
    const bool is_yara =
        rule.language == static_cast<uint8_t>(engine::ir::Language::kYara);
    ++(is_yara ? facts.yara_rules : facts.clamav_rules);
    if ((rule.flags & engine::vdb::kRuleGated) == 0) ++facts.ungated_rules;
  }
  facts.patterns = database.patterns().size();
  facts.atoms = database.atoms().size();
  for (const auto& table : database.hash_tables()) {
    facts.hashes += table.entries.count;
  }
  for (const auto& auxiliary : database.auxiliaries()) {
    if (auxiliary.kind ==
        static_cast<uint32_t>(engine::ir::Auxiliary::Kind::kExternal)) {
      facts.externals.emplace_back(database.Text(auxiliary.name));
    } else {
      ++facts.auxiliaries;
    }
  }
  return facts;
}

}  // namespace vitrine::cli
