// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/ir/program.h"
#include "engine/vdb/format.h"

namespace vitrine::engine::compile {

// The word that a rule demands at offset 0; null: none.
const ir::Precheck::Word* FirstWord(const ir::Rule& rule);

// Whether views of this class do not begin with `word`, since what begins so is
// of another type. There are exceptions (a type may be given by a signature),
// so such a rule is not left out: it is evaluated wherever its word is seen,
// and the filter of the class is spared its patterns.
bool IsForeignTo(vdb::FilterClass filter_class, const ir::Precheck::Word& word);

}  // namespace vitrine::engine::compile
