// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "update/delta/delta.h"

namespace vitrine::update {

// The old range of `part` with its columns corrected. `old_range` is returned
// as it is where there are none; otherwise the bytes are in `room`.
Bytes Renumbered(const Delta& delta, const Part& part, Bytes old_range,
                 ByteVector& room);

}  // namespace vitrine::update
