// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/certificate.h"

// Signed messages of PKCS #7 (RFC 2315) and CMS (RFC 5652), as Authenticode
// and time stamps use them: read leniently, judged fact by fact. Nothing here
// decides whom to trust.
namespace vitrine::crypto {

struct Attribute {
  std::string oid;
  std::vector<Bytes> values;  // DER. Views of the input.
};

// One signature over a content, or over another signature.
struct Signer {
  Bytes issuer;                  // DER of the signer's certificate's issuer.
  Bytes serial;                  // Content of its serial number.
  std::string digest_algorithm;  // "sha256" or "undefined".
  std::string digest_oid;
  // As it is digested: a SET. Empty where there are none.
  ByteVector signed_attributes_der;
  std::vector<Attribute> signed_attributes;
  std::vector<Attribute> unsigned_attributes;
  Bytes signature;

  // The only value of a signed or unsigned attribute; empty without it.
  Bytes SignedValue(const std::string& oid) const;
};

struct SignedData {
  int version = 0;                       // 0 for what is no small number.
  std::vector<std::string> digest_oids;  // That signers are to use.
  std::string content_type;              // Dotted number.
  uint8_t content_tag = 0;
  Bytes content;  // Of the content's value: what is digested.
  std::vector<Certificate> certificates;
  std::vector<Signer> signers;
};

// Bytes of a message looked at; certificates, signers and attributes read.
// Real ones have under 20 KiB and ten of each; what is beyond is refused
// (bytes) or ignored.
inline constexpr uint64_t kSignedDataSizeMax = uint64_t{8} << 20;
inline constexpr size_t kCertificateCountMax = 64;
inline constexpr size_t kSignerCountMax = 16;
inline constexpr size_t kAttributeCountMax = 64;

// The first value of `der`, which must outlive the result; what follows it is
// ignored. Refused where OpenSSL finds any part of it malformed: what one
// verifier shows and another does not is no signature.
Result<SignedData> ParseSignedData(Bytes der);

// A SignerInfo on its own: a PKCS #9 countersignature.
Result<Signer> ParseSigner(Bytes der);

// The signer's certificate: its number in `certificates`.
std::optional<size_t> FindCertificate(
    const std::vector<Certificate>& certificates, const Signer& signer);

// That certificate and its issuers, as far as they are there; numbers in
// `certificates`.
std::vector<size_t> ChainOf(const std::vector<Certificate>& certificates,
                            size_t first);

// Whether the signature is of `certificate`'s key over the signed attributes,
// or over `content` where there are none.
bool VerifySigner(const Signer& signer, const Certificate& certificate,
                  Bytes content);

// The messageDigest attribute's content; empty without one.
Bytes MessageDigest(const Signer& signer);

// Seconds since 1970 of the DER of a UTCTime or GeneralizedTime.
std::optional<int64_t> TimeOf(Bytes der);

}  // namespace vitrine::crypto
