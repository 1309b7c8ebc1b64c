// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "formats/executable_layout.h"

namespace vitrine::elf {

struct Image {};

// Placeholder: refuses everything.
inline Result<Image> Parse(Bytes) {
  return Error{Code::kInvalid, "not implemented"};
}
inline ExecutableLayout Layout(const Image&) { return {}; }

}  // namespace vitrine::elf
