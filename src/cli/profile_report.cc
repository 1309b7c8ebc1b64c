// SPDX-License-Identifier: Apache-2.0
#include "cli/profile_report.h"

#include <algorithm>
#include <map>

#include "base/utf8.h"
#include "cli/limits.h"
#include "cli/number.h"

namespace vitrine::cli {
namespace {

using Costs = std::vector<engine::scan::Profile::Cost>;

void Merge(const Costs& more, Costs& sum) {
  std::map<std::string, size_t> places;
  for (size_t i = 0; i < sum.size(); ++i) places.emplace(sum[i].name, i);
  for (const auto& cost : more) {
    const auto [place, is_new] = places.try_emplace(cost.name, sum.size());
    if (is_new) {
      sum.push_back(cost);
      continue;
    }
    auto& mine = sum[place->second];
    mine.nanoseconds += cost.nanoseconds;
    mine.times += cost.times;
    mine.bytes += cost.bytes;
  }
}

std::string Padded(const std::string& text, size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

std::string Table(const char* title, Costs costs) {
  std::stable_sort(costs.begin(), costs.end(),
                   [](const auto& a, const auto& b) {
                     return a.nanoseconds > b.nanoseconds;
                   });
  std::string text = std::string(title) + "\n";
  text += "        ms       times           bytes  name\n";
  const size_t rows = std::min(costs.size(), kProfileRows);
  for (size_t i = 0; i < rows; ++i) {
    const auto& cost = costs[i];
    text +=
        Padded(Decimals(static_cast<double>(cost.nanoseconds) / 1e6, 2), 10);
    text += Padded(WithCommas(cost.times), 12);
    text += Padded(WithCommas(cost.bytes), 16);
    text += "  " + Printable(cost.name) + "\n";
  }
  if (rows < costs.size()) {
    text += "  and " + WithCommas(costs.size() - rows) + " more\n";
  }
  return text;
}

}  // namespace

void MergeProfile(const engine::scan::Profile& more,
                  engine::scan::Profile& sum) {
  Merge(more.rules, sum.rules);
  Merge(more.formats, sum.formats);
}

std::string ProfileText(engine::scan::Profile profile) {
  return Table("Costliest rules", std::move(profile.rules)) + "\n" +
         Table("Costliest formats", std::move(profile.formats));
}

}  // namespace vitrine::cli
