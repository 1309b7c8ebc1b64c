// SPDX-License-Identifier: Apache-2.0
#include "update/trust/trust.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "update/release/leaf.h"
#include "update/release/limits.h"
#include "update/release/line_reader.h"
#include "update/trust/limits.h"

namespace vitrine::update {
namespace {

constexpr std::string_view kFirstLine = "vitrine/trust/v1";

using Numbers = std::map<std::string, uint64_t, std::less<>>;

class Parser {
 public:
  explicit Parser(std::string_view text) : lines_(text) {}

  Result<Trust> Run() {
    if (lines_.TakeLine() != kFirstLine) return Here("not a trust file");
    TRY(Root());
    const auto stale = lines_.Take("max-stale");
    if (!stale) return Next("no max-stale");
    const auto seconds = CanonicalNumber(*stale, kTrustSecondsMax);
    if (!seconds || *seconds == 0) return Here("max-stale: seconds, not 0");
    trust_.max_stale = *seconds;
    TRY(Roles("min-age", 0, kTrustSecondsMax, trust_.min_age));
    TRY(Roles("floor", 1, kNumberMax, trust_.floor));
    if (lines_.TakeLine() != "policy") {
      return Here("max-stale, min-age, floor or policy expected");
    }
    return Policy();
  }

 private:
  Error Here(const std::string& what) const {
    return {Code::kInvalid,
            "trust file, line " + std::to_string(lines_.line()) + ": " + what};
  }
  Error Next(const std::string& what) const {
    return {
        Code::kInvalid,
        "trust file, line " + std::to_string(lines_.line() + 1) + ": " + what};
  }

  Status Root() {
    const auto line = lines_.Take("root");
    if (!line) return Next("no root");
    const auto fields = Split(*line, ' ');
    if (fields.size() != 2) return Here("root: version and digest");
    const auto version = CanonicalNumber(fields[0], kNumberMax);
    constexpr std::string_view kAlgorithm = "sha256:";
    if (!version || *version == 0 || !fields[1].starts_with(kAlgorithm)) {
      return Here("root: version and digest");
    }
    if (!ReadHex(fields[1].substr(kAlgorithm.size()), trust_.root)) {
      return Here("root: not a digest");
    }
    trust_.root_version = *version;
    return Ok();
  }

  // Lines of a word, a role and a number, by rising role.
  Status Roles(std::string_view word, uint64_t least, uint64_t most,
               Numbers& out) {
    while (const auto line = lines_.Take(word)) {
      const auto fields = Split(*line, ' ');
      if (fields.size() != 2 || !IsRoleName(fields[0])) {
        return Here(std::string(word) + ": role and number");
      }
      const auto number = CanonicalNumber(fields[1], most);
      if (!number || *number < least) {
        return Here(std::string(word) + ": role and number");
      }
      if (!out.empty() && out.rbegin()->first >= fields[0]) {
        return Here(std::string(word) + ": not by rising role");
      }
      if (out.size() == kTrustRolesMax) return Here("too many roles");
      out.emplace(fields[0], *number);
    }
    return Ok();
  }

  Result<Trust> Policy() {
    auto policy = tlog::ParsePolicy(lines_.rest());
    if (!policy.ok()) {
      return WithContext(
          std::move(policy).error(),
          "trust file, policy after line " + std::to_string(lines_.line()));
    }
    trust_.policy = std::move(policy).value();
    if (trust_.policy.logs.size() != 1) {
      return Here("policy: one log, whose tree is followed");
    }
    return std::move(trust_);
  }

  LineReader lines_;
  Trust trust_;
};

void Append(std::string_view word, const Numbers& numbers, std::string& out) {
  for (const auto& [role, number] : numbers) {
    out += std::string(word) + ' ' + role + ' ' + std::to_string(number) + '\n';
  }
}

// Which witnesses of `next` satisfy its quorum but not that of `now`.
Status CheckQuorum(const tlog::Policy& now, const tlog::Policy& next) {
  if (!now.quorum) return Ok();
  if (!next.quorum) {
    return Error{Code::kDenied, "policy: no quorum where there was one"};
  }
  const size_t count = next.witnesses.size();
  if (count > kTightenWitnessesMax) {
    return Error{Code::kLimit, "policy: too many witnesses to compare"};
  }
  // The witness of `now` with the same key, of each of `next`.
  std::vector<std::optional<size_t>> same(count);
  for (size_t i = 0; i < count; ++i) {
    for (size_t j = 0; j < now.witnesses.size(); ++j) {
      if (now.witnesses[j].key == next.witnesses[i].key) same[i] = j;
    }
  }
  std::vector<std::optional<uint64_t>> new_times(count);
  std::vector<std::optional<uint64_t>> old_times(now.witnesses.size());
  for (uint32_t set = 0; set < uint32_t{1} << count; ++set) {
    for (size_t i = 0; i < count; ++i) {
      const bool in = ((set >> i) & 1) != 0;
      new_times[i] = in ? std::optional<uint64_t>(1) : std::nullopt;
      if (same[i]) old_times[*same[i]] = new_times[i];
    }
    if (!next.Quorum(new_times).ok() || now.Quorum(old_times).ok()) continue;
    std::string who;
    for (size_t i = 0; i < count; ++i) {
      if (new_times[i]) who += ' ' + next.witnesses[i].name;
    }
    return Error{Code::kDenied,
                 "policy: enough now, and not before, would be:" + who};
  }
  return Ok();
}

}  // namespace

uint64_t Trust::MinAge(std::string_view role) const {
  if (const auto at = min_age.find(role); at != min_age.end()) {
    return at->second;
  }
  uint64_t longest = kMinAgeDefault;
  for (const auto& [name, seconds] : min_age) {
    longest = std::max(longest, seconds);
  }
  return longest;
}

uint64_t Trust::Floor(std::string_view role) const {
  const auto at = floor.find(role);
  return at == floor.end() ? 1 : at->second;
}

Result<Trust> ParseTrust(std::string_view text) {
  if (text.size() > kTrustSizeMax) {
    return Error{Code::kLimit, "trust file: too long"};
  }
  return Parser(text).Run();
}

std::string FormatTrust(const Trust& trust) {
  std::string text = std::string(kFirstLine) + '\n';
  text += "root " + std::to_string(trust.root_version) +
          " sha256:" + ToHex(trust.root) + '\n';
  text += "max-stale " + std::to_string(trust.max_stale) + '\n';
  Append("min-age", trust.min_age, text);
  Append("floor", trust.floor, text);
  return text + "policy\n" + tlog::FormatPolicy(trust.policy);
}

Status CheckTightened(const Trust& now, const Trust& next) {
  const auto looser = [](const std::string& what) -> Status {
    return Error{Code::kDenied, what + " may only become stricter"};
  };
  if (now.root != next.root || now.root_version != next.root_version) {
    return Error{Code::kDenied, "root: another one is another publisher"};
  }
  if (now.policy.logs.front().key != next.policy.logs.front().key) {
    return Error{Code::kDenied, "policy: another log is another publisher"};
  }
  if (next.max_stale > now.max_stale) return looser("max-stale");
  Numbers roles = now.min_age;
  roles.insert(next.min_age.begin(), next.min_age.end());
  for (const auto& [role, seconds] : roles) {
    if (next.MinAge(role) < now.MinAge(role)) return looser("min-age " + role);
  }
  if (next.MinAge("") < now.MinAge("")) return looser("min-age");
  for (const auto& [role, version] : now.floor) {
    if (next.Floor(role) < version) return looser("floor " + role);
  }
  return CheckQuorum(now.policy, next.policy);
}

}  // namespace vitrine::update
