// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

struct evp_pkey_st;

// Public-key signatures over messages, by OpenSSL. Whom to trust is the
// caller's; so is which schemes it takes.
namespace vitrine::crypto {

enum class SignatureScheme : uint8_t {
  kEd25519,       // RFC 8032, pure. Signatures of 64 bytes.
  kEcdsaP256,     // FIPS 186-4 with SHA-256. Signatures in DER.
  kRsaPssSha256,  // RFC 8017 with MGF1 of SHA-256.
};

using Ed25519Public = std::array<uint8_t, 32>;
using Ed25519Seed = std::array<uint8_t, 32>;
inline constexpr size_t kEd25519SignatureSize = 64;

// Bits of an RSA modulus: what is less can be factored, what is more only costs
// time. Beyond either end a key is refused.
inline constexpr int kRsaBitsMin = 2048;
inline constexpr int kRsaBitsMax = 8192;

// Bytes of a key in DER or PEM that are looked at; one of 8,192 bits has 6,500
// with its private parts. More is kLimit.
inline constexpr size_t kKeySizeMax = 16384;

// A key that verifies. Copies share one constant key; threads may share it.
class PublicKey {
 public:
  // kInvalid for the second spelling that a few points have (RFC 8032, 5.1.3).
  // Some 32 bytes are no point at all: such a key verifies nothing.
  static Result<PublicKey> Ed25519(const Ed25519Public& bytes);
  // Exactly the bytes of a SubjectPublicKeyInfo in DER (RFC 5280) of one of the
  // schemes above. P-256 by name only; a point uncompressed.
  static Result<PublicKey> FromSpki(Bytes der);
  // The first block of a PEM text, which must be a "PUBLIC KEY".
  static Result<PublicKey> FromPem(std::string_view pem);
  // A point of P-256, uncompressed (65 bytes).
  static Result<PublicKey> EcdsaP256(Bytes point);

  PublicKey(const PublicKey& other);
  PublicKey& operator=(const PublicKey& other);
  PublicKey(PublicKey&& other) noexcept;
  PublicKey& operator=(PublicKey&& other) noexcept;
  ~PublicKey();

  SignatureScheme scheme() const { return scheme_; }
  // Only of kEd25519.
  std::optional<Ed25519Public> ed25519() const;
  ByteVector Spki() const;
  std::string Pem() const;

  // False for anything but a signature of this key over this message. A PSS
  // salt may have any length: makers differ.
  bool Verify(Bytes message, Bytes signature) const;

 private:
  friend class PrivateKey;
  PublicKey(SignatureScheme scheme, evp_pkey_st* key)
      : scheme_(scheme), key_(key) {}

  SignatureScheme scheme_;
  evp_pkey_st* key_;
};

// A key that signs. As PublicKey; OpenSSL wipes its memory at the end.
class PrivateKey {
 public:
  static PrivateKey Ed25519(const Ed25519Seed& seed);
  // A new key from the kernel's randomness. RSA has 3,072 bits.
  static PrivateKey Generate(SignatureScheme scheme);
  // The first block of a PEM text, which must be an unencrypted "PRIVATE KEY"
  // (PKCS #8) of one of the schemes, its public half in its one encoding.
  static Result<PrivateKey> FromPem(std::string_view pem);

  PrivateKey(const PrivateKey&) = default;
  PrivateKey& operator=(const PrivateKey&) = default;
  PrivateKey(PrivateKey&&) = default;
  PrivateKey& operator=(PrivateKey&&) = default;

  SignatureScheme scheme() const { return key_.scheme(); }
  // The public half.
  PublicKey Public() const;
  // Unencrypted PKCS #8.
  std::string Pem() const;

  ByteVector Sign(Bytes message) const;

 private:
  explicit PrivateKey(PublicKey key) : key_(std::move(key)) {}

  PublicKey key_;  // With the private parts.
};

}  // namespace vitrine::crypto
