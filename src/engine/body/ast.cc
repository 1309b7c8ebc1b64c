// SPDX-License-Identifier: Apache-2.0
#include "engine/body/ast.h"

namespace vitrine::engine::body {

std::optional<uint32_t> LengthOf(const Element& element) {
  switch (element.kind) {
    case Element::Kind::kByte:
    case Element::Kind::kSet:
      return 1;
    case Element::Kind::kStrings:
      return static_cast<uint32_t>(element.strings.front().size());
    case Element::Kind::kGeneric:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace vitrine::engine::body
