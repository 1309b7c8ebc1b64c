// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace vitrine::update {

// The rules by which an update is accepted, docs/spec/update.md. Their numbers
// are in messages and documents: none is ever used for another rule.
enum class Rule : uint8_t {
  kAuthorised = 1,  // TUF's thresholds, expiries and hashes.
  kLogged = 2,      // The exact metadata is in the log.
  kWitnessed = 3,   // The checkpoint has the quorum.
  kFresh = 4,       // And has it from not long ago.
  kAged = 5,        // The entry has been public for long enough.
  kOffered = 6,     // The newest that the log has is what is offered.
  kRebuilt = 7,     // Programs: others have made the same bytes.
  kForward = 8,     // Versions, trees and time only grow.
  kContent = 9,     // The database is the one that the entry names, and harms
                    // no file that is known to be good.
  kExplained = 10,  // Every entry of the log is understood; no fork.
};

// "rule 4 (freshness)"
std::string RuleName(Rule rule);

// "refused by rule 4 (freshness): ..." with kDenied.
Error Refused(Rule rule, std::string_view why);

}  // namespace vitrine::update
