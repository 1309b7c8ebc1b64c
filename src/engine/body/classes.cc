// SPDX-License-Identifier: Apache-2.0
#include "engine/body/classes.h"

#include <string_view>

#include "base/text.h"

namespace vitrine::engine::body {
namespace {

constexpr std::string_view kLeftBoundary = " -./<@_";
constexpr std::string_view kRightBoundary = "\n\r \"'-/=>_";

bool Holds(std::string_view set, uint8_t byte) {
  return set.find(static_cast<char>(byte)) != std::string_view::npos;
}

}  // namespace

bool IsWordBreak(uint8_t byte) { return !IsAlnum(byte); }

bool IsLeft(Class which, uint8_t byte) {
  switch (which) {
    case Class::kBoundary:
      return Holds(kLeftBoundary, byte);
    case Class::kLine:
      return byte == '\n';
    case Class::kWord:
      return IsWordBreak(byte);
  }
  return false;
}

bool IsRight(Class which, uint8_t byte) {
  return which == Class::kBoundary ? Holds(kRightBoundary, byte)
                                   : IsLeft(which, byte);
}

// Within a part a boundary may be either side's.
ByteSet Inside(Class which) {
  ByteSet set;
  for (int c = 0; c < 256; ++c) {
    const auto byte = static_cast<uint8_t>(c);
    if (IsLeft(which, byte) || IsRight(which, byte)) set.Add(byte);
  }
  return set;
}

}  // namespace vitrine::engine::body
