// SPDX-License-Identifier: Apache-2.0
#include "engine/modules/byte_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>

#include "engine/modules/limits.h"
#include "engine/modules/range.h"

namespace vitrine::engine::modules {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double ValueOf(uint8_t byte, As as) {
  return as == As::kSigned ? static_cast<int8_t>(byte) : byte;
}

// A coordinate of 24 bits. A signed byte becomes a huge number, so that the
// point lies outside.
double Coordinate(Bytes bytes, As as) {
  double value = 0;
  for (const uint8_t byte : bytes) {
    const double digit =
        as == As::kSigned && byte >= 0x80 ? byte + 4294967040.0 : byte;
    value = value * 256 + digit;
  }
  return value;
}

}  // namespace

Histogram::Histogram(Bytes bytes) : total(bytes.size()) {
  for (const uint8_t byte : bytes) ++counts[byte];
}

const Histogram* Histograms::Of(ModuleContext& context, int64_t offset,
                                int64_t size) {
  const auto range = RangeOf(context.bytes(), offset, size);
  return range ? Remember(context, offset, *range) : nullptr;
}

const Histogram* Histograms::OfAll(ModuleContext& context) {
  return Remember(context, 0, context.bytes());
}

const Histogram* Histograms::Remember(ModuleContext& context, int64_t offset,
                                      Bytes range) {
  if (context.state() == nullptr) {
    context.state() = std::make_unique<Histograms>();
  }
  auto& self = static_cast<Histograms&>(*context.state());
  const std::pair key(offset, uint64_t{range.size()});
  const auto found = self.ranges_.find(key);
  if (found != self.ranges_.end()) return &found->second;
  if (self.ranges_.size() < kHistogramsRemembered) {
    return &self.ranges_.emplace(key, Histogram(range)).first->second;
  }
  self.last_ = Histogram(range);
  return &self.last_;
}

double Entropy(const Histogram& histogram) {
  double entropy = 0;
  for (const uint64_t count : histogram.counts) {
    if (count == 0) continue;
    const double share =
        static_cast<double>(count) / static_cast<double>(histogram.total);
    entropy -= share * std::log2(share);
  }
  return entropy;
}

double Mean(const Histogram& histogram, As as) {
  double sum = 0;
  for (size_t i = 0; i < histogram.counts.size(); ++i) {
    sum += ValueOf(static_cast<uint8_t>(i), as) *
           static_cast<double>(histogram.counts[i]);
  }
  return sum / static_cast<double>(histogram.total);
}

double Deviation(const Histogram& histogram, double mean) {
  double sum = 0;
  for (size_t i = 0; i < histogram.counts.size(); ++i) {
    sum += std::fabs(static_cast<double>(i) - mean) *
           static_cast<double>(histogram.counts[i]);
  }
  return sum / static_cast<double>(histogram.total);
}

double Deviation(Bytes bytes, double mean, As as) {
  double sum = 0;
  for (const uint8_t byte : bytes) sum += std::fabs(ValueOf(byte, as) - mean);
  return sum / static_cast<double>(bytes.size());
}

uint8_t MostFrequent(const Histogram& histogram) {
  const auto& counts = histogram.counts;
  return static_cast<uint8_t>(std::max_element(counts.begin(), counts.end()) -
                              counts.begin());
}

double SerialCorrelation(Bytes bytes, As as) {
  // Sums of integers, exact in a double up to 2^53.
  double products = 0;
  double sum = 0;
  double squares = 0;
  double previous = bytes.empty() ? 0 : ValueOf(bytes.back(), as);
  for (const uint8_t byte : bytes) {
    const double value = ValueOf(byte, as);
    products += previous * value;
    sum += value;
    squares += value * value;
    previous = value;
  }
  const double n = static_cast<double>(bytes.size());
  const double spread = n * squares - sum * sum;
  if (spread == 0) return -100000;
  return (n * products - sum * sum) / spread;
}

double MonteCarloPi(Bytes bytes, As as) {
  constexpr size_t kPointSize = 6;
  constexpr double kRadius = 0xffffff;
  uint64_t points = 0;
  uint64_t inside = 0;
  for (; bytes.size() >= kPointSize; bytes = bytes.subspan(kPointSize)) {
    const double x = Coordinate(bytes.first(kPointSize / 2), as);
    const double y =
        Coordinate(bytes.subspan(kPointSize / 2, kPointSize / 2), as);
    ++points;
    if (x * x + y * y <= kRadius * kRadius) ++inside;
  }
  if (points == 0) return kNone;
  const double pi =
      4.0 * static_cast<double>(inside) / static_cast<double>(points);
  return std::fabs((pi - std::numbers::pi) / std::numbers::pi);
}

}  // namespace vitrine::engine::modules
