// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificate.h"

#include <openssl/asn1.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>

#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/openssl_pointer.h"

namespace vitrine::crypto {
namespace {

X509Pointer Decode(Bytes der) {
  const uint8_t* at = der.data();
  return X509Pointer(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

std::string OidOf(const ASN1_OBJECT* object) {
  char text[128];
  const int size = OBJ_obj2txt(text, sizeof text, object, 1);
  if (size <= 0 || size >= static_cast<int>(sizeof text)) return {};
  return text;
}

// Bytes that are not printable ASCII as \xNN.
std::string NameText(const X509_NAME* name) {
  char* line = X509_NAME_oneline(name, nullptr, 0);
  if (line == nullptr) return {};
  std::string text = line;
  OPENSSL_free(line);
  return text;
}

std::string SerialText(const ASN1_INTEGER* serial) {
  const Bytes bytes(ASN1_STRING_get0_data(serial),
                    static_cast<size_t>(ASN1_STRING_length(serial)));
  std::string text;
  for (const uint8_t byte : bytes) {
    if (!text.empty()) text += ':';
    text += ToHex({&byte, 1});
  }
  return text;
}

int64_t Seconds(const ASN1_TIME* time) {
  // No time leaves the parts zero: the last day of 1899, which is as good as
  // any that is no date of a certificate, and is what rules have met.
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) parts = {};
  return timegm(&parts);
}

// The signature's padded content is a bare digest: made by old signing tools.
bool IsBareDigest(EVP_PKEY* key, Bytes digest, Bytes signature) {
  const KeyContext context(EVP_PKEY_CTX_new(key, nullptr));
  if (context == nullptr || EVP_PKEY_verify_recover_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) != 1) {
    return false;
  }
  size_t size = 0;
  if (EVP_PKEY_verify_recover(context.get(), nullptr, &size, signature.data(),
                              signature.size()) != 1 ||
      size > kCertificateSizeMax) {
    return false;
  }
  ByteVector content(size);
  if (EVP_PKEY_verify_recover(context.get(), content.data(), &size,
                              signature.data(), signature.size()) != 1) {
    return false;
  }
  return std::equal(content.begin(),
                    content.begin() + static_cast<ptrdiff_t>(size),
                    digest.begin(), digest.end());
}

}  // namespace

Result<Certificate> ParseCertificate(Bytes der) {
  if (der.size() > kCertificateSizeMax) {
    return Error{Code::kLimit, "certificate of more than 64 KiB"};
  }
  const X509Pointer x509 = Decode(der);
  if (x509 == nullptr) return Error{Code::kInvalid, "no certificate"};
  Certificate out;
  out.der.assign(der.begin(), der.end());
  out.subject = NameText(X509_get_subject_name(x509.get()));
  out.issuer = NameText(X509_get_issuer_name(x509.get()));
  out.serial = SerialText(X509_get0_serialNumber(x509.get()));
  out.thumbprint = ToHex(Sha1(der));
  out.version = X509_get_version(x509.get()) + 1;
  const int algorithm = X509_get_signature_nid(x509.get());
  out.algorithm = OBJ_nid2ln(algorithm);  // "undefined" if it is unknown.
  if (algorithm != NID_undef) out.algorithm_oid = OidOf(OBJ_nid2obj(algorithm));
  out.not_before = Seconds(X509_get0_notBefore(x509.get()));
  out.not_after = Seconds(X509_get0_notAfter(x509.get()));
  return out;
}

bool IsIssuedBy(const Certificate& certificate, const Certificate& issuer) {
  // Decoding is dear, and most pairs have nothing to do with each other.
  if (ToLowerText(certificate.issuer) != ToLowerText(issuer.subject)) {
    return false;
  }
  const X509Pointer child = Decode(certificate.der);
  const X509Pointer parent = Decode(issuer.der);
  return child != nullptr && parent != nullptr &&
         X509_check_issued(parent.get(), child.get()) == X509_V_OK;
}

bool VerifyDigest(const Certificate& certificate,
                  const std::string& digest_algorithm, Bytes digest,
                  Bytes signature) {
  const X509Pointer x509 = Decode(certificate.der);
  if (x509 == nullptr) return false;
  EVP_PKEY* key = X509_get0_pubkey(x509.get());
  const EVP_MD* md = EVP_get_digestbyname(digest_algorithm.c_str());
  if (key == nullptr || md == nullptr) return false;
  const KeyContext context(EVP_PKEY_CTX_new(key, nullptr));
  if (context == nullptr || EVP_PKEY_verify_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_signature_md(context.get(), md) != 1) {
    return false;
  }
  if (EVP_PKEY_verify(context.get(), signature.data(), signature.size(),
                      digest.data(), digest.size()) == 1) {
    return true;
  }
  return EVP_PKEY_is_a(key, "RSA") == 1 && IsBareDigest(key, digest, signature);
}

std::string AlgorithmName(const std::string& oid) {
  return OBJ_nid2ln(OBJ_txt2nid(oid.c_str()));
}

ByteVector DigestByName(const std::string& algorithm,
                        std::span<const Bytes> parts) {
  const EVP_MD* md = EVP_get_digestbyname(algorithm.c_str());
  const DigestContext context(EVP_MD_CTX_new());
  if (md == nullptr || context == nullptr ||
      EVP_DigestInit_ex(context.get(), md, nullptr) != 1) {
    return {};
  }
  for (const Bytes part : parts) {
    if (EVP_DigestUpdate(context.get(), part.data(), part.size()) != 1) {
      return {};
    }
  }
  ByteVector digest(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  if (EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1) return {};
  digest.resize(size);
  return digest;
}

}  // namespace vitrine::crypto
