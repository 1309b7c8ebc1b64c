// SPDX-License-Identifier: Apache-2.0
#include "formats/image/fuzzy_hash.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string_view>
#include <vector>

#include "formats/image/picture.h"

namespace vitrine::image {
namespace {

constexpr size_t kSide = 32;  // Of the picture that is transformed.
constexpr size_t kLow = 8;    // Of the corner of low frequencies that is kept.

using Square = std::array<std::array<double, kSide>, kSide>;

double Sinc(double x) {
  if (x == 0) return 1;
  const double a = x * std::numbers::pi;
  return std::sin(a) / a;
}

double Lanczos3(double x) {
  return std::abs(x) < 3 ? Sinc(x) * Sinc(x / 3) : 0;
}

// Which of `size` samples make each of kSide, and their weights.
struct Tap {
  size_t first = 0;
  std::vector<double> weights;
};

std::array<Tap, kSide> MakeTaps(size_t size) {
  std::array<Tap, kSide> taps;
  const double ratio = static_cast<double>(size) / kSide;
  const double scale = std::max(ratio, 1.0);
  const double limit = static_cast<double>(size);
  for (size_t i = 0; i < kSide; ++i) {
    const double center = (static_cast<double>(i) + 0.5) * ratio;
    const double left =
        std::clamp(std::floor(center - 3 * scale), 0.0, limit - 1);
    const double right =
        std::clamp(std::ceil(center + 3 * scale), left + 1, limit);
    Tap& tap = taps[i];
    tap.first = static_cast<size_t>(left);
    double sum = 0;
    for (double x = left; x < right; ++x) {
      const double weight = Lanczos3((x - (center - 0.5)) / scale);
      tap.weights.push_back(weight);
      sum += weight;
    }
    for (double& weight : tap.weights) weight /= sum;
  }
  return taps;
}

Square Shrink(const Picture& picture) {
  const auto across = MakeTaps(picture.width);
  const auto down = MakeTaps(picture.height);
  Square square;
  std::vector<double> line(picture.width);
  for (size_t y = 0; y < kSide; ++y) {
    std::ranges::fill(line, 0.0);
    for (size_t k = 0; k < down[y].weights.size(); ++k) {
      const uint8_t* row =
          picture.grey.data() + (down[y].first + k) * picture.width;
      const double weight = down[y].weights[k];
      for (size_t x = 0; x < line.size(); ++x) line[x] += weight * row[x];
    }
    for (size_t x = 0; x < kSide; ++x) {
      double sum = 0;
      for (size_t k = 0; k < across[x].weights.size(); ++k) {
        sum += across[x].weights[k] * line[across[x].first + k];
      }
      square[y][x] = std::round(std::clamp(sum, 0.0, 255.0));
    }
  }
  return square;
}

// The corner of low frequencies of the discrete cosine transform. What is
// nothing but rounding is nothing: plain areas hash to zeros.
std::array<double, kLow * kLow> LowFrequencies(const Square& square) {
  std::array<std::array<double, kSide>, kLow> wave;
  for (size_t k = 0; k < kLow; ++k) {
    for (size_t n = 0; n < kSide; ++n) {
      wave[k][n] = 2 * std::cos(std::numbers::pi * static_cast<double>(k) *
                                static_cast<double>(2 * n + 1) / (2 * kSide));
    }
  }
  std::array<double, kLow * kLow> out;
  for (size_t u = 0; u < kLow; ++u) {
    std::array<double, kSide> column{};
    for (size_t y = 0; y < kSide; ++y) {
      for (size_t x = 0; x < kSide; ++x) column[x] += wave[u][y] * square[y][x];
    }
    for (size_t v = 0; v < kLow; ++v) {
      double sum = 0;
      for (size_t x = 0; x < kSide; ++x) sum += wave[v][x] * column[x];
      constexpr double kNoise = 1e-6;
      out[u * kLow + v] = std::abs(sum) < kNoise ? 0 : sum;
    }
  }
  return out;
}

Result<Picture> Decode(Bytes image) {
  const std::string_view head = AsText(Clip(image, 0, 8));
  if (head == "\x89PNG\r\n\x1a\n") return DecodePng(image);
  if (head.starts_with("\xff\xd8\xff")) return DecodeJpeg(image);
  if (head.starts_with("GIF8")) return DecodeGif(image);
  if (head.starts_with("BM")) return DecodeBmp(image);
  return Error{Code::kInvalid, "no picture of a known kind"};
}

}  // namespace

Result<uint64_t> FuzzyHash(Bytes image) {
  const Picture picture = TRY(Decode(image));
  const auto low = LowFrequencies(Shrink(picture));
  auto sorted = low;
  std::ranges::sort(sorted);
  const double median =
      (sorted[sorted.size() / 2 - 1] + sorted[sorted.size() / 2]) / 2;
  uint64_t hash = 0;
  for (const double value : low) hash = hash << 1 | (value > median ? 1 : 0);
  return hash;
}

}  // namespace vitrine::image
