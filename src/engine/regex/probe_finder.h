// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "engine/regex/byte_set.h"

namespace vitrine::engine::regex {

// Of the bytes of ordinary files, the part that is `byte` or in `set`; roughly.
double FrequencyOf(uint8_t byte);
double FrequencyOf(const ByteSet& set);

// A byte to look for: (text[place + offset] & mask) == value.
struct Probe {
  size_t offset = 0;
  uint8_t mask = 0;
  uint8_t value = 0;

  // Holds of all of the set's bytes, and of as few others as a mask can.
  static Probe Of(size_t offset, const ByteSet& set);
  bool Holds(uint8_t byte) const { return (byte & mask) == value; }
  double Frequency() const;
};

inline constexpr size_t kProbesMax = 3;

// The probes that are best to look for: one for each set, at the set's place.
// None where no set tells anything.
std::span<Probe> BestProbes(std::span<const ByteSet> sets,
                            std::array<Probe, kProbesMax>& probes);

// Finds places where up to three bytes at fixed distances are as wanted, 32
// places at a time where the processor can.
//
// Thread-compatible; immutable.
class ProbeFinder {
 public:
  static constexpr size_t kNowhere = SIZE_MAX;

  // One to kProbesMax. `size`: bytes that must follow a place, at the least
  // one more than the largest offset.
  ProbeFinder(std::span<const Probe> probes, size_t size);

  // The first place at or after `from`, or kNowhere.
  size_t Find(Bytes text, size_t from) const;

 private:
  size_t FindScalar(Bytes text, size_t from) const;
  size_t FindAvx2(Bytes text, size_t from) const;

  std::array<Probe, kProbesMax> probes_;  // Those left over repeat the first.
  size_t size_;
};

}  // namespace vitrine::engine::regex
