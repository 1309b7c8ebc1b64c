// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "base/bytes.h"

// Digests, by OpenSSL. MD5 and SHA-1 are here because signature formats name
// content by them; nothing of ours trusts them.
namespace vitrine::crypto {

using Md5Digest = std::array<uint8_t, 16>;
using Sha1Digest = std::array<uint8_t, 20>;
using Sha256Digest = std::array<uint8_t, 32>;
using Sha512Digest = std::array<uint8_t, 64>;

Md5Digest Md5(Bytes bytes);
Sha1Digest Sha1(Bytes bytes);
Sha256Digest Sha256(Bytes bytes);
Sha512Digest Sha512(Bytes bytes);

enum class Algorithm : uint8_t { kMd5, kSha1, kSha256, kSha512 };

// For input that comes in pieces. Not thread-safe.
class Hasher {
 public:
  explicit Hasher(Algorithm algorithm);
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  void Update(Bytes bytes);
  // Ends the digest (16, 20, 32 or 64 bytes); no Update() after it.
  ByteVector Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vitrine::crypto
