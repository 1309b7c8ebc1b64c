// SPDX-License-Identifier: Apache-2.0
#include "engine/modules/pe_signature_nodes.h"

#include <algorithm>
#include <string>

#include "base/text.h"

namespace vitrine::engine::modules {
namespace {

// Numbers in kPeSignatureFields.
constexpr size_t kNotBefore = 7;
constexpr size_t kNotAfter = 8;
constexpr size_t kVerified = 9;

// Texts are of the state, or made for it: both live as long as the context.
void SetCertificate(Node& node, const crypto::Certificate& certificate) {
  node.Set(0) = Node::String(certificate.thumbprint);
  node.Set(1) = Node::String(certificate.issuer);
  node.Set(2) = Node::String(certificate.subject);
  node.Set(3) = Node::Int(certificate.version);
  node.Set(4) = Node::String(certificate.algorithm);
  node.Set(5) = Node::String(certificate.algorithm_oid);
  node.Set(6) = Node::String(certificate.serial);
  node.Set(kNotBefore) = Node::Int(certificate.not_before);
  node.Set(kNotAfter) = Node::Int(certificate.not_after);
}

Node Certificates(const std::vector<crypto::Certificate>& certificates) {
  Node out;
  for (const crypto::Certificate& certificate : certificates) {
    SetCertificate(out.Set(out.size()), certificate);
  }
  return out;
}

template <typename Range>
Node Count(const Range& range) {
  return Node::Int(static_cast<int64_t>(range.size()));
}

Node Hex(PeState& pe, Bytes bytes) {
  if (bytes.empty()) return Node();
  return Node::String(pe.Keep(ToHex(bytes)));
}

Node Text(const std::string& text) {
  return text.empty() ? Node() : Node::String(text);
}

Node Signer(PeState& pe, const pe::Signature& signature) {
  Node out;
  out.Set(3) = Count(signature.chain);
  if (!signature.has_signer) return out;
  if (signature.program_name) {
    out.Set(0) = Node::String(*signature.program_name);
  }
  out.Set(1) = Hex(pe, signature.signer_digest);
  out.Set(2) = Text(signature.signer_digest_algorithm);
  out.Set(4) = Certificates(signature.chain);
  return out;
}

Node Countersignatures(PeState& pe, const pe::Signature& signature) {
  Node out;
  for (const pe::Countersignature& stamp : signature.countersignatures) {
    Node& node = out.Set(out.size());
    node.Set(0) = Node::Int(stamp.verified);
    if (stamp.time) node.Set(1) = Node::Int(*stamp.time);
    node.Set(2) = Hex(pe, stamp.digest);
    node.Set(3) = Text(stamp.digest_algorithm);
    node.Set(4) = Count(stamp.chain);
    node.Set(5) = Certificates(stamp.chain);
  }
  return out;
}

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

Node PeIsSigned(PeState& pe) {
  const auto& signatures = pe.signatures();
  return Node::Int(std::any_of(signatures.begin(), signatures.end(),
                               [](const auto& s) { return s.verified; }));
}

Node PeSignatureCount(PeState& pe) { return Count(pe.signatures()); }

Node PeSignatures(PeState& pe) {
  Node out;
  for (const pe::Signature& signature : pe.signatures()) {
    Node& node = out.Set(out.size());
    if (!signature.chain.empty()) SetCertificate(node, signature.chain[0]);
    node.Set(kVerified) = Node::Int(signature.verified);
    node.Set(10) = Text(signature.digest_algorithm);
    node.Set(11) = Hex(pe, signature.digest);
    node.Set(12) = Hex(pe, signature.file_digest);
    node.Set(13) = Count(signature.certificates);
    node.Set(14) = Certificates(signature.certificates);
    node.Set(15) = Signer(pe, signature);
    node.Set(16) = Count(signature.countersignatures);
    node.Set(17) = Countersignatures(pe, signature);
  }
  return out;
}

const Overload kPeSignatureValidOn[1] = {{"i", Type::kInt, nullptr, ValidOn}};

}  // namespace vitrine::engine::modules
