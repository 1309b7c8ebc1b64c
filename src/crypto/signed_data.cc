// SPDX-License-Identifier: Apache-2.0
#include "crypto/signed_data.h"

#include <openssl/asn1.h>
#include <openssl/cms.h>
#include <openssl/pkcs7.h>

#include <algorithm>
#include <ctime>
#include <memory>

#include "crypto/der.h"

namespace vitrine::crypto {
namespace {

constexpr char kSignedDataOid[] = "1.2.840.113549.1.7.2";
constexpr char kMessageDigestOid[] = "1.2.840.113549.1.9.4";

Error Malformed(const char* what) { return {Code::kInvalid, what}; }

// Whether OpenSSL can make sense of all of it.
template <auto kDecode, auto kFree>
bool Decodes(Bytes der) {
  const uint8_t* at = der.data();
  auto* decoded = kDecode(nullptr, &at, static_cast<long>(der.size()));
  if (decoded == nullptr) return false;
  kFree(decoded);
  return true;
}

std::vector<Attribute> ReadAttributes(Bytes content) {
  std::vector<Attribute> out;
  DerReader reader(content);
  while (out.size() < kAttributeCountMax) {
    const auto attribute = reader.Next(DerTag::kSequence);
    if (!attribute) break;
    DerReader parts(attribute->content);
    const auto oid = parts.Next(DerTag::kObjectIdentifier);
    const auto values = parts.Next(DerTag::kSet);
    if (!oid || !values) continue;
    Attribute read;
    read.oid = OidText(oid->content);
    DerReader set(values->content);
    while (read.values.size() < kAttributeCountMax) {
      const auto value = set.Next();
      if (!value) break;
      read.values.push_back(value->whole);
    }
    out.push_back(std::move(read));
  }
  return out;
}

Bytes ValueOf(const std::vector<Attribute>& attributes,
              const std::string& oid) {
  for (const Attribute& attribute : attributes) {
    if (attribute.oid == oid && !attribute.values.empty()) {
      return attribute.values[0];
    }
  }
  return {};
}

// The certificate's serial number and issuer as they are encoded.
struct Identity {
  Bytes issuer;
  Bytes serial;
};

Identity IdentityOf(Bytes certificate) {
  DerReader outer(certificate);
  const auto whole = outer.Next(DerTag::kSequence);
  if (!whole) return {};
  DerReader body(whole->content);
  const auto signed_part = body.Next(DerTag::kSequence);
  if (!signed_part) return {};
  DerReader fields(signed_part->content);
  fields.Next(DerTag::kContextConstructed0);  // The version, if it is there.
  const auto serial = fields.Next(DerTag::kInteger);
  const auto algorithm = fields.Next(DerTag::kSequence);
  const auto issuer = fields.Next(DerTag::kSequence);
  if (!serial || !algorithm || !issuer) return {};
  return {issuer->whole, serial->content};
}

bool SameBytes(Bytes a, Bytes b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

std::vector<std::string> ReadAlgorithms(Bytes content) {
  std::vector<std::string> out;
  DerReader reader(content);
  while (out.size() < kSignerCountMax) {
    const auto algorithm = reader.Next(DerTag::kSequence);
    if (!algorithm) break;
    const auto oid =
        DerReader(algorithm->content).Next(DerTag::kObjectIdentifier);
    if (oid) out.push_back(OidText(oid->content));
  }
  return out;
}

void ReadCertificates(Bytes content, std::vector<Certificate>& out) {
  DerReader reader(content);
  while (out.size() < kCertificateCountMax) {
    const auto value = reader.Next();
    if (!value) return;
    auto certificate = ParseCertificate(value->whole);
    if (certificate.ok()) out.push_back(std::move(certificate).value());
  }
}

Result<Signer> ReadSigner(const DerValue& info) {
  DerReader reader(info.content);
  Signer signer;
  if (!reader.Next(DerTag::kInteger))
    return Malformed("signer without version");
  const auto identity = reader.Next(DerTag::kSequence);
  if (!identity) return Malformed("signer without issuer");
  DerReader names(identity->content);
  const auto issuer = names.Next(DerTag::kSequence);
  const auto serial = names.Next(DerTag::kInteger);
  if (!issuer || !serial) return Malformed("signer without serial");
  signer.issuer = issuer->whole;
  signer.serial = serial->content;
  const auto algorithm = reader.Next(DerTag::kSequence);
  if (!algorithm) return Malformed("signer without digest algorithm");
  const auto oid =
      DerReader(algorithm->content).Next(DerTag::kObjectIdentifier);
  if (!oid) return Malformed("signer without digest algorithm");
  signer.digest_oid = OidText(oid->content);
  signer.digest_algorithm = AlgorithmName(signer.digest_oid);
  if (const auto set = reader.Next(DerTag::kContextConstructed0)) {
    signer.signed_attributes = ReadAttributes(set->content);
    signer.signed_attributes_der.assign(set->whole.begin(), set->whole.end());
    // Digested as the SET that it is, not under its implicit tag.
    signer.signed_attributes_der[0] = static_cast<uint8_t>(DerTag::kSet);
  }
  if (!reader.Next(DerTag::kSequence)) {
    return Malformed("signer without signature algorithm");
  }
  const auto signature = reader.Next(DerTag::kOctetString);
  if (!signature) return Malformed("signer without signature");
  signer.signature = signature->content;
  if (const auto set = reader.Next(DerTag::kContextConstructed1)) {
    signer.unsigned_attributes = ReadAttributes(set->content);
  }
  return signer;
}

}  // namespace

Bytes Signer::SignedValue(const std::string& oid) const {
  return ValueOf(signed_attributes, oid);
}

Result<SignedData> ParseSignedData(Bytes der) {
  if (der.size() > kSignedDataSizeMax) {
    return Error{Code::kLimit, "signed message of more than 8 MiB"};
  }
  // Time stamps use what only CMS has, Authenticode what only PKCS #7 allows.
  if (!Decodes<d2i_PKCS7, PKCS7_free>(der) &&
      !Decodes<d2i_CMS_ContentInfo, CMS_ContentInfo_free>(der)) {
    return Malformed("no signed message");
  }
  const auto info = DerReader(der).Next(DerTag::kSequence);
  if (!info) return Malformed("no signed message");
  DerReader outer(info->content);
  const auto type = outer.Next(DerTag::kObjectIdentifier);
  const auto wrapped = outer.Next(DerTag::kContextConstructed0);
  if (!type || !wrapped || OidText(type->content) != kSignedDataOid) {
    return Malformed("no signed message");
  }
  const auto body = DerReader(wrapped->content).Next(DerTag::kSequence);
  if (!body) return Malformed("empty signed message");
  DerReader fields(body->content);
  const auto version = fields.Next(DerTag::kInteger);
  const auto algorithms = fields.Next(DerTag::kSet);
  const auto content_info = fields.Next(DerTag::kSequence);
  if (!version || !algorithms || !content_info) {
    return Malformed("signed message without content");
  }
  SignedData out;
  if (version->content.size() == 1) out.version = version->content[0];
  out.digest_oids = ReadAlgorithms(algorithms->content);
  DerReader content(content_info->content);
  if (const auto oid = content.Next(DerTag::kObjectIdentifier)) {
    out.content_type = OidText(oid->content);
  }
  if (const auto value = content.Next(DerTag::kContextConstructed0)) {
    const auto inner = DerReader(value->content).Next();
    if (inner) {
      out.content_tag = inner->tag;
      out.content = inner->content;
    }
  }
  if (const auto set = fields.Next(DerTag::kContextConstructed0)) {
    ReadCertificates(set->content, out.certificates);
  }
  fields.Next(DerTag::kContextConstructed1);  // Revocation lists.
  const auto signers = fields.Next(DerTag::kSet);
  if (!signers) return Malformed("signed message without signers");
  DerReader infos(signers->content);
  while (out.signers.size() < kSignerCountMax) {
    const auto value = infos.Next(DerTag::kSequence);
    if (!value) break;
    out.signers.push_back(TRY(ReadSigner(*value)));
  }
  return out;
}

Result<Signer> ParseSigner(Bytes der) {
  const auto value = DerReader(der).Next(DerTag::kSequence);
  if (!value || !Decodes<d2i_PKCS7_SIGNER_INFO, PKCS7_SIGNER_INFO_free>(der)) {
    return Malformed("no signer");
  }
  return ReadSigner(*value);
}

std::optional<size_t> FindCertificate(
    const std::vector<Certificate>& certificates, const Signer& signer) {
  for (size_t i = 0; i < certificates.size(); ++i) {
    const Identity identity = IdentityOf(certificates[i].der);
    if (SameBytes(identity.serial, signer.serial) &&
        SameBytes(identity.issuer, signer.issuer)) {
      return i;
    }
  }
  return std::nullopt;
}

std::vector<size_t> ChainOf(const std::vector<Certificate>& certificates,
                            size_t first) {
  std::vector<size_t> chain = {first};
  while (true) {
    const Certificate& last = certificates[chain.back()];
    const auto is_next = [&](size_t i) {
      return std::find(chain.begin(), chain.end(), i) == chain.end() &&
             IsIssuedBy(last, certificates[i]);
    };
    size_t next = 0;
    while (next < certificates.size() && !is_next(next)) ++next;
    if (next == certificates.size()) return chain;
    chain.push_back(next);
  }
}

bool VerifySigner(const Signer& signer, const Certificate& certificate,
                  Bytes content) {
  const Bytes covered = signer.signed_attributes_der.empty()
                            ? content
                            : Bytes(signer.signed_attributes_der);
  const ByteVector digest =
      DigestByName(signer.digest_algorithm, {&covered, 1});
  return !digest.empty() && VerifyDigest(certificate, signer.digest_algorithm,
                                         digest, signer.signature);
}

Bytes MessageDigest(const Signer& signer) {
  const auto value = DerReader(signer.SignedValue(kMessageDigestOid))
                         .Next(DerTag::kOctetString);
  return value ? value->content : Bytes();
}

std::optional<int64_t> TimeOf(Bytes der) {
  const uint8_t* at = der.data();
  const std::unique_ptr<ASN1_TIME, void (*)(ASN1_TIME*)> time(
      d2i_ASN1_TIME(nullptr, &at, static_cast<long>(der.size())),
      [](ASN1_TIME* value) { ASN1_TIME_free(value); });
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time.get(), &parts) != 1) {
    return std::nullopt;
  }
  return timegm(&parts);
}

}  // namespace vitrine::crypto
