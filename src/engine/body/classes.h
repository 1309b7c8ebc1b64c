// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/body/ast.h"

// The byte sets behind (B), (L), (W) and ::f, as observed for all 256 bytes
// (reference §2.4).
namespace vitrine::engine::body {

enum class Class : uint8_t { kBoundary, kLine, kWord };

// As a byte before a part, after a part, and inside of one.
bool IsLeft(Class which, uint8_t byte);
bool IsRight(Class which, uint8_t byte);
ByteSet Inside(Class which);

// The byte is no letter and no digit.
bool IsWordBreak(uint8_t byte);

}  // namespace vitrine::engine::body
