// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

// What a repository can make a client spend before it has proven anything. The
// sizes are those of tuf-js, so that a repository which it takes is taken here.
// Beyond any of these the file is refused as kLimit, except where said.
namespace vitrine::tuf {

// Bytes of a metadata file, where no signed file says its length.
inline constexpr size_t kRootSizeMax = 512'000;
inline constexpr size_t kTimestampSizeMax = 16'384;
inline constexpr size_t kSnapshotSizeMax = 2'000'000;
inline constexpr size_t kTargetsSizeMax = 5'000'000;

// Bytes of a target: of the largest database with room to grow. Signed lengths
// above it are refused.
inline constexpr int64_t kTargetSizeMax = int64_t{1} << 32;

// New root versions in one update; with more, the update goes on with the last
// (5.3.3), and the next one with the rest.
inline constexpr int kRootRotationsMax = 256;

// Roles looked at for one target; with more, the target is not found (5.6.7.1).
inline constexpr size_t kRolesVisitedMax = 32;

// Each signature costs a verification, and each verification a key.
inline constexpr size_t kSignaturesMax = 64;
inline constexpr size_t kKeysMax = 512;

// Delegations of one role, and patterns or prefixes of one delegation.
inline constexpr size_t kDelegationsMax = 1024;
inline constexpr size_t kPatternsMax = 16'384;

// Bytes of a role's name. Spelled with three characters a byte and with
// ".json" and a temporary suffix it must still be a file name (255).
inline constexpr size_t kRoleNameMax = 80;

// Bytes of a target's path, or of a pattern for one.
inline constexpr size_t kTargetPathMax = 1024;

}  // namespace vitrine::tuf
