// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "engine/strings/limits.h"

namespace vitrine::engine::strings {

// One of the byte runs a text string stands for.
struct Needle {
  ByteVector bytes;  // Not empty.
  bool wide = false;
};

// A text string after its modifiers were applied: what is searched for.
struct TextCode {
  bool nocase = false;
  bool fullword = false;
  bool is_xor = false;
  uint8_t xor_min = 0;
  uint8_t xor_max = 0;
  std::vector<Needle> needles;  // One to kNeedlesMax.
};

ByteVector Encode(const TextCode& text);

// The same, as a view of code: made anew for every candidate, so it owns
// nothing.
struct TextView {
  struct Needle {
    Bytes bytes;  // Not empty.
    bool wide = false;
  };
  bool nocase = false;
  bool fullword = false;
  bool is_xor = false;
  uint8_t xor_min = 0;
  uint8_t xor_max = 0;
  size_t count = 0;
  std::array<Needle, kNeedlesMax> needles;
};

// `code` may be hostile: nullopt.
std::optional<TextView> ViewText(Bytes code);

}  // namespace vitrine::engine::strings
