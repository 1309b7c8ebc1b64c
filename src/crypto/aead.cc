// SPDX-License-Identifier: Apache-2.0
#include "crypto/aead.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/random.h>

#include <cerrno>

#include "base/check.h"

namespace vitrine::crypto {
namespace {

int Length(Bytes bytes) {
  CHECK(bytes.size() <= INT32_MAX);
  return static_cast<int>(bytes.size());
}

}  // namespace

struct Aead::State {
  State() : context(EVP_CIPHER_CTX_new()), key{} {}
  ~State() { EVP_CIPHER_CTX_free(context); }
  EVP_CIPHER_CTX* context;
  Key256 key;
};

Aead::Aead(const Key256& key) : state_(std::make_unique<State>()) {
  static EVP_CIPHER* const kCipher =
      EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  CHECK(kCipher != nullptr && state_->context != nullptr);
  state_->key = key;
  CHECK(EVP_CipherInit_ex2(state_->context, kCipher, key.data(), nullptr, 1,
                           nullptr) == 1);
}
Aead::~Aead() = default;
Aead::Aead(Aead&&) noexcept = default;
Aead& Aead::operator=(Aead&&) noexcept = default;

void Aead::Seal(const Nonce96& nonce, Bytes associated, Bytes plain,
                ByteVector& out) {
  EVP_CIPHER_CTX* const context = state_->context;
  const size_t start = out.size();
  out.resize(start + plain.size() + kTagSize);
  uint8_t* const text = out.data() + start;
  int count = 0;
  CHECK(EVP_CipherInit_ex2(context, nullptr, state_->key.data(), nonce.data(),
                           1, nullptr) == 1);
  CHECK(EVP_CipherUpdate(context, nullptr, &count, associated.data(),
                         Length(associated)) == 1);
  CHECK(plain.empty() || EVP_CipherUpdate(context, text, &count, plain.data(),
                                          Length(plain)) == 1);
  CHECK(EVP_CipherFinal_ex(context, text + plain.size(), &count) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, int{kTagSize},
                            text + plain.size()) == 1);
}

Status Aead::Open(const Nonce96& nonce, Bytes associated, Bytes sealed,
                  ByteVector& out) {
  const Error denied = {Code::kDenied, "sealed bytes are not authentic"};
  if (sealed.size() < kTagSize) return denied;
  const Bytes secret = sealed.first(sealed.size() - kTagSize);
  // OpenSSL takes the tag by a pointer to changeable bytes.
  ByteVector tag(sealed.end() - kTagSize, sealed.end());
  EVP_CIPHER_CTX* const context = state_->context;
  const size_t start = out.size();
  out.resize(start + secret.size());
  uint8_t* const text = out.data() + start;
  int count = 0;
  const bool authentic =
      EVP_CipherInit_ex2(context, nullptr, state_->key.data(), nonce.data(), 0,
                         nullptr) == 1 &&
      EVP_CipherUpdate(context, nullptr, &count, associated.data(),
                       Length(associated)) == 1 &&
      (secret.empty() || EVP_CipherUpdate(context, text, &count, secret.data(),
                                          Length(secret)) == 1) &&
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, int{kTagSize},
                          tag.data()) == 1 &&
      EVP_CipherFinal_ex(context, tag.data(), &count) == 1;
  if (authentic) return Ok();
  out.resize(start);
  return denied;
}

Sha256Digest HmacSha256(Bytes key, Bytes message) {
  Sha256Digest digest;
  unsigned size = 0;
  CHECK(HMAC(EVP_sha256(), key.data(), Length(key), message.data(),
             message.size(), digest.data(), &size) != nullptr);
  CHECK(size == digest.size());
  return digest;
}

void RandomBytes(std::span<uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    CHECK(got > 0);  // getrandom(2) fails otherwise only for our own mistakes.
    out = out.subspan(static_cast<size_t>(got));
  }
}

}  // namespace vitrine::crypto
