// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "tlog/tile.h"

namespace vitrine::publisher {

// The files of a log in a folder: tiles and bundles as tlog-tiles names them; a
// partial one whose full one is there is cut out of it.
tlog::TileSource TilesIn(const std::string& folder);

// The hashes of the first `size` entries, as the tiles have them, not verified.
Result<std::vector<tlog::Hash>> LeafHashes(uint64_t size,
                                           const tlog::TileSource& source);

// Entry `index` of a log of `size`, not verified.
Result<ByteVector> ReadEntry(uint64_t index, uint64_t size,
                             const tlog::TileSource& source);

// Where the proof of an entry lies in the log's folder: "proof/7".
std::string ProofPath(uint64_t index);
// Of the first `size` entries, the first without a proof: all after it have
// none either. `size` where there is no such.
uint64_t FirstUnproven(const std::string& folder, uint64_t size);

// Beside the checkpoint, two that were the first with a quorum over what is
// listed now, the smaller tree first: who sees the log for the first time knows
// by them for how long it has been public (docs/spec/transparency-log.md).
inline constexpr const char* kEarlierNames[] = {"checkpoint.earliest",
                                                "checkpoint.earlier"};

}  // namespace vitrine::publisher
