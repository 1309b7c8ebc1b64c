// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "engine/body/body.h"

// Where a match may start (reference §2.3).
namespace vitrine::engine::body {

enum class OffsetKind : uint8_t {
  kAny,          // *
  kAbsolute,     // n
  kEndMinus,     // EOF-n
  kEntryPlus,    // EP+n
  kEntryMinus,   // EP-n
  kSection,      // Sx+n
  kLastSection,  // SL+n
  kInSection,    // SEx
  kVersionInfo,  // VI
  kMacro,        // $n
};

struct Offset {
  OffsetKind kind = OffsetKind::kAny;
  uint16_t section = 0;  // Of kSection, kInSection; the group of kMacro.
  uint32_t value = 0;
  uint32_t max_shift = 0;
};

// kInvalid as clamscan refuses it.
Result<Offset> ParseOffset(std::string_view text, int target);

// First and last start that are allowed.
struct Window {
  uint64_t first = 0;
  uint64_t last = UINT64_MAX;
  // Only where a version-information record starts.
  bool version_info = false;
  bool none = false;  // Nowhere.

  bool Allows(uint64_t start, const Input& input) const;
};

Window Resolve(const Offset& offset, const Input& input);

}  // namespace vitrine::engine::body
