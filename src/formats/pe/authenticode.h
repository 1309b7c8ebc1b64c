// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crypto/certificate.h"
#include "formats/pe/pe.h"

namespace vitrine::pe {

// A statement of when a signature was made, signed by a clock's owner.
struct Countersignature {
  // The statement is of its certificate's key and about this signature.
  bool verified = false;
  std::optional<int64_t> time;  // Seconds since 1970, UTC.
  std::string digest_algorithm;
  ByteVector digest;
  std::vector<crypto::Certificate> chain;  // From its signer's upwards.
};

// One Authenticode signature of a file.
struct Signature {
  // The signature is of its certificate's key, over this file's digest. Not
  // whether anybody trusts that certificate.
  bool verified = false;
  std::vector<crypto::Certificate> certificates;  // All that came with it.
  std::string digest_algorithm;                   // "sha256".
  ByteVector digest;                              // That was signed.
  ByteVector file_digest;                         // Of this file, by the same.
  bool has_signer = false;
  std::string signer_digest_algorithm;
  ByteVector signer_digest;  // Of what was signed: the messageDigest attribute.
  std::optional<std::string> program_name;
  std::vector<crypto::Certificate> chain;  // From the signer's upwards.
  std::vector<Countersignature> countersignatures;
};

// Of the certificate table, those inside others after them. Costs nothing where
// there is no table; else as much as digesting the file.
std::vector<Signature> ReadSignatures(const Image& image);

}  // namespace vitrine::pe
