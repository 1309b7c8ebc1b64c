// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tlog/verifier_key.h"

// Whom a verifier believes (C2SP tlog-policy): logs, witnesses, and which of
// those witnesses together are enough.
namespace vitrine::tlog {

struct PolicyLog {
  VerifierKey key;  // Its name is the log's origin.
  std::string url;  // Or empty.
};

struct PolicyWitness {
  std::string name;  // Within the policy.
  VerifierKey key;
  std::string url;
};

// A witness or a group: its number in the policy.
struct PolicyMember {
  enum class Kind : uint8_t { kWitness, kGroup };
  Kind kind = Kind::kWitness;
  size_t index = 0;
  bool operator==(const PolicyMember&) const = default;
};

struct PolicyGroup {
  std::string name;
  size_t threshold = 0;               // 1..members
  std::vector<PolicyMember> members;  // Groups before this one only.
};

// What witnesses said, as far as it is enough. Each of two bounds holds if one
// of the witnesses that were counted for it is honest.
struct QuorumTimes {
  // A quorum cosigned at this time or later: the largest such time. The tree
  // was the newest then.
  uint64_t fresh = 0;
  // A quorum had cosigned by this time: the smallest such time. The tree was
  // public from then on.
  uint64_t public_by = 0;
};

// A policy. A value, constant once read; threads may share it.
struct Policy {
  std::vector<PolicyLog> logs;
  std::vector<PolicyWitness> witnesses;
  std::vector<PolicyGroup> groups;
  std::optional<PolicyMember> quorum;  // Nothing: `none`, which all satisfies.

  // The times of a quorum, by `times` of each witness; nothing where the quorum
  // is `none`. kDenied where it is not met; the message says which groups lack
  // how many.
  Result<std::optional<QuorumTimes>> Quorum(
      std::span<const std::optional<uint64_t>> times) const;
};

// kInvalid names the line. Spaces, tabs and comments are as the file's writer
// likes: a policy is for people. Files without a last line end are refused,
// for they may be cut.
Result<Policy> ParsePolicy(std::string_view text);

// As a file: logs, witnesses, groups, quorum, one a line; ParsePolicy() gives
// the same policy back.
std::string FormatPolicy(const Policy& policy);

}  // namespace vitrine::tlog
