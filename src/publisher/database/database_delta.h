// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "engine/vdb/database.h"

namespace vitrine::publisher {

// A delta file (update/delta/delta.h) from one compiled database to the next.
// Rules, patterns, strings and hash entries of the two are paired by what they
// are, and the pairs tell how numbers changed. Takes seconds.
Result<ByteVector> MakeDatabaseDelta(const engine::vdb::Database& from,
                                     const engine::vdb::Database& to);

}  // namespace vitrine::publisher
