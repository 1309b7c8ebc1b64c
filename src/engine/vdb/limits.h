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
// Of the bitmap of triples: 1 KiB, for hundreds of literals of four bytes.
inline constexpr uint32_t kTripleLog2 = 13;

// What the compiler cuts literals to, so that a gram's window fits a byte.
inline constexpr uint32_t kLiteralSizeMax = 64;

}  // namespace vitrine::engine::vdb
