// SPDX-License-Identifier: Apache-2.0
#include "crypto/cms.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <limits>
#include <memory>

#include "crypto/openssl_pointer.h"

namespace vitrine::crypto {
namespace {

using Store = std::unique_ptr<X509_STORE, Deleter<X509_STORE_free>>;
using Signature = std::unique_ptr<PKCS7, Deleter<PKCS7_free>>;

// The newest of OpenSSL's errors; the rest are dropped.
std::string LastError() {
  const unsigned long number = ERR_peek_last_error();
  const char* const reason = ERR_reason_error_string(number);
  ERR_clear_error();
  return reason == nullptr ? "unknown error" : reason;
}

BioPointer Reading(Bytes bytes) {
  if (bytes.size() > static_cast<size_t>(std::numeric_limits<int>::max())) {
    return nullptr;
  }
  return BioPointer(
      BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

Store MakeStore(std::span<const std::string> authorities) {
  Store store(X509_STORE_new());
  if (store == nullptr) return store;
  for (const std::string& pem : authorities) {
    const BioPointer in = Reading(AsBytes(pem));
    if (in == nullptr) continue;
    for (;;) {
      const X509Pointer certificate(
          PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
      if (certificate == nullptr) break;
      X509_STORE_add_cert(store.get(), certificate.get());
    }
  }
  ERR_clear_error();
  // The chain must end at one of ours; what the certificates say of their
  // purpose (mail, usually) does not matter here.
  X509_STORE_set_purpose(store.get(), X509_PURPOSE_ANY);
  return store;
}

}  // namespace

Status VerifyDetached(Bytes pkcs7, Bytes content,
                      std::span<const std::string> authorities) {
  if (pkcs7.size() > static_cast<size_t>(std::numeric_limits<long>::max())) {
    return Error{Code::kInvalid, "signature too large"};
  }
  const unsigned char* at = pkcs7.data();
  const Signature signature(
      d2i_PKCS7(nullptr, &at, static_cast<long>(pkcs7.size())));
  if (signature == nullptr || !PKCS7_type_is_signed(signature.get())) {
    ERR_clear_error();
    return Error{Code::kInvalid, "not a PKCS #7 signature"};
  }
  if (PKCS7_get_detached(signature.get()) != 1) {
    return Error{Code::kInvalid, "the signature is not a detached one"};
  }
  const BioPointer data = Reading(content);
  const Store store = MakeStore(authorities);
  if (data == nullptr || store == nullptr) {
    return Error{Code::kLimit, "too large to verify"};
  }
  if (PKCS7_verify(signature.get(), nullptr, store.get(), data.get(), nullptr,
                   PKCS7_BINARY) != 1) {
    return Error{Code::kDenied, LastError()};
  }
  return Ok();
}

}  // namespace vitrine::crypto
