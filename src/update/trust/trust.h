// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/digest.h"
#include "tlog/policy.h"

// What a machine's owner believes of a publisher: docs/spec/trust.md. Pure.
namespace vitrine::update {

// One trust file. A value.
//
//     vitrine/trust/v1
//     root 1 sha256:5f70bf18…        the root.json that all others follow from
//     max-stale 86400                seconds
//     min-age db 900                 seconds, by role
//     floor db 4711                  versions below it are refused
//     policy                         the rest is a C2SP tlog-policy
//     log updates.example.org/log1+…
//     …
struct Trust {
  uint64_t root_version = 1;
  crypto::Sha256Digest root = {};
  // How long ago the newest checkpoint may have been cosigned.
  uint64_t max_stale = 0;
  // How long a version of a role's metadata must have been public before it is
  // used; of a role that is not listed, the longest of those that are, and
  // kMinAgeDefault at least.
  std::map<std::string, uint64_t, std::less<>> min_age;
  // The lowest version of a role's metadata that is taken; unlisted: 1.
  std::map<std::string, uint64_t, std::less<>> floor;
  tlog::Policy policy;

  uint64_t MinAge(std::string_view role) const;
  uint64_t Floor(std::string_view role) const;
};

// kInvalid names the line. Comments and blank lines only among the policy's.
Result<Trust> ParseTrust(std::string_view text);

// ParseTrust() gives the same trust back.
std::string FormatTrust(const Trust& trust);

// Whether `next` believes nothing that `now` would not: the same root and logs,
// ages, floors and staleness at least as strict, and a quorum that no set of
// cosignatures meets without meeting the quorum of `now`. kDenied says which
// line is looser. Quorums are compared by trying each set of witnesses: kLimit
// beyond kTightenWitnessesMax of them.
Status CheckTightened(const Trust& now, const Trust& next);

}  // namespace vitrine::update
