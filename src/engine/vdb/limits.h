// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace vitrine::engine::vdb {

// Every table is indexed by 32 bits; a database near this has gone wrong.
// Refused above it, by the compiler and by the reader.
inline constexpr uint64_t kImageSizeMax = uint64_t{4} << 30;

// A filter's bitmap may have 2^28 bits (32 MiB) at most; more would leave every
// cache. Refused above it.
inline constexpr uint32_t kBitsLog2Max = 28;
inline constexpr uint32_t kBucketsLog2Max = 24;

// A gram is read at a literal's window: it must lie inside the literal.
inline constexpr uint32_t kLiteralSizeMax = 64;

}  // namespace vitrine::engine::vdb
