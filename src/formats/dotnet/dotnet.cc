// SPDX-License-Identifier: Apache-2.0
#include "formats/dotnet/dotnet.h"

#include "base/byte_reader.h"

namespace vitrine::dotnet {

Result<Image> Parse(Bytes, const pe::Image&) {
  return Error{Code::kInvalid, "no CLI header"};
}

}  // namespace vitrine::dotnet
