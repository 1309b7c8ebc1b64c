// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>

#include "base/bytes.h"
#include "engine/vdb/format.h"

namespace vitrine::engine::vdb {

// The number of pieces that a section of `size` bytes has.
uint64_t PiecesOf(uint64_t size);

// A section whose pieces are held against their checksums when they are first
// read, so that opening a database costs nothing for what a scan never asks
// for. Damage is remembered and told by whoever scans: the bytes are given all
// the same, as nobody relies on a checksum for safety. Thread-safe; borrows
// both spans.
class Piecewise {
 public:
  // Once, before anything is read; `sums` has PiecesOf(bytes.size()) of them.
  void Set(Bytes bytes, std::span<const uint64_t> sums);

  uint64_t size() const { return bytes_.size(); }
  // `begin` and `size` must lie within the section.
  Bytes Read(uint64_t begin, uint64_t size) const {
    if (size != 0) Check(begin, begin + size - 1);
    return bytes_.subspan(begin, size);
  }
  // Whether the section is made of such records.
  template <typename T>
  bool Holds() const {
    return size() % sizeof(T) == 0;
  }
  // The records of a slice, which must lie within the section; none if `fits`
  // refuses one: then the section counts as damaged.
  template <typename T, typename Fits>
  std::span<const T> Records(Slice slice, const Fits& fits) const {
    const Bytes bytes = Read(uint64_t{slice.begin} * sizeof(T),
                             uint64_t{slice.count} * sizeof(T));
    const std::span<const T> records(reinterpret_cast<const T*>(bytes.data()),
                                     slice.count);
    if (std::all_of(records.begin(), records.end(), fits)) return records;
    damaged_.store(true, std::memory_order_relaxed);
    return {};
  }
  // Whether a piece or record that was read is not what it must be.
  bool damaged() const { return damaged_.load(std::memory_order_relaxed); }

 private:
  void Check(uint64_t first, uint64_t last) const;

  Bytes bytes_;
  std::span<const uint64_t> sums_;
  // One a piece: that it was looked at. Two threads may look at one twice.
  std::unique_ptr<std::atomic<bool>[]> seen_;
  mutable std::atomic<bool> damaged_ = false;
};

}  // namespace vitrine::engine::vdb
