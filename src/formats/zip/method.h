// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/deadline.h"
#include "formats/codec/decode.h"

namespace vitrine::zip {

// What came out of a member's data.
struct Unpacked {
  codec::End end = codec::End::kWhole;
  Bytes bytes;  // Of `decoded`, or of the packed data itself when stored.
  std::optional<codec::Decoded> decoded;
};

// Whether `method` can be unpacked; `all`: also those that ClamAV 1.4 cannot.
bool CanDecode(uint16_t method, bool all);

// Unpacks `packed` by a method that CanDecode() knows.
Unpacked Decode(uint16_t method, uint16_t flags, const codec::Input& packed);

}  // namespace vitrine::zip
