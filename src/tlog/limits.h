// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace vitrine::tlog {

// Entries of a tree: as many as a witness can be shown a consistency proof of,
// in the 63 lines that tlog-witness allows. No sum of two sizes wraps. More is
// kLimit.
inline constexpr uint64_t kTreeSizeMax = uint64_t{1} << 62;

// Hashes of a proof, by that. More is kInvalid.
inline constexpr size_t kInclusionProofMax = 62;
inline constexpr size_t kConsistencyProofMax = 63;

// Hashes of a full tile, entries of a full bundle; levels of tiles that a tree
// of that size has (256^8 > 2^62). tlog-tiles.
inline constexpr size_t kTileWidth = 256;
inline constexpr size_t kTileLevels = 8;

// Bytes of an entry: its length is 16 bits wide in a bundle. More is kLimit.
inline constexpr size_t kEntryMax = 65535;

// Bytes of a bundle, by that: 16.8 MB. Whoever fetches one stops there.
inline constexpr size_t kBundleBytesMax = kTileWidth * (kEntryMax + 2);

// Entries appended at one time, whose tiles are held in memory until they are
// written: at most 4.3 GB, with ours of 700 bytes 50 MB. More is kLimit.
inline constexpr size_t kAppendMax = 65536;

// Bytes of a signed note and lines of signatures. 16 lines must be accepted,
// and one of ML-DSA-44 has 3.3 kB: 128 of those fit. More is kLimit.
inline constexpr size_t kNoteBytesMax = 512 * 1024;
inline constexpr size_t kSignaturesMax = 128;

// Bytes of a signature after its key ID; the longest in use is 4,627
// (ML-DSA-87).
inline constexpr size_t kSignatureBytesMax = 8192;

// Bytes of a key name and of an origin: the length is 8 bits wide in what
// ML-DSA cosigners sign.
inline constexpr size_t kKeyNameMax = 255;
inline constexpr size_t kOriginMax = 255;

// Bytes of a public key in a verifier key; ML-DSA-87's has 2,592. And of the
// verifier key's text.
inline constexpr size_t kPublicKeyMax = 4096;
inline constexpr size_t kVerifierKeyTextMax = 6144;

// Lines of a checkpoint after its third. They are not recommended.
inline constexpr size_t kExtensionsMax = 16;

// A policy's bytes, logs, witnesses, groups, and members of all groups (each
// name is a member once). 32 of each must be possible; ours has 11. A quorum
// is judged in one pass over groups and members. More is kLimit.
inline constexpr size_t kPolicyBytesMax = 256 * 1024;
inline constexpr size_t kPolicyLogsMax = 64;
inline constexpr size_t kPolicyWitnessesMax = 128;
inline constexpr size_t kPolicyGroupsMax = 128;

// Bytes of the unauthenticated part of a proof file, decoded, and of the file.
inline constexpr size_t kExtraMax = 64 * 1024;
inline constexpr size_t kProofFileBytesMax = kNoteBytesMax + 128 * 1024;

// Bytes of a request to a witness, and of its answer.
inline constexpr size_t kAddCheckpointBytesMax = kNoteBytesMax + 4096;
inline constexpr size_t kAddCheckpointReplyMax = 64 * 1024;

// A cosignature's time in seconds since 1970: at least 1, at most this
// (tlog-cosignature).
inline constexpr uint64_t kTimeMax = (uint64_t{1} << 63) - 1;

}  // namespace vitrine::tlog
