// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/ir/program.h"
#include "engine/yara/ast.h"

namespace vitrine::engine::yara {

// What must hold for a checked condition to hold, as far as strings and other
// rules go. Must never ask for more than the condition does: a detection
// would be lost. Anything not understood asks for nothing.
ir::Gate MakeGate(const Expr& condition);

// The same for sizes of the file and integers at fixed offsets.
ir::Precheck MakePrecheck(const Expr& condition);

}  // namespace vitrine::engine::yara
