// SPDX-License-Identifier: Apache-2.0
#include "formats/text/normalise.h"

#include <array>

#include "base/text.h"

namespace vitrine::text {
namespace {

// What a byte becomes; 0: nothing.
constexpr std::array<uint8_t, 256> MakeMap() {
  std::array<uint8_t, 256> map{};
  for (int c = 0x21; c < 0x80; ++c) {
    map[static_cast<size_t>(c)] = ToLower(static_cast<uint8_t>(c));
  }
  for (const char c : {' ', '\t', '\n', '\v', '\f', '\r'}) {
    map[static_cast<size_t>(c)] = ' ';
  }
  return map;
}

constexpr std::array<uint8_t, 256> kMap = MakeMap();

}  // namespace

Normalised Normalise(Bytes text, uint64_t size_max) {
  Normalised out;
  if (size_max != 0 && text.size() > size_max) {
    text = text.first(size_max);
    out.cut = true;
  }
  out.bytes.resize(text.size());
  uint8_t* const begin = out.bytes.data();
  uint8_t* to = begin;
  bool blank = false;
  for (const uint8_t byte : text) {
    const uint8_t mapped = kMap[byte];
    if (mapped == 0 || (blank && mapped == ' ')) continue;
    blank = mapped == ' ';
    *to++ = mapped;
  }
  out.bytes.resize(static_cast<size_t>(to - begin));
  return out;
}

}  // namespace vitrine::text
