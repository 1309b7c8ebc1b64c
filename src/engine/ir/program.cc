// SPDX-License-Identifier: Apache-2.0
#include "engine/ir/program.h"

#include <algorithm>

namespace vitrine::engine::ir {

bool IsEmpty(const Program& program) {
  return program.rules.empty() && program.hashes.empty() &&
         std::all_of(program.auxiliaries.begin(), program.auxiliaries.end(),
                     [](const Auxiliary& auxiliary) {
                       return auxiliary.kind == Auxiliary::Kind::kExternal;
                     });
}

}  // namespace vitrine::engine::ir
