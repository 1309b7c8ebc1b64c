// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "formats/executable_layout.h"
#include "formats/pe/pe.h"

namespace vitrine::dotnet {

struct Image {};

// Placeholder: refuses everything.
inline Result<Image> Parse(Bytes, const pe::Image&) {
  return Error{Code::kInvalid, "not implemented"};
}
inline ExecutableLayout Layout(const Image&) { return {}; }

}  // namespace vitrine::dotnet
