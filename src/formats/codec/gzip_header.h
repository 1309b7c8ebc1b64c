// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace vitrine::codec {

struct GzipHeader {
  uint64_t size = 0;  // Bytes of header.
  std::string name;   // As stored, cut at kNameMax; empty where there is none.
};

// The header of the gzip member at `offset` (RFC 1952, 2.3).
Result<GzipHeader> ParseGzipHeader(Bytes bytes, uint64_t offset);

}  // namespace vitrine::codec
