// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/digest.h"

// Authenticated encryption and the keys for it, by OpenSSL.
namespace vitrine::crypto {

using Key256 = std::array<uint8_t, 32>;
using Nonce96 = std::array<uint8_t, 12>;
inline constexpr size_t kTagSize = 16;

// AES-256-GCM (NIST SP 800-38D). One nonce must never seal twice under one key:
// whoever calls sees to that. Not thread-safe.
class Aead {
 public:
  explicit Aead(const Key256& key);
  ~Aead();
  Aead(Aead&&) noexcept;
  Aead& operator=(Aead&&) noexcept;

  // Appends ciphertext and tag: `plain.size() + kTagSize` bytes.
  void Seal(const Nonce96& nonce, Bytes associated, Bytes plain,
            ByteVector& out);

  // Appends what was sealed, or appends nothing and gives kDenied where key,
  // nonce, associated or sealed bytes are not those of one Seal().
  Status Open(const Nonce96& nonce, Bytes associated, Bytes sealed,
              ByteVector& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// HMAC-SHA-256 (RFC 2104). As a key derivation: a secret key, and a label that
// no other use has.
Sha256Digest HmacSha256(Bytes key, Bytes message);

// Fills with bytes that nobody can foresee, from the kernel.
void RandomBytes(std::span<uint8_t> out);

}  // namespace vitrine::crypto
