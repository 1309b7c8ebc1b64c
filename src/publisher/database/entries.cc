// SPDX-License-Identifier: Apache-2.0
#include "publisher/database/entries.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "base/text.h"
#include "engine/ir/program.h"

namespace vitrine::publisher {
namespace {

using engine::ir::Auxiliary;
using engine::ir::HashSignature;
using engine::ir::Language;
using engine::vdb::Database;
using What = update::Change::What;

// The lines of a file, by number from 1.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {
    starts_.push_back(0);
    for (size_t at = text.find('\n'); at != text.npos;
         at = text.find('\n', at + 1)) {
      starts_.push_back(at + 1);
    }
  }

  // Lines [first, end), without blanks around them.
  std::string_view Between(uint32_t first, uint32_t end) const {
    if (first == 0 || first > starts_.size()) return {};
    const size_t from = starts_[first - 1];
    const size_t to =
        end <= first || end > starts_.size() ? text_.size() : starts_[end - 1];
    return Trim(text_.substr(from, to - from));
  }

 private:
  std::string_view text_;
  std::vector<size_t> starts_;
};

class Collector {
 public:
  Collector(const Database& database,
            const std::vector<update::ArchiveMember>& members)
      : database_(database), members_(members) {
    for (const auto name : database.files()) {
      const std::string_view file = database.Text(name);
      const update::ArchiveMember* const member =
          update::FindMember(members, file);
      files_.push_back(file);
      lines_.emplace_back(member == nullptr ? std::string_view()
                                            : AsText(member->bytes));
    }
  }

  std::vector<Entry> Run() {
    AddRules();
    AddHashes();
    AddAuxiliaries();
    AddIgnored();
    std::stable_sort(entries_.begin(), entries_.end(),
                     [](const Placed& a, const Placed& b) {
                       return std::tie(a.entry.file, a.line) <
                              std::tie(b.entry.file, b.line);
                     });
    std::vector<Entry> out;
    out.reserve(entries_.size());
    for (Placed& placed : entries_) out.push_back(std::move(placed.entry));
    return out;
  }

 private:
  struct Placed {
    Entry entry;
    uint32_t line = 0;
  };

  void Add(What what, uint32_t file, uint32_t line, std::string_view name,
           std::string identity, std::string_view content) {
    entries_.push_back(
        {{what, files_[file], name, std::move(identity), std::string(content)},
         line});
  }

  // A rule of ClamAV's is a line; one of YARA's goes up to the next.
  void AddRules() {
    const auto rules = database_.rules();
    std::vector<std::vector<uint32_t>> starts(files_.size());
    for (const auto& rule : rules) starts[rule.file].push_back(rule.line);
    for (auto& each : starts) std::sort(each.begin(), each.end());
    for (const auto& rule : rules) {
      uint32_t end = rule.line + 1;
      if (static_cast<Language>(rule.language) == Language::kYara) {
        const auto next = std::upper_bound(starts[rule.file].begin(),
                                           starts[rule.file].end(), rule.line);
        end = next == starts[rule.file].end() ? 0 : *next;
      }
      const std::string_view name = database_.Text(rule.name);
      Add(What::kRule, rule.file, rule.line, name, std::string(name),
          lines_[rule.file].Between(rule.line, end));
    }
  }

  void AddHashes() {
    for (const auto& table : database_.hash_tables()) {
      const auto scope = static_cast<HashSignature::Scope>(table.scope);
      const auto entries = database_.EntriesOf(table);
      for (uint32_t i = 0; i < entries.size(); ++i) {
        const auto& entry = entries[i];
        const std::string_view name = database_.Text(entry.name);
        Add(scope == HashSignature::Scope::kAllow ? What::kAllow : What::kHash,
            entry.file, entry.line, name,
            std::to_string(table.scope) + ":" +
                ToHex(database_.DigestOf(table, i)),
            std::to_string(entry.size) + ":" + std::string(name));
      }
    }
  }

  void AddAuxiliaries() {
    for (const auto& auxiliary : database_.auxiliaries()) {
      if (static_cast<Auxiliary::Kind>(auxiliary.kind) ==
          Auxiliary::Kind::kExternal) {
        continue;
      }
      const std::string_view text =
          lines_[auxiliary.file].Between(auxiliary.line, auxiliary.line + 1);
      const std::string_view file = files_[auxiliary.file];
      Add(file.ends_with(".wdb") ? What::kAllow : What::kOther, auxiliary.file,
          auxiliary.line, text, std::string(text), text);
    }
  }

  // Names to be ignored leave nothing in a database but what is missing.
  void AddIgnored() {
    for (const update::ArchiveMember& member : members_) {
      if (!member.name.ends_with(".ign") && !member.name.ends_with(".ign2")) {
        continue;
      }
      uint32_t number = 0;
      for (std::string_view line : Split(AsText(member.bytes), '\n')) {
        ++number;
        line = Trim(line);
        if (line.empty() || line.starts_with('#')) continue;
        entries_.push_back(
            {{What::kAllow, member.name, line, std::string(line), ""}, number});
      }
    }
  }

  const Database& database_;
  const std::vector<update::ArchiveMember>& members_;
  std::vector<std::string_view> files_;
  std::vector<Lines> lines_;
  std::vector<Placed> entries_;
};

}  // namespace

std::vector<Entry> EntriesOf(
    const Database& database,
    const std::vector<update::ArchiveMember>& members) {
  return Collector(database, members).Run();
}

}  // namespace vitrine::publisher
