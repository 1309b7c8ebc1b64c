// SPDX-License-Identifier: Apache-2.0
#include "engine/modules/pe_signature_nodes.h"

namespace vitrine::engine::modules {
namespace {

// Numbers in kPeSignatureFields.
constexpr size_t kNotBefore = 7;
constexpr size_t kNotAfter = 8;

// Whether the certificate was valid at a time.
Value ValidOn(ModuleContext&, const Node& self,
              std::span<const Value> arguments) {
  const auto* from = std::get_if<int64_t>(&self[kNotBefore].value());
  const auto* to = std::get_if<int64_t>(&self[kNotAfter].value());
  if (from == nullptr || to == nullptr) return Undefined{};
  const int64_t time = std::get<int64_t>(arguments[0]);
  return int64_t{time >= *from && time <= *to};
}

}  // namespace

Node PeIsSigned(PeState&) { return Node::Int(0); }

Node PeSignatureCount(PeState&) { return Node::Int(0); }

Node PeSignatures(PeState&) { return Node(); }

const Overload kPeSignatureValidOn[1] = {{"i", Type::kInt, nullptr, ValidOn}};

}  // namespace vitrine::engine::modules
