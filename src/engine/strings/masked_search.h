// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/deadline.h"
#include "base/result.h"
#include "engine/ir/match.h"
#include "engine/strings/expr_code.h"

namespace vitrine::engine::strings {

bool MatchesAt(const MaskedView& masked, Bytes object, uint64_t at);

// FindAll() of hex strings of fixed length.
Status FindMasked(const MaskedView& masked, Bytes object, uint64_t from,
                  MatchSink& sink, Deadline deadline);

}  // namespace vitrine::engine::strings
