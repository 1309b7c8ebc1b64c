// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace vitrine::crypto {

// What an X.509 certificate says, in the spellings that signature languages
// use. Says nothing about whether anybody should believe it.
struct Certificate {
  ByteVector der;
  std::string subject;        // "/C=US/O=Example, Inc./CN=Example".
  std::string issuer;         // Spelled as `subject`.
  std::string serial;         // "07:e2:ef".
  std::string thumbprint;     // SHA-1 of `der`, lower-case hex.
  std::string algorithm;      // "sha256WithRSAEncryption" or "undefined".
  std::string algorithm_oid;  // "1.2.840.113549.1.1.11"; empty if unknown.
  int64_t version = 0;        // From 1.
  int64_t not_before = 0;     // Seconds since 1970, UTC.
  int64_t not_after = 0;
};

// Certificates of more bytes are refused as kLimit.
inline constexpr uint64_t kCertificateSizeMax = 65536;

Result<Certificate> ParseCertificate(Bytes der);

// Whether `certificate` names `issuer` as its issuer, by name, key identifier
// and permitted use. Checks no signature.
bool IsIssuedBy(const Certificate& certificate, const Certificate& issuer);

// Whether `signature` over a digest made with `digest_algorithm` ("sha256") is
// of the certificate's key. False for anything it cannot judge.
bool VerifyDigest(const Certificate& certificate,
                  const std::string& digest_algorithm, Bytes digest,
                  Bytes signature);

// "sha256" for "2.16.840.1.101.3.4.2.1"; "undefined" for an unknown number.
std::string AlgorithmName(const std::string& oid);

// The digest of `parts`, one after the other, by OpenSSL's name for it; empty
// for an unknown name.
ByteVector DigestByName(const std::string& algorithm,
                        std::span<const Bytes> parts);

}  // namespace vitrine::crypto
