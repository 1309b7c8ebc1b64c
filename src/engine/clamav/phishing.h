// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "model/scan_options.h"

namespace vitrine::engine::clamav {

// Whether a link in a mail pretends to lead to a watched domain: .pdb names
// the domains, .wdb the pairs that are fine. Immutable once made; thread-safe.
class PhishingRules {
 public:
  // `codes`: of ir::Auxiliary::Kind::kPhishing. Bad ones are passed over.
  explicit PhishingRules(std::span<const Bytes> codes);

  // Nothing is watched: no link need be shown to Check().
  bool empty() const { return hosts_.empty() && expressions_.empty(); }

  // The alert for a link to `real` that reads `displayed`, or nothing:
  // "Heuristics.Phishing.Email.SpoofedDomain", ".SSL-Spoof", ".Cloaked.Null".
  std::optional<std::string_view> Check(std::string_view real,
                                        std::string_view displayed,
                                        const ScanOptions& options) const;

 private:
  bool Watched(const std::string& pair, const std::string& host) const;
  bool Allowed(const std::string& pair, const std::string& hosts) const;

  std::set<std::string, std::less<>> hosts_;       // H
  std::vector<std::string> expressions_;           // R
  std::set<std::string, std::less<>> host_pairs_;  // M
  std::vector<std::string> pair_expressions_;      // X, Y
};

}  // namespace vitrine::engine::clamav
