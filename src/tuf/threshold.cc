// SPDX-License-Identifier: Apache-2.0
#include "tuf/threshold.h"

#include <algorithm>
#include <set>

namespace vitrine::tuf {

namespace {

// The key itself, in the one spelling that it has: PEM and hex have several.
ByteVector MaterialOf(const crypto::PublicKey& key) {
  if (const auto raw = key.ed25519()) return {raw->begin(), raw->end()};
  return key.Spki();
}

}  // namespace

int64_t CountSigners(const Envelope& envelope, const Keys& keys,
                     const RoleKeys& role, Schemes schemes) {
  std::set<ByteVector> signers;
  for (const Signature& signature : envelope.signatures) {
    const auto key = keys.find(signature.key_id);
    if (key == keys.end() ||
        std::find(role.key_ids.begin(), role.key_ids.end(), signature.key_id) ==
            role.key_ids.end()) {
      continue;
    }
    const auto public_key = key->second.Public(schemes);
    if (public_key.ok() && public_key.value().Verify(
                               AsBytes(envelope.canonical), signature.bytes)) {
      signers.insert(MaterialOf(public_key.value()));
    }
  }
  return static_cast<int64_t>(signers.size());
}

Status CheckThreshold(const Envelope& envelope, const Keys& keys,
                      const RoleKeys& role, Schemes schemes,
                      const std::string& what, const std::string& whose) {
  const int64_t count = CountSigners(envelope, keys, role, schemes);
  if (count >= role.threshold) return Ok();
  return Error{Code::kDenied,
               what + ": below threshold: " + std::to_string(count) + " of " +
                   std::to_string(role.threshold) + " signatures that " +
                   whose + " asks for"};
}

}  // namespace vitrine::tuf
