// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "formats/executable_layout.h"

namespace vitrine::macho {

struct File {};

// Placeholder: refuses everything.
inline Result<File> Parse(Bytes) {
  return Error{Code::kInvalid, "not implemented"};
}
inline ExecutableLayout Layout(const File&) { return {}; }

}  // namespace vitrine::macho
