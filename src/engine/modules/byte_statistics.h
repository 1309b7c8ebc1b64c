// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <utility>

#include "base/bytes.h"
#include "engine/modules/module.h"

// The statistics of bytes that YARA's math module offers, those of Walker's
// `ent` (fourmilab.ch/random). Not-a-number where there is no answer.
namespace vitrine::engine::modules {

struct Histogram {
  Histogram() = default;
  explicit Histogram(Bytes bytes);

  std::array<uint64_t, 256> counts{};
  uint64_t total = 0;
};

// Histograms of an object's ranges, remembered between calls: many rules ask
// for the same. The math module's state.
class Histograms : public ModuleState {
 public:
  // Null where the range does not begin inside the object. Valid until the
  // next call.
  static const Histogram* Of(ModuleContext& context, int64_t offset,
                             int64_t size);
  // Of the whole object, empty ones too.
  static const Histogram* OfAll(ModuleContext& context);

 private:
  static const Histogram* Remember(ModuleContext& context, int64_t offset,
                                   Bytes range);

  std::map<std::pair<int64_t, uint64_t>, Histogram> ranges_;
  Histogram last_;
};

// What a byte counts as. YARA takes an object's bytes as they are, but those of
// a string argument as signed ones, as its char is on x86.
enum class As : uint8_t { kUnsigned, kSigned };

// In bits a byte; 0 of nothing.
double Entropy(const Histogram& histogram);
double Mean(const Histogram& histogram, As as);
// The mean distance from `mean`. The two differ in the last bits: YARA adds up
// by value for an object's bytes, by position for a string's.
double Deviation(const Histogram& histogram, double mean);
double Deviation(Bytes bytes, double mean, As as);
// The smallest of the most frequent bytes.
uint8_t MostFrequent(const Histogram& histogram);
// Of each byte with the next; -100000 where all are equal.
double SerialCorrelation(Bytes bytes, As as);
// The relative error of pi as estimated by 24-bit points.
double MonteCarloPi(Bytes bytes, As as);

}  // namespace vitrine::engine::modules
