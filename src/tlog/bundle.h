// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/bytes.h"
#include "base/result.h"

// Entry bundles (C2SP tlog-tiles): up to 256 entries, each after its length in
// 16 bits, big-endian.
namespace vitrine::tlog {

// The entries of a bundle of exactly `count` (1..256), views of `bytes`.
// kInvalid for bytes left over, kTruncated for bytes that lack.
Result<std::vector<Bytes>> ParseBundle(Bytes bytes, size_t count);

// The first `count` entries of a bundle that has more, as a bundle.
Result<ByteVector> CutBundle(Bytes bytes, size_t count);

// kLimit for an entry of more than kEntryMax bytes.
Status AppendToBundle(Bytes entry, ByteVector& bundle);

}  // namespace vitrine::tlog
