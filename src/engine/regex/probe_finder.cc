// SPDX-License-Identifier: Apache-2.0
#include "engine/regex/probe_finder.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "engine/regex/literal_finder.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace vitrine::engine::regex {
namespace {

// Commonness() as parts of one.
std::array<double, 256> MakeFrequencies() {
  std::array<double, 256> frequencies = {};
  double sum = 0;
  for (size_t byte = 0; byte < 256; ++byte) {
    const int rarity = 280 - Commonness(static_cast<uint8_t>(byte));
    frequencies[byte] = std::exp2(-rarity / 25.0);
    sum += frequencies[byte];
  }
  for (double& frequency : frequencies) frequency /= sum;
  return frequencies;
}

}  // namespace

double FrequencyOf(uint8_t byte) {
  static const std::array<double, 256> kFrequencies = MakeFrequencies();
  return kFrequencies[byte];
}

double FrequencyOf(const ByteSet& set) {
  double sum = 0;
  for (size_t i = 0; i < 4; ++i) {
    for (uint64_t word = set.Word(i); word != 0; word &= word - 1) {
      sum += FrequencyOf(static_cast<uint8_t>(
          i * 64 + static_cast<size_t>(std::countr_zero(word))));
    }
  }
  return std::min(sum, 1.0);
}

Probe Probe::Of(size_t offset, const ByteSet& set) {
  const uint8_t first = set.First();
  unsigned differ = 0;
  for (unsigned byte = first; byte < 256; ++byte) {
    if (set.Has(static_cast<uint8_t>(byte))) differ |= byte ^ first;
  }
  const auto mask = static_cast<uint8_t>(~differ);
  return {offset, mask, static_cast<uint8_t>(first & mask)};
}

double Probe::Frequency() const {
  double sum = 0;
  for (unsigned byte = 0; byte < 256; ++byte) {
    if (Holds(static_cast<uint8_t>(byte))) {
      sum += FrequencyOf(static_cast<uint8_t>(byte));
    }
  }
  return std::min(sum, 1.0);
}

std::span<Probe> BestProbes(std::span<const ByteSet> sets,
                            std::array<Probe, kProbesMax>& probes) {
  struct Choice {
    Probe probe;
    double frequency;
  };
  std::array<Choice, kProbesMax> best;
  size_t count = 0;
  for (size_t i = 0; i < sets.size(); ++i) {
    Choice choice = {Probe::Of(i, sets[i]), 0};
    if (choice.probe.mask == 0) continue;
    choice.frequency = choice.probe.Frequency();
    // Of equal bytes the second tells little: they come in runs.
    for (size_t k = 0; k < count; ++k) {
      if (best[k].probe.mask == choice.probe.mask &&
          best[k].probe.value == choice.probe.value) {
        choice.frequency = std::max(choice.frequency, 0.5);
      }
    }
    size_t at = count;
    while (at > 0 && choice.frequency < best[at - 1].frequency) --at;
    if (at == kProbesMax) continue;
    count = std::min(count + 1, kProbesMax);
    for (size_t k = count - 1; k > at; --k) best[k] = best[k - 1];
    best[at] = choice;
  }
  for (size_t k = 0; k < count; ++k) probes[k] = best[k].probe;
  return std::span(probes).first(count);
}

ProbeFinder::ProbeFinder(std::span<const Probe> probes, size_t size)
    : size_(size) {
  CHECK(!probes.empty() && probes.size() <= kProbesMax);
  for (size_t i = 0; i < kProbesMax; ++i) {
    probes_[i] = probes[i < probes.size() ? i : 0];
    CHECK(probes_[i].offset < size);
  }
}

size_t ProbeFinder::FindScalar(Bytes text, size_t from) const {
  if (size_ > text.size()) return kNowhere;
  const size_t last = text.size() - size_;
  for (size_t at = from; at <= last; ++at) {
    if (probes_[0].Holds(text[at + probes_[0].offset]) &&
        probes_[1].Holds(text[at + probes_[1].offset]) &&
        probes_[2].Holds(text[at + probes_[2].offset])) {
      return at;
    }
  }
  return kNowhere;
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) size_t ProbeFinder::FindAvx2(
    Bytes text, size_t from) const {
  if (size_ > text.size()) return kNowhere;
  // Places from which 32 bytes can be read at each probe.
  const size_t places = text.size() - size_ + 1;
  __m256i masks[kProbesMax];
  __m256i values[kProbesMax];
  for (size_t i = 0; i < kProbesMax; ++i) {
    masks[i] = _mm256_set1_epi8(static_cast<char>(probes_[i].mask));
    values[i] = _mm256_set1_epi8(static_cast<char>(probes_[i].value));
  }
  size_t at = from;
  for (; at < places && places - at >= 32; at += 32) {
    const uint8_t* const base = text.data() + at;
    const auto test = [&](size_t i) __attribute__((target("avx2"))) {
      const __m256i bytes = _mm256_loadu_si256(
          reinterpret_cast<const __m256i*>(base + probes_[i].offset));
      return _mm256_cmpeq_epi8(_mm256_and_si256(bytes, masks[i]), values[i]);
    };
    const __m256i all =
        _mm256_and_si256(_mm256_and_si256(test(0), test(1)), test(2));
    const auto hits = static_cast<uint32_t>(_mm256_movemask_epi8(all));
    if (hits != 0) return at + static_cast<size_t>(__builtin_ctz(hits));
  }
  return FindScalar(text, at);
}

size_t ProbeFinder::Find(Bytes text, size_t from) const {
  return __builtin_cpu_supports("avx2") ? FindAvx2(text, from)
                                        : FindScalar(text, from);
}

#else

size_t ProbeFinder::Find(Bytes text, size_t from) const {
  return FindScalar(text, from);
}

#endif

}  // namespace vitrine::engine::regex
