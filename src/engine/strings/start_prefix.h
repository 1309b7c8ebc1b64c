// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "engine/regex/byte_set.h"

namespace vitrine::engine::strings {

// What the first bytes of every match of an expression or hex string must be,
// up to where its length begins to vary. Tells most candidates off without an
// automaton. Depends on the code alone; immutable.
class StartPrefix {
 public:
  // Of hostile code: one that every place passes.
  static StartPrefix Of(Bytes code);

  // Whether a match may begin at object[at]; false is certain.
  bool MayBeginAt(Bytes object, uint64_t at) const;

 private:
  bool Fits(Bytes object, uint64_t at, uint64_t step) const;

  std::vector<regex::ByteSet> sets_;
  bool narrow_ = true;
  bool wide_ = true;
};

}  // namespace vitrine::engine::strings
