// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/code.h"
#include "base/result.h"

// `id(>>off#options#cmp[,cmp])`: compares a number found near a match
// (reference §2.5), as clamscan 1.4 does it.
namespace vitrine::engine::clamav {

struct ByteCompare {
  enum class Type : uint8_t { kNone, kHex, kDecimal, kAuto, kRaw };
  enum class Order : uint8_t { kNone, kLittle, kBig };
  struct Condition {
    char compare = '=';  // = < >
    int64_t value = 0;
  };

  uint32_t trigger = 0;  // Id; beyond the last one it never matches.
  int64_t distance = 0;  // From the start of the trigger's last match.
  Type type = Type::kNone;
  Order order = Order::kNone;
  bool exact = false;
  uint32_t bytes = 0;
  std::vector<Condition> conditions;  // One or two; all must hold.
};

Result<ByteCompare> ParseByteCompare(std::string_view text);

// Whether the number at `start` + distance is as asked for.
bool Compares(const ByteCompare& compare, Bytes bytes, uint64_t start);

void WriteByteCompare(const ByteCompare& compare, CodeWriter& out);
Result<ByteCompare> ReadByteCompare(CodeReader& in);

}  // namespace vitrine::engine::clamav
