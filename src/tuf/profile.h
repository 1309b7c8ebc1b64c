// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "tuf/metadata.h"

// What Vitrine asks of a repository beyond TUF, so that neither the publisher
// nor those who co-sign can change alone what runs (docs/spec/tuf-profile.md).
// Every check says kDenied with "profile: " and what is not so.
namespace vitrine::tuf {

// On whose side of the table a key is. The key object says so itself, in a
// field that its identifier and the signatures of root cover.
enum class Side : uint8_t { kVendor, kOutside };
inline constexpr char kSideField[] = "x-vitrine-side";
std::string_view SideName(Side side);  // "vendor", "outside".
std::optional<Side> SideOf(const Key& key);

// A delegated role of the profile.
struct ProfileRole {
  std::string_view name;
  int parts;          // Of a path: engine/*/* has 3.
  bool both_sides;    // Whether its threshold must exceed either side's keys.
  int lifetime_days;  // From signing to expiry at most.
};
// Null for a name that the profile does not know.
const ProfileRole* FindProfileRole(std::string_view name);

Status CheckRootProfile(const Root& root);
Status CheckTimestampProfile(const Timestamp& timestamp);
Status CheckSnapshotProfile(const Snapshot& snapshot);
// The top-level targets: delegations and nothing else.
Status CheckTargetsProfile(const Targets& targets);
Status CheckDelegatedProfile(std::string_view role, const Targets& targets);

// For whoever signs at `now`: whether `role` ("root", "db", ...) may be valid
// until `expires`. Clients do not ask: their time may be a witness's, earlier.
Status CheckLifetime(std::string_view role, Time now, Time expires);

}  // namespace vitrine::tuf
