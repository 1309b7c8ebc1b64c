// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/deadline.h"
#include "base/result.h"
#include "engine/ir/match.h"
#include "engine/strings/strings.h"

namespace vitrine::engine::strings {

// FindAll() and Check() of text strings.
Status FindText(Bytes code, Bytes object, uint64_t from, MatchSink& sink,
                Deadline deadline);
Candidate CheckText(Bytes code, Bytes object, uint64_t start);

}  // namespace vitrine::engine::strings
