// SPDX-License-Identifier: Apache-2.0
#include "engine/modules/tlsh.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace vitrine::engine::modules {
namespace {

constexpr size_t kSizeMin = 50;
constexpr size_t kWindow = 5;
constexpr size_t kBuckets = 128;
constexpr size_t kCodeSize = kBuckets / 4;

// Pearson's permutation ("Fast hashing of variable-length text strings", 1990).
constexpr std::array<uint8_t, 256> kPearson = {
    1,   87,  49,  12,  176, 178, 102, 166, 121, 193, 6,   84,  249, 230, 44,
    163, 14,  197, 213, 181, 161, 85,  218, 80,  64,  239, 24,  226, 236, 142,
    38,  200, 110, 177, 104, 103, 141, 253, 255, 50,  77,  101, 81,  18,  45,
    96,  31,  222, 25,  107, 190, 70,  86,  237, 240, 34,  72,  242, 20,  214,
    244, 227, 149, 235, 97,  234, 57,  22,  60,  250, 82,  175, 208, 5,   127,
    199, 111, 62,  135, 248, 174, 169, 211, 58,  66,  154, 106, 195, 245, 171,
    17,  187, 182, 179, 0,   243, 132, 56,  148, 75,  128, 133, 158, 100, 130,
    126, 91,  13,  153, 246, 216, 219, 119, 68,  223, 78,  83,  88,  201, 99,
    122, 11,  92,  32,  136, 114, 52,  10,  138, 30,  48,  183, 156, 35,  61,
    26,  143, 74,  251, 94,  129, 162, 63,  152, 170, 7,   115, 167, 241, 206,
    3,   150, 55,  59,  151, 220, 90,  53,  23,  131, 125, 173, 15,  238, 79,
    95,  89,  16,  105, 137, 225, 224, 217, 160, 37,  123, 118, 73,  2,   157,
    46,  116, 9,   145, 134, 228, 207, 212, 202, 215, 69,  229, 27,  188, 67,
    124, 168, 252, 42,  4,   29,  108, 21,  247, 19,  205, 39,  203, 233, 40,
    186, 147, 198, 192, 155, 33,  164, 191, 98,  204, 165, 180, 117, 76,  140,
    36,  210, 172, 41,  54,  159, 8,   185, 232, 113, 196, 231, 47,  146, 120,
    51,  65,  28,  144, 254, 221, 93,  189, 194, 139, 112, 43,  71,  109, 184,
    209};

uint8_t Pearson(uint8_t salt, uint8_t a, uint8_t b, uint8_t c) {
  uint8_t h = kPearson[salt];
  h = kPearson[h ^ a];
  h = kPearson[h ^ b];
  return kPearson[h ^ c];
}

// The length on a logarithmic scale that grows finer.
uint8_t LengthCode(size_t size) {
  const double n = std::log(static_cast<double>(size));
  double code = n / std::log(1.1) - 62.5472;
  if (size <= 656) {
    code = n / std::log(1.5);
  } else if (size <= 3199) {
    code = n / std::log(1.3) - 8.72777;
  }
  return static_cast<uint8_t>(static_cast<int>(std::floor(code)) & 0xff);
}

struct Counts {
  std::array<uint32_t, 256> buckets{};
  uint8_t checksum = 0;
};

// Six triplets of each window of five bytes, the newest first.
Counts Count(Bytes bytes) {
  Counts counts;
  for (size_t i = kWindow - 1; i < bytes.size(); ++i) {
    const uint8_t a = bytes[i];
    const uint8_t b = bytes[i - 1];
    const uint8_t c = bytes[i - 2];
    const uint8_t d = bytes[i - 3];
    const uint8_t e = bytes[i - 4];
    counts.checksum = Pearson(0, a, b, counts.checksum);
    ++counts.buckets[Pearson(2, a, b, c)];
    ++counts.buckets[Pearson(3, a, b, d)];
    ++counts.buckets[Pearson(5, a, c, d)];
    ++counts.buckets[Pearson(7, a, c, e)];
    ++counts.buckets[Pearson(11, a, b, e)];
    ++counts.buckets[Pearson(13, a, d, e)];
  }
  return counts;
}

void AppendHex(uint8_t high, uint8_t low, std::string& out) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  out += kDigits[high & 15];
  out += kDigits[low & 15];
}

void AppendSwapped(uint8_t byte, std::string& out) {
  AppendHex(byte, static_cast<uint8_t>(byte >> 4), out);
}

}  // namespace

std::string Tlsh(Bytes bytes) {
  if (bytes.size() < kSizeMin) return {};
  const Counts counts = Count(bytes);
  std::array<uint32_t, kBuckets> sorted;
  std::copy_n(counts.buckets.begin(), kBuckets, sorted.begin());
  std::sort(sorted.begin(), sorted.end());
  const uint32_t q1 = sorted[kBuckets / 4 - 1];
  const uint32_t q2 = sorted[kBuckets / 2 - 1];
  const uint32_t q3 = sorted[kBuckets - kBuckets / 4 - 1];
  const auto used = kBuckets - static_cast<size_t>(std::count(
                                   sorted.begin(), sorted.end(), 0u));
  if (q3 == 0 || used <= kBuckets / 2) return {};

  std::string out = "T1";
  AppendSwapped(counts.checksum, out);
  AppendSwapped(LengthCode(bytes.size()), out);
  AppendHex(static_cast<uint8_t>(uint64_t{q1} * 100 / q3 % 16),
            static_cast<uint8_t>(uint64_t{q2} * 100 / q3 % 16), out);
  for (size_t i = kCodeSize; i-- > 0;) {
    unsigned code = 0;
    for (size_t j = 0; j < 4; ++j) {
      const uint32_t count = counts.buckets[4 * i + j];
      const unsigned quartile = count > q3 ? 3 : count > q2 ? 2 : count > q1;
      code |= quartile << (2 * j);
    }
    AppendHex(static_cast<uint8_t>(code >> 4), static_cast<uint8_t>(code), out);
  }
  return out;
}

}  // namespace vitrine::engine::modules
