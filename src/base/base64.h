// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

// Base 64 (RFC 4648, section 4) with padding, in its one spelling.
namespace vitrine {

std::string ToBase64(Bytes bytes);

// The bytes whose spelling `text` is, exactly: nothing for missing padding,
// blanks, other alphabets, or bits set that no byte holds.
std::optional<ByteVector> FromBase64(std::string_view text);

}  // namespace vitrine
