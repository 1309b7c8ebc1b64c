// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "engine/body/code.h"

namespace vitrine::engine::body {

// The least start in [from, to) at which both bytes of the anchor lie; `to`
// where there is none. to + either byte's distance stays inside `text`'s size.
uint64_t FindAnchor(const uint8_t* text, uint64_t from, uint64_t to,
                    const Anchor& anchor);

// As FindAnchor(), in plain C++ whatever the machine; for the tests.
uint64_t FindAnchorPlainly(const uint8_t* text, uint64_t from, uint64_t to,
                           const Anchor& anchor);

// How common a byte is in files: 0 rarest, 255 commonest.
uint8_t Commonness(uint8_t byte);

}  // namespace vitrine::engine::body
