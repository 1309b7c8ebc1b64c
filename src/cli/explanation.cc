// SPDX-License-Identifier: Apache-2.0
#include "cli/explanation.h"

#include <array>
#include <fstream>

#include "base/text.h"
#include "engine/ir/program.h"
#include "engine/vdb/format.h"

namespace vitrine::cli {
namespace {

using engine::vdb::Database;
using engine::vdb::RuleRecord;

// A line longer than this is cut: ClamAV's may have a megabyte.
constexpr size_t kSourceShown = 2000;

std::string LineOf(const std::string& path, uint32_t number) {
  std::ifstream in(path);
  std::string line;
  for (uint32_t i = 0; i < number; ++i) {
    if (!std::getline(in, line)) return "";
  }
  if (line.size() > kSourceShown) line.resize(kSourceShown);
  return number == 0 ? "" : line;
}

void SetSource(const Database& database, uint32_t file, uint32_t line,
               Explanation& explanation) {
  if (file < database.files().size()) {
    explanation.file = database.Text(database.files()[file]);
  }
  explanation.line = line;
  explanation.source = LineOf(explanation.file, line);
}

const char* KindName(uint8_t kind) {
  switch (static_cast<engine::ir::PatternKind>(kind)) {
    case engine::ir::PatternKind::kText:
      return "text";
    case engine::ir::PatternKind::kRegex:
      return "regex";
    case engine::ir::PatternKind::kBody:
      return "body";
  }
  return "pattern";
}

// Which filters hold the atom with this number.
std::string ViewsOf(const Database& database, size_t atom) {
  constexpr std::array<const char*, engine::vdb::kFilterClasses> kNames = {
      "pe", "elf", "text", "raw", "normalised"};
  std::string views;
  for (size_t i = 0; i < database.filters().size() && i < kNames.size(); ++i) {
    const engine::vdb::Slice atoms = database.filters()[i].atoms;
    if (atom < atoms.begin || atom - atoms.begin >= atoms.count) continue;
    views += (views.empty() ? "" : " ") + std::string(kNames[i]);
  }
  return views;
}

std::vector<Explanation::Atom> AtomsOf(const Database& database,
                                       uint32_t pattern) {
  std::vector<Explanation::Atom> atoms;
  for (size_t i = 0; i < database.atoms().size(); ++i) {
    const auto& atom = database.atoms()[i];
    if (atom.pattern != pattern) continue;
    const Bytes literal = Clip(database.literals(), atom.literal, atom.size);
    Explanation::Atom entry{std::string(AsText(literal)), (atom.flags & 1) != 0,
                            ViewsOf(database, i)};
    // The same literal in another view's table is the same atom to a person.
    bool merged = false;
    for (auto& known : atoms) {
      if (known.literal != entry.literal || known.nocase != entry.nocase) {
        continue;
      }
      if (known.views.find(entry.views) == std::string::npos) {
        known.views += " " + entry.views;
      }
      merged = true;
    }
    if (!merged) atoms.push_back(std::move(entry));
  }
  return atoms;
}

std::string MetadataText(const Database& database,
                         const engine::vdb::MetadataRecord& record) {
  if (record.type == 2) return std::string(database.Text(record.text));
  if (record.type == 1) return record.number != 0 ? "true" : "false";
  return std::to_string(record.number);
}

Explanation ExplainRule(const Database& database, const RuleRecord& rule) {
  const bool is_yara =
      rule.language == static_cast<uint8_t>(engine::ir::Language::kYara);
  Explanation explanation;
  explanation.name = database.Text(rule.name);
  explanation.kind = is_yara ? "yara rule" : "clamav signature";
  if ((rule.flags & engine::vdb::kRuleGlobal) != 0) {
    explanation.kind = "global " + explanation.kind;
  }
  if ((rule.flags & engine::vdb::kRulePrivate) != 0) {
    explanation.kind = "private " + explanation.kind;
  }
  SetSource(database, rule.file, rule.line, explanation);
  for (const auto tag : database.TagsOf(rule)) {
    explanation.tags.emplace_back(database.Text(tag));
  }
  for (const auto& record : database.MetadataOf(rule)) {
    explanation.metadata.emplace_back(database.Text(record.key),
                                      MetadataText(database, record));
  }
  explanation.gated = (rule.flags & engine::vdb::kRuleGated) != 0;
  for (const auto& pattern : database.PatternsOf(rule)) {
    explanation.patterns.push_back(
        {std::string(database.Text(pattern.id)),
         KindName(database.patterns()[pattern.pattern].kind),
         AtomsOf(database, pattern.pattern)});
  }
  return explanation;
}

const char* ScopeName(uint8_t scope) {
  switch (static_cast<engine::ir::HashSignature::Scope>(scope)) {
    case engine::ir::HashSignature::Scope::kFile:
      return "hash of a file";
    case engine::ir::HashSignature::Scope::kSection:
      return "hash of a PE section";
    case engine::ir::HashSignature::Scope::kImports:
      return "hash of a PE import table";
    case engine::ir::HashSignature::Scope::kAllow:
      return "hash of a file to allow";
  }
  return "hash";
}

// Calls `visit` with each hash entry and its table.
template <typename Visit>
void ForEachHash(const Database& database, Visit visit) {
  for (const auto& table : database.hash_tables()) {
    for (const auto& entry : database.EntriesOf(table)) visit(table, entry);
  }
}

}  // namespace

std::vector<Explanation> Explain(const Database& database,
                                 std::string_view name) {
  std::vector<Explanation> found;
  for (const auto& rule : database.rules()) {
    if (database.Text(rule.name) == name) {
      found.push_back(ExplainRule(database, rule));
    }
  }
  const auto add = [&](const char* kind, uint32_t file, uint32_t line) {
    Explanation explanation;
    explanation.name = name;
    explanation.kind = kind;
    SetSource(database, file, line, explanation);
    found.push_back(std::move(explanation));
  };
  ForEachHash(database, [&](const auto& table, const auto& entry) {
    if (database.Text(entry.name) == name) {
      add(ScopeName(table.scope), entry.file, entry.line);
    }
  });
  for (const auto& auxiliary : database.auxiliaries()) {
    const bool external =
        auxiliary.kind ==
        static_cast<uint32_t>(engine::ir::Auxiliary::Kind::kExternal);
    if (!external && database.Text(auxiliary.name) == name) {
      add("auxiliary entry", auxiliary.file, auxiliary.line);
    }
  }
  return found;
}

std::vector<std::string> NamesLike(const Database& database,
                                   std::string_view part, size_t most) {
  const std::string wanted = ToLowerText(part);
  std::vector<std::string> names;
  const auto consider = [&](std::string_view name) {
    if (names.size() >= most) return;
    if (ToLowerText(name).find(wanted) == std::string::npos) return;
    if (names.empty() || names.back() != name) names.emplace_back(name);
  };
  for (const auto& rule : database.rules()) consider(database.Text(rule.name));
  ForEachHash(database, [&](const auto&, const auto& entry) {
    consider(database.Text(entry.name));
  });
  return names;
}

}  // namespace vitrine::cli
