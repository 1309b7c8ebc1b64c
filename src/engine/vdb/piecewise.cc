// SPDX-License-Identifier: Apache-2.0
#include "engine/vdb/piecewise.h"

#include <algorithm>

#include "base/check.h"
#include "engine/vdb/checksum.h"

namespace vitrine::engine::vdb {

uint64_t PiecesOf(uint64_t size) {
  return size / kPieceSize + (size % kPieceSize != 0 ? 1 : 0);
}

void Piecewise::Set(Bytes bytes, std::span<const uint64_t> sums) {
  CHECK(sums.size() == PiecesOf(bytes.size()));
  bytes_ = bytes;
  sums_ = sums;
  seen_ = std::make_unique<std::atomic<bool>[]>(sums.size());
}

void Piecewise::Check(uint64_t first, uint64_t last) const {
  for (uint64_t i = first / kPieceSize; i <= last / kPieceSize; ++i) {
    if (seen_[i].load(std::memory_order_acquire)) continue;
    const uint64_t begin = i * kPieceSize;
    const uint64_t size = std::min(kPieceSize, bytes_.size() - begin);
    if (Checksum(bytes_.subspan(begin, size)) != sums_[i]) {
      damaged_.store(true, std::memory_order_relaxed);
    }
    // Whoever finds it seen finds its damage, too.
    seen_[i].store(true, std::memory_order_release);
  }
}

}  // namespace vitrine::engine::vdb
