// SPDX-License-Identifier: Apache-2.0
#include "crypto/signature.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "crypto/openssl_pointer.h"

namespace vitrine::crypto {
namespace {

constexpr int kGeneratedRsaBits = 3072;
constexpr char kP256[] = "prime256v1";

std::string TextOf(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  CHECK(size > 0);
  return std::string(data, static_cast<size_t>(size));
}

// The key's scheme; none for keys that we do not take.
std::optional<SignatureScheme> SchemeOf(EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "ED25519") == 1) return SignatureScheme::kEd25519;
  if (EVP_PKEY_is_a(key, "EC") == 1) {
    char name[32];
    size_t size = 0;
    if (EVP_PKEY_get_group_name(key, name, sizeof name, &size) != 1 ||
        std::string_view(name, size) != kP256) {
      return std::nullopt;
    }
    return SignatureScheme::kEcdsaP256;
  }
  const int bits = EVP_PKEY_get_bits(key);
  if (EVP_PKEY_is_a(key, "RSA") == 1 && bits >= kRsaBitsMin &&
      bits <= kRsaBitsMax) {
    return SignatureScheme::kRsaPssSha256;
  }
  return std::nullopt;
}

// Prepares `context` for one signature or verification.
bool Begin(EVP_MD_CTX* context, SignatureScheme scheme, EVP_PKEY* key,
           decltype(EVP_DigestVerifyInit) init, int salt) {
  const EVP_MD* digest =
      scheme == SignatureScheme::kEd25519 ? nullptr : EVP_sha256();
  EVP_PKEY_CTX* parameters = nullptr;  // Owned by `context`.
  if (context == nullptr ||
      init(context, &parameters, digest, nullptr, key) != 1) {
    return false;
  }
  return scheme != SignatureScheme::kRsaPssSha256 ||
         (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) ==
              1 &&
          EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, salt) == 1);
}

// The first block's kind and content.
struct PemBlock {
  std::string kind;
  ByteVector der;
};
Result<PemBlock> FirstBlock(std::string_view pem) {
  if (pem.size() > kKeySizeMax) return Error{Code::kLimit, "key too long"};
  const BioPointer bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  CHECK(bio != nullptr);
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  if (PEM_read_bio(bio.get(), &name, &header, &data, &size) != 1) {
    ERR_clear_error();
    return Error{Code::kInvalid, "no PEM block"};
  }
  PemBlock block{name, ByteVector(data, data + size)};
  if (*header != '\0') block.kind = "encrypted " + block.kind;
  OPENSSL_free(name);
  OPENSSL_free(header);
  OPENSSL_clear_free(data, static_cast<size_t>(size));
  return block;
}

// How each key of P-256 begins in the one encoding that is taken: named curve,
// and an uncompressed point of 65 bytes.
constexpr std::array<uint8_t, 27> kP256Spki = {
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
    0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
    0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};

bool IsCanonicalPoint(const Ed25519Public& bytes) {
  // Below 2^255 - 19, the sign bit aside: all but 19 values differ from it
  // within the upper 31 bytes.
  if ((bytes[31] & 0x7f) != 0x7f || bytes[0] < 0xed) return true;
  return std::any_of(bytes.begin() + 1, bytes.begin() + 31,
                     [](uint8_t byte) { return byte != 0xff; });
}

}  // namespace

Result<PublicKey> PublicKey::Ed25519(const Ed25519Public& bytes) {
  if (!IsCanonicalPoint(bytes)) {
    return Error{Code::kInvalid, "Ed25519 key is not canonical"};
  }
  EVP_PKEY* key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                              bytes.data(), bytes.size());
  CHECK(key != nullptr);
  return PublicKey(SignatureScheme::kEd25519, key);
}

Result<PublicKey> PublicKey::FromSpki(Bytes der) {
  if (der.size() > kKeySizeMax) return Error{Code::kLimit, "key too long"};
  const uint8_t* at = der.data();
  KeyPointer key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  ERR_clear_error();
  if (key == nullptr) return Error{Code::kInvalid, "no public key"};
  const auto scheme = SchemeOf(key.get());
  if (!scheme) return Error{Code::kInvalid, "unknown kind of public key"};
  PublicKey result(*scheme, key.release());
  if (const auto raw = result.ed25519(); raw && !IsCanonicalPoint(*raw)) {
    return Error{Code::kInvalid, "Ed25519 key is not canonical"};
  }
  const ByteVector again = result.Spki();
  // OpenSSL writes a P-256 key as it read it: compressed, say.
  const Bytes head = der.first(std::min(der.size(), kP256Spki.size()));
  if (!std::equal(again.begin(), again.end(), der.begin(), der.end()) ||
      (*scheme == SignatureScheme::kEcdsaP256 &&
       !std::equal(kP256Spki.begin(), kP256Spki.end(), head.begin(),
                   head.end()))) {
    return Error{Code::kInvalid, "public key is not in its one encoding"};
  }
  return result;
}

Result<PublicKey> PublicKey::FromPem(std::string_view pem) {
  const PemBlock block = TRY(FirstBlock(pem));
  if (block.kind != "PUBLIC KEY") {
    return Error{Code::kInvalid, "PEM block is no public key"};
  }
  return FromSpki(block.der);
}

Result<PublicKey> PublicKey::EcdsaP256(Bytes point) {
  constexpr size_t kPointSize = 65;
  constexpr uint8_t kUncompressed = 4;
  if (point.size() != kPointSize || point[0] != kUncompressed) {
    return Error{Code::kInvalid, "no uncompressed point of P-256"};
  }
  char group[] = "prime256v1";
  ByteVector bytes(point.begin(), point.end());
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, bytes.data(),
                                        bytes.size()),
      OSSL_PARAM_construct_end()};
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  CHECK(context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1);
  if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY,
                        const_cast<OSSL_PARAM*>(parameters)) != 1) {
    ERR_clear_error();
    return Error{Code::kInvalid, "no point of P-256"};
  }
  return PublicKey(SignatureScheme::kEcdsaP256, key);
}

PublicKey::PublicKey(const PublicKey& other)
    : scheme_(other.scheme_), key_(other.key_) {
  if (key_ != nullptr) CHECK(EVP_PKEY_up_ref(key_) == 1);
}
PublicKey& PublicKey::operator=(const PublicKey& other) {
  PublicKey copy(other);
  return *this = std::move(copy);
}
PublicKey::PublicKey(PublicKey&& other) noexcept
    : scheme_(other.scheme_), key_(std::exchange(other.key_, nullptr)) {}
PublicKey& PublicKey::operator=(PublicKey&& other) noexcept {
  scheme_ = other.scheme_;
  std::swap(key_, other.key_);
  return *this;
}
PublicKey::~PublicKey() { EVP_PKEY_free(key_); }

std::optional<Ed25519Public> PublicKey::ed25519() const {
  if (scheme_ != SignatureScheme::kEd25519) return std::nullopt;
  Ed25519Public bytes;
  size_t size = bytes.size();
  CHECK(EVP_PKEY_get_raw_public_key(key_, bytes.data(), &size) == 1);
  CHECK(size == bytes.size());
  return bytes;
}

ByteVector PublicKey::Spki() const {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key_, &der);
  CHECK(size > 0);
  ByteVector bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

std::string PublicKey::Pem() const {
  const BioPointer bio(BIO_new(BIO_s_mem()));
  CHECK(bio != nullptr && PEM_write_bio_PUBKEY(bio.get(), key_) == 1);
  return TextOf(bio.get());
}

bool PublicKey::Verify(Bytes message, Bytes signature) const {
  const DigestContext context(EVP_MD_CTX_new());
  const bool holds =
      Begin(context.get(), scheme_, key_, EVP_DigestVerifyInit,
            RSA_PSS_SALTLEN_AUTO) &&
      EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                       message.data(), message.size()) == 1;
  ERR_clear_error();
  return holds;
}

PrivateKey PrivateKey::Ed25519(const Ed25519Seed& seed) {
  EVP_PKEY* key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr,
                                               seed.data(), seed.size());
  CHECK(key != nullptr);
  return PrivateKey(PublicKey(SignatureScheme::kEd25519, key));
}

PrivateKey PrivateKey::Generate(SignatureScheme scheme) {
  EVP_PKEY* key = nullptr;
  switch (scheme) {
    case SignatureScheme::kEd25519:
      key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
      break;
    case SignatureScheme::kEcdsaP256:
      key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", kP256);
      break;
    case SignatureScheme::kRsaPssSha256:
      key =
          EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", size_t{kGeneratedRsaBits});
      break;
  }
  CHECK(key != nullptr);
  return PrivateKey(PublicKey(scheme, key));
}

Result<PrivateKey> PrivateKey::FromPem(std::string_view pem) {
  PemBlock block = TRY(FirstBlock(pem));
  if (block.kind != "PRIVATE KEY") {
    OPENSSL_cleanse(block.der.data(), block.der.size());
    return Error{Code::kInvalid, "PEM block is no unencrypted private key"};
  }
  const uint8_t* at = block.der.data();
  const auto size = static_cast<long>(block.der.size());
  KeyPointer key(d2i_AutoPrivateKey(nullptr, &at, size));
  ERR_clear_error();
  OPENSSL_cleanse(block.der.data(), block.der.size());
  if (key == nullptr) return Error{Code::kInvalid, "no private key"};
  const auto scheme = SchemeOf(key.get());
  if (!scheme) return Error{Code::kInvalid, "unknown kind of private key"};
  PublicKey both(*scheme, key.release());
  TRY(PublicKey::FromSpki(both.Spki()));
  return PrivateKey(std::move(both));
}

PublicKey PrivateKey::Public() const {
  // By its bytes, so that nobody who holds it holds the private parts.
  auto key = PublicKey::FromSpki(key_.Spki());
  CHECK(key.ok());
  return std::move(key).value();
}

std::string PrivateKey::Pem() const {
  const BioPointer bio(BIO_new(BIO_s_mem()));
  CHECK(bio != nullptr &&
        PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.key_, nullptr, nullptr, 0,
                                      nullptr, nullptr) == 1);
  return TextOf(bio.get());
}

ByteVector PrivateKey::Sign(Bytes message) const {
  const DigestContext context(EVP_MD_CTX_new());
  CHECK(Begin(context.get(), key_.scheme_, key_.key_, EVP_DigestSignInit,
              RSA_PSS_SALTLEN_DIGEST));
  size_t size = 0;
  CHECK(EVP_DigestSign(context.get(), nullptr, &size, message.data(),
                       message.size()) == 1);
  ByteVector signature(size);
  CHECK(EVP_DigestSign(context.get(), signature.data(), &size, message.data(),
                       message.size()) == 1);
  signature.resize(size);
  return signature;
}

}  // namespace vitrine::crypto
