// SPDX-License-Identifier: Apache-2.0
#include "tlog/policy.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/text.h"
#include "tlog/hash.h"
#include "tlog/limits.h"

namespace vitrine::tlog {
namespace {

constexpr std::string_view kNone = "none";

// Between spaces and tabs.
std::vector<std::string_view> Words(std::string_view line) {
  constexpr std::string_view kBlanks = " \t";
  std::vector<std::string_view> words;
  size_t at = line.find_first_not_of(kBlanks);
  while (at != line.npos) {
    const size_t end = std::min(line.find_first_of(kBlanks, at), line.size());
    words.push_back(line.substr(at, end - at));
    at = line.find_first_not_of(kBlanks, end);
  }
  return words;
}

Error Wrong(std::string message) {
  return {Code::kInvalid, std::move(message)};
}

// Reads a policy line by line.
class Parser {
 public:
  Status Line(std::string_view line) {
    if (!std::all_of(line.begin(), line.end(), [](char c) {
          const auto byte = static_cast<uint8_t>(c);
          return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
        })) {
      return Wrong("control character");
    }
    const auto words = Words(line);
    if (words.empty() || words[0].starts_with('#')) return Ok();
    const std::span<const std::string_view> rest = std::span(words).subspan(1);
    if (words[0] == "log") return Log(rest);
    if (words[0] == "witness") return Witness(rest);
    if (words[0] == "group") return Group(rest);
    if (words[0] == "quorum") return Quorum(rest);
    return Wrong("expected log, witness, group or quorum");
  }

  Result<Policy> Finish() {
    if (!seen_quorum_) return Wrong("no quorum line");
    return std::move(policy_);
  }

 private:
  using Arguments = std::span<const std::string_view>;

  // One key, and one name and ID, is one line.
  Status Key(const VerifierKey& key) {
    if (!keys_.insert({key.kind(), key.bytes()}).second) {
      return Wrong("the key is there already");
    }
    if (!ids_.insert({key.name(), key.key_id()}).second) {
      return Wrong("name and key ID are there already");
    }
    return Ok();
  }

  Status Log(Arguments words) {
    if (words.empty() || words.size() > 2) return Wrong("log VKEY [URL]");
    if (policy_.logs.size() == kPolicyLogsMax) {
      return Error{Code::kLimit, "too many logs"};
    }
    VerifierKey key = TRY(VerifierKey::Parse(words[0]));
    if (key.kind() != KeyKind::kLog) return Wrong("no log's key");
    TRY(Key(key));
    policy_.logs.push_back(
        {std::move(key), std::string(words.size() > 1 ? words[1] : "")});
    return Ok();
  }

  Status Name(std::string_view name, PolicyMember member) {
    if (name == kNone) return Wrong("the name none is taken");
    if (!names_.emplace(name, member).second) {
      return Wrong("the name is there already");
    }
    return Ok();
  }

  Status Witness(Arguments words) {
    if (words.size() < 2 || words.size() > 3) {
      return Wrong("witness NAME VKEY [URL]");
    }
    if (policy_.witnesses.size() == kPolicyWitnessesMax) {
      return Error{Code::kLimit, "too many witnesses"};
    }
    TRY(Name(words[0],
             {PolicyMember::Kind::kWitness, policy_.witnesses.size()}));
    VerifierKey key = TRY(VerifierKey::Parse(words[1]));
    if (key.kind() != KeyKind::kWitness) return Wrong("no witness's key");
    TRY(Key(key));
    policy_.witnesses.push_back(
        {std::string(words[0]), std::move(key),
         std::string(words.size() > 2 ? words[2] : "")});
    return Ok();
  }

  Result<PolicyMember> Find(std::string_view name) const {
    const auto at = names_.find(name);
    if (at == names_.end()) return Wrong("a name that is not defined above");
    return at->second;
  }

  Status Group(Arguments words) {
    if (words.size() < 3) return Wrong("group NAME all|any|NUMBER NAME...");
    if (policy_.groups.size() == kPolicyGroupsMax) {
      return Error{Code::kLimit, "too many groups"};
    }
    PolicyGroup group;
    group.name = words[0];
    for (const std::string_view name : words.subspan(2)) {
      group.members.push_back(TRY(Find(name)));
      if (!members_.insert(std::string(name)).second) {
        return Wrong("a name that is a member already");
      }
    }
    const auto number = words[1] == "all"   ? group.members.size()
                        : words[1] == "any" ? 1
                                            : ParseNumber(words[1]).value_or(0);
    if (number == 0 || number > group.members.size()) {
      return Wrong("a threshold is all, any or 1 to the number of members");
    }
    group.threshold = number;
    TRY(Name(words[0], {PolicyMember::Kind::kGroup, policy_.groups.size()}));
    policy_.groups.push_back(std::move(group));
    return Ok();
  }

  Status Quorum(Arguments words) {
    if (words.size() != 1) return Wrong("quorum NAME|none");
    if (seen_quorum_) return Wrong("a second quorum");
    seen_quorum_ = true;
    if (words[0] != kNone) policy_.quorum = TRY(Find(words[0]));
    return Ok();
  }

  Policy policy_;
  bool seen_quorum_ = false;
  std::map<std::string, PolicyMember, std::less<>> names_;
  std::set<std::string> members_;
  std::set<std::pair<KeyKind, crypto::Ed25519Public>> keys_;
  std::set<std::pair<std::string, uint32_t>> ids_;
};

std::string NameOf(const Policy& policy, const PolicyMember& member) {
  return member.kind == PolicyMember::Kind::kWitness
             ? policy.witnesses[member.index].name
             : policy.groups[member.index].name;
}

using MaybeTimes = std::optional<QuorumTimes>;

// The times of `threshold` of the members' times.
MaybeTimes TimesOf(std::vector<QuorumTimes> members, size_t threshold) {
  if (members.size() < threshold) return std::nullopt;
  const auto nth = static_cast<ptrdiff_t>(threshold) - 1;
  std::nth_element(
      members.begin(), members.begin() + nth, members.end(),
      [](const auto& a, const auto& b) { return a.fresh > b.fresh; });
  QuorumTimes times;
  times.fresh = members[threshold - 1].fresh;
  std::nth_element(
      members.begin(), members.begin() + nth, members.end(),
      [](const auto& a, const auto& b) { return a.public_by < b.public_by; });
  times.public_by = members[threshold - 1].public_by;
  return times;
}

}  // namespace

Result<std::optional<QuorumTimes>> Policy::Quorum(
    std::span<const std::optional<uint64_t>> times) const {
  if (!quorum) return std::optional<QuorumTimes>();
  std::vector<MaybeTimes> of_groups;
  std::string lacking;
  const auto of = [&](const PolicyMember& member) -> MaybeTimes {
    if (member.kind == PolicyMember::Kind::kGroup) {
      return of_groups[member.index];
    }
    if (member.index >= times.size() || !times[member.index]) {
      return std::nullopt;
    }
    return QuorumTimes{*times[member.index], *times[member.index]};
  };
  // Groups name earlier ones only, so each is judged after its members.
  for (const PolicyGroup& group : groups) {
    std::vector<QuorumTimes> members;
    for (const PolicyMember& member : group.members) {
      if (const auto found = of(member)) members.push_back(*found);
    }
    of_groups.push_back(TimesOf(members, group.threshold));
    if (of_groups.back()) continue;
    lacking += "; " + group.name + " has " + std::to_string(members.size()) +
               " of " + std::to_string(group.threshold);
  }
  const MaybeTimes met = of(*quorum);
  if (!met) {
    return Error{Code::kDenied,
                 "quorum " + NameOf(*this, *quorum) + " is not met" + lacking};
  }
  return met;
}

Result<Policy> ParsePolicy(std::string_view text) {
  if (text.size() > kPolicyBytesMax) {
    return Error{Code::kLimit, "policy too long"};
  }
  if (!text.ends_with('\n')) {
    return Error{Code::kInvalid, "the policy's last line does not end"};
  }
  text.remove_suffix(1);
  Parser parser;
  size_t number = 0;
  for (const std::string_view line : Split(text, '\n')) {
    ++number;
    if (auto read = parser.Line(line); !read.ok()) {
      return WithContext(std::move(read).error(),
                         "line " + std::to_string(number));
    }
  }
  return parser.Finish();
}

std::string FormatPolicy(const Policy& policy) {
  std::string text;
  const auto end = [](const std::string& url) {
    return (url.empty() ? "" : " " + url) + "\n";
  };
  for (const PolicyLog& log : policy.logs) {
    text += "log " + log.key.Text() + end(log.url);
  }
  for (const PolicyWitness& witness : policy.witnesses) {
    text +=
        "witness " + witness.name + " " + witness.key.Text() + end(witness.url);
  }
  for (const PolicyGroup& group : policy.groups) {
    text += "group " + group.name + " " + std::to_string(group.threshold);
    for (const auto& member : group.members) {
      text += " " + NameOf(policy, member);
    }
    text += "\n";
  }
  text += "quorum ";
  text += policy.quorum ? NameOf(policy, *policy.quorum) : std::string(kNone);
  return text + "\n";
}

}  // namespace vitrine::tlog
