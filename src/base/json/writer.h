// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/json/value.h"

namespace vitrine::json {

// `value` as JSON (RFC 8259) on one line, members in the order of their keys.
// Texts must be UTF-8, nesting within kDepthMax.
std::string Write(const Value& value);

// The same over several lines, two blanks a level, for people to read.
std::string WriteIndented(const Value& value);

// The one OLPC canonical form, which is what signatures and key identifiers of
// TUF and in-toto are made over: members in the order of their keys' code
// points, no blanks, and in texts only \ and " escaped. Not always JSON:
// control characters stand for themselves.
std::string WriteCanonical(const Value& value);

}  // namespace vitrine::json
