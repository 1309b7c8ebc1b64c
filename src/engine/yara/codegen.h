// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "engine/yara/ast.h"

namespace vitrine::engine::yara {

// The code (opcode.h) of a rule that was checked.
ByteVector Generate(const RuleDecl& rule);

// What reading `name` ("uint16be") means, in opcode.h's bits.
uint8_t ReadBits(const std::string& name);

}  // namespace vitrine::engine::yara
