// SPDX-License-Identifier: Apache-2.0
#include "publisher/database/compare.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>

#include "update/release/limits.h"

namespace vitrine::publisher {
namespace {

using update::Change;
using update::ChangeGroup;
using update::ChangeList;

std::string KeyOf(const Entry& entry) {
  std::string key(1, static_cast<char>(entry.what));
  key += entry.file;
  key += '\0';
  key += entry.identity;
  return key;
}

// Changes by who answers for them.
class Groups {
 public:
  void Add(const Attribution* attribution, Change change) {
    static const Attribution kNobody = {"nobody", "NONE", "not said"};
    const Attribution& who = attribution == nullptr ? kNobody : *attribution;
    groups_[{who.author, who.licence, who.reason}].push_back(std::move(change));
  }

  std::vector<ChangeGroup> Finish() {
    std::vector<ChangeGroup> out;
    for (auto& [who, changes] : groups_) {
      std::stable_sort(changes.begin(), changes.end(),
                       [](const Change& a, const Change& b) {
                         return std::tie(a.file, a.how, a.what, a.name) <
                                std::tie(b.file, b.how, b.what, b.name);
                       });
      out.push_back({std::get<0>(who), std::get<1>(who), std::get<2>(who),
                     std::move(changes)});
    }
    return out;
  }

 private:
  std::map<std::tuple<std::string, std::string, std::string>,
           std::vector<Change>>
      groups_;
};

Change ChangeOf(Change::How how, const Entry& entry) {
  return {how, entry.what,
          update::SingleWord(entry.file, update::kTargetPathMax),
          update::SingleWord(entry.name.empty() ? "-" : entry.name,
                             update::kRuleNameMax)};
}

}  // namespace

ChangeList CompareEntries(const std::vector<Entry>& before,
                          const Manifest& old_manifest,
                          const std::vector<Entry>& after,
                          const Manifest& manifest) {
  // Those of one key are paired in their order.
  std::unordered_map<std::string, std::vector<const Entry*>> old_entries;
  for (const Entry& entry : before) {
    old_entries[KeyOf(entry)].push_back(&entry);
  }
  std::unordered_map<std::string, size_t> used;
  Groups groups;
  for (const Entry& entry : after) {
    const std::string key = KeyOf(entry);
    const auto found = old_entries.find(key);
    const size_t occurrence = used[key]++;
    if (found == old_entries.end() || occurrence >= found->second.size()) {
      groups.Add(manifest.Find(entry.file, entry.name),
                 ChangeOf(Change::How::kAdded, entry));
    } else if (found->second[occurrence]->content != entry.content) {
      groups.Add(manifest.Find(entry.file, entry.name),
                 ChangeOf(Change::How::kChanged, entry));
    }
  }
  std::unordered_map<std::string, size_t> seen;
  for (const Entry& entry : before) {
    const std::string key = KeyOf(entry);
    const auto found = used.find(key);
    if (seen[key]++ < (found == used.end() ? 0 : found->second)) continue;
    const Attribution* who = manifest.Find(entry.file, entry.name);
    if (who == nullptr) who = old_manifest.Find(entry.file, entry.name);
    groups.Add(who, ChangeOf(Change::How::kRemoved, entry));
  }
  ChangeList list;
  list.channel = manifest.channel;
  list.groups = groups.Finish();
  return list;
}

ChangeList ListFirst(const std::vector<Entry>& entries,
                     const Manifest& manifest) {
  std::map<std::string_view, uint64_t> counts;
  Groups groups;
  for (const Entry& entry : entries) {
    if (entry.what == Change::What::kAllow) {
      groups.Add(manifest.Find(entry.file, entry.name),
                 ChangeOf(Change::How::kAdded, entry));
    } else {
      ++counts[entry.file];
    }
  }
  for (const auto& [file, count] : counts) {
    groups.Add(manifest.Find(file, ""),
               {Change::How::kAdded, Change::What::kFile,
                update::SingleWord(file, update::kTargetPathMax),
                std::to_string(count)});
  }
  ChangeList list;
  list.channel = manifest.channel;
  list.groups = groups.Finish();
  return list;
}

}  // namespace vitrine::publisher
