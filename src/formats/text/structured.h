// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace vitrine::text {

// Numbers that look like what nobody should leak (--detect-structured).
// Counted up to 2^32 - 1.
struct Structured {
  uint32_t credit_cards = 0;  // Issuer and check digit fit.
  uint32_t cards_only = 0;    // Of these, without debit and store cards.
  uint32_t ssn_normal = 0;    // 123-45-6789
  uint32_t ssn_stripped = 0;  // 123456789
};

Structured CountStructured(Bytes text);

}  // namespace vitrine::text
