// SPDX-License-Identifier: Apache-2.0
#include "crypto/digest.h"

#include <openssl/evp.h>

#include "base/check.h"

namespace vitrine::crypto {
namespace {

// Fetched once: EVP_md5() and its kin look the algorithm up at each use, which
// costs more than hashing a small file.
const EVP_MD* Fetched(Algorithm algorithm) {
  static EVP_MD* const kMd5 = EVP_MD_fetch(nullptr, "MD5", nullptr);
  static EVP_MD* const kSha1 = EVP_MD_fetch(nullptr, "SHA1", nullptr);
  static EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  static EVP_MD* const kSha512 = EVP_MD_fetch(nullptr, "SHA512", nullptr);
  switch (algorithm) {
    case Algorithm::kMd5:
      return kMd5;
    case Algorithm::kSha1:
      return kSha1;
    case Algorithm::kSha256:
      return kSha256;
    case Algorithm::kSha512:
      return kSha512;
  }
  return nullptr;
}

template <typename Digest>
Digest Hash(Algorithm algorithm, Bytes bytes) {
  Digest digest;
  unsigned size = 0;
  CHECK(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size,
                   Fetched(algorithm), nullptr) == 1);
  CHECK(size == digest.size());
  return digest;
}

}  // namespace

Md5Digest Md5(Bytes bytes) { return Hash<Md5Digest>(Algorithm::kMd5, bytes); }
Sha1Digest Sha1(Bytes bytes) {
  return Hash<Sha1Digest>(Algorithm::kSha1, bytes);
}
Sha256Digest Sha256(Bytes bytes) {
  return Hash<Sha256Digest>(Algorithm::kSha256, bytes);
}
Sha512Digest Sha512(Bytes bytes) {
  return Hash<Sha512Digest>(Algorithm::kSha512, bytes);
}

struct Hasher::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Hasher::Hasher(Algorithm algorithm) : state_(std::make_unique<State>()) {
  CHECK(EVP_DigestInit_ex(state_->context, Fetched(algorithm), nullptr) == 1);
}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::Update(Bytes bytes) {
  CHECK(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
}

ByteVector Hasher::Finish() {
  ByteVector digest(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  CHECK(EVP_DigestFinal_ex(state_->context, digest.data(), &size) == 1);
  digest.resize(size);
  return digest;
}

}  // namespace vitrine::crypto
