// SPDX-License-Identifier: Apache-2.0
#include "formats/pe/authenticode.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/byte_reader.h"
#include "crypto/der.h"
#include "crypto/signed_data.h"
#include "formats/pe/limits.h"

namespace vitrine::pe {
namespace {

using crypto::DerReader;
using crypto::DerTag;

constexpr uint64_t kEntryHeaderSize = 8;
constexpr int kSignedDataVersion = 1;

constexpr char kIndirectDataOid[] = "1.3.6.1.4.1.311.2.1.4";
constexpr char kOpusInfoOid[] = "1.3.6.1.4.1.311.2.1.12";
constexpr char kNestedOid[] = "1.3.6.1.4.1.311.2.4.1";
constexpr char kTimestampTokenOid[] = "1.3.6.1.4.1.311.3.3.1";
constexpr char kCountersignatureOid[] = "1.2.840.113549.1.9.6";
constexpr char kSigningTimeOid[] = "1.2.840.113549.1.9.5";
constexpr char kTimestampInfoOid[] = "1.2.840.113549.1.9.16.1.4";

struct DigestInfo {
  std::string algorithm;
  Bytes digest;
};

// SEQUENCE { algorithm, OCTET STRING }
std::optional<DigestInfo> ReadDigestInfo(Bytes sequence) {
  DerReader fields(sequence);
  const auto algorithm = fields.Next(DerTag::kSequence);
  const auto digest = fields.Next(DerTag::kOctetString);
  if (!algorithm || !digest) return std::nullopt;
  const auto oid =
      DerReader(algorithm->content).Next(DerTag::kObjectIdentifier);
  if (!oid) return std::nullopt;
  return DigestInfo{crypto::AlgorithmName(crypto::OidText(oid->content)),
                    digest->content};
}

std::vector<crypto::Certificate> Pick(
    const std::vector<crypto::Certificate>& certificates,
    const std::vector<size_t>& numbers) {
  std::vector<crypto::Certificate> out;
  for (const size_t number : numbers) out.push_back(certificates[number]);
  return out;
}

ByteVector Copy(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

bool SameBytes(Bytes a, Bytes b) {
  return !a.empty() && std::equal(a.begin(), a.end(), b.begin(), b.end());
}

// UTF-16, big-endian, to UTF-8-less text: characters outside Latin-1 have no
// place in a program's name field that rules compare with.
std::string NarrowBmp(Bytes bytes) {
  std::string text;
  for (size_t i = 0; i + 1 < bytes.size(); i += 2) {
    text += static_cast<char>(bytes[i + 1]);
  }
  return text;
}

// SpcSpOpusInfo: SEQUENCE { [0] { [0] BMPString or [1] IA5String } }
std::optional<std::string> ProgramName(const crypto::Signer& signer) {
  const auto info =
      DerReader(signer.SignedValue(kOpusInfoOid)).Next(DerTag::kSequence);
  if (!info) return std::nullopt;
  const auto name = DerReader(info->content).Next(DerTag::kContextConstructed0);
  if (!name) return std::nullopt;
  DerReader choice(name->content);
  if (const auto text = choice.Next(DerTag::kContext0)) {
    return NarrowBmp(text->content);
  }
  if (const auto text = choice.Next(DerTag::kContext1)) {
    return std::string(AsText(text->content));
  }
  return std::nullopt;
}

// Reads the signatures of one file, which share its digests.
class Reader {
 public:
  Reader(const Image& image, std::vector<Signature>& out)
      : image_(image), out_(out) {}

  // The table must lie in the file; its entries may end after the table. What
  // revision and type they claim is not looked at: neither does Windows care.
  void Run() {
    const DataDirectory table = image_.directory(Directory::kSecurity);
    const ByteReader file(image_.bytes);
    if (table.address == 0 || !file.Contains(table.address, table.size)) return;
    const uint64_t end = uint64_t{table.address} + table.size;
    uint64_t at = table.address;
    while (at < end && end - at >= kEntryHeaderSize &&
           out_.size() < kSignatureCountMax) {
      const uint32_t size = *file.U32(at);
      if (size <= kEntryHeaderSize || !file.Contains(at, size)) return;
      Read(image_.bytes.subspan(at + kEntryHeaderSize, size - kEntryHeaderSize),
           0);
      at += (uint64_t{size} + 7) & ~uint64_t{7};
    }
  }

 private:
  void Read(Bytes der, int depth) {
    if (out_.size() >= kSignatureCountMax || depth > kNestedDepthMax) return;
    const auto parsed = crypto::ParseSignedData(der);
    if (!parsed.ok()) return;
    const crypto::SignedData& data = parsed.value();
    Signature signature;
    signature.certificates = data.certificates;
    if (!ReadDigest(data, signature) || data.signers.empty()) {
      out_.push_back(std::move(signature));
      return;
    }
    const crypto::Signer& signer = data.signers[0];
    const auto number = crypto::FindCertificate(data.certificates, signer);
    if (!number) return;  // Nobody's signature.
    ReadSigner(data, signer, *number, signature);
    ReadCountersignatures(data, signer, signature);
    out_.push_back(std::move(signature));
    ReadNested(signer, depth);
  }

  // SpcIndirectDataContent: SEQUENCE { data, DigestInfo }. Whether it is one.
  bool ReadDigest(const crypto::SignedData& data, Signature& signature) {
    if (data.content_type != kIndirectDataOid ||
        data.content_tag != static_cast<uint8_t>(DerTag::kSequence)) {
      return false;
    }
    DerReader fields(data.content);
    const auto spc = fields.Next(DerTag::kSequence);
    const auto info = fields.Next(DerTag::kSequence);
    if (!spc || !info) return false;
    const auto digest = ReadDigestInfo(info->content);
    if (!digest) return false;
    signature.digest_algorithm = digest->algorithm;
    signature.digest = Copy(digest->digest);
    signature.file_digest = FileDigest(digest->algorithm);
    return true;
  }

  static void ReadSigner(const crypto::SignedData& data,
                         const crypto::Signer& signer, size_t number,
                         Signature& signature) {
    signature.has_signer = true;
    signature.signer_digest_algorithm = signer.digest_algorithm;
    signature.signer_digest = Copy(crypto::MessageDigest(signer));
    signature.program_name = ProgramName(signer);
    signature.chain =
        Pick(data.certificates, crypto::ChainOf(data.certificates, number));
    const auto& oids = data.digest_oids;
    signature.verified =
        data.version == kSignedDataVersion &&
        std::find(oids.begin(), oids.end(), signer.digest_oid) != oids.end() &&
        SameBytes(signature.digest, signature.file_digest) &&
        SameBytes(signature.signer_digest,
                  crypto::DigestByName(signer.digest_algorithm,
                                       {&data.content, 1})) &&
        crypto::VerifySigner(signer, data.certificates[number], data.content);
  }

  static void ReadCountersignatures(const crypto::SignedData& data,
                                    const crypto::Signer& signer,
                                    Signature& signature) {
    for (const crypto::Attribute& attribute : signer.unsigned_attributes) {
      for (const Bytes value : attribute.values) {
        if (signature.countersignatures.size() >= kCountersignatureCountMax) {
          return;
        }
        std::optional<Countersignature> read;
        if (attribute.oid == kCountersignatureOid) {
          read = ReadCountersigner(data, signer, value);
        } else if (attribute.oid == kTimestampTokenOid) {
          read = ReadTimestampToken(signer, value, signature.certificates);
        }
        if (read) signature.countersignatures.push_back(*std::move(read));
      }
    }
  }

  // PKCS #9: another signer, of the signature itself.
  static std::optional<Countersignature> ReadCountersigner(
      const crypto::SignedData& data, const crypto::Signer& signer, Bytes der) {
    const auto parsed = crypto::ParseSigner(der);
    if (!parsed.ok()) return std::nullopt;
    const crypto::Signer& clock = parsed.value();
    Countersignature out;
    out.time = crypto::TimeOf(clock.SignedValue(kSigningTimeOid));
    out.digest_algorithm = clock.digest_algorithm;
    out.digest = Copy(crypto::MessageDigest(clock));
    const auto number = crypto::FindCertificate(data.certificates, clock);
    if (!number) return out;
    out.chain =
        Pick(data.certificates, crypto::ChainOf(data.certificates, *number));
    out.verified =
        SameBytes(out.digest, crypto::DigestByName(clock.digest_algorithm,
                                                   {&signer.signature, 1})) &&
        crypto::VerifySigner(clock, data.certificates[*number],
                             signer.signature);
    return out;
  }

  // RFC 3161: a signed message about the signature's digest and a time. Its
  // certificates are appended to the signature's.
  static Countersignature ReadTimestampToken(
      const crypto::Signer& signer, Bytes der,
      std::vector<crypto::Certificate>& certificates) {
    Countersignature out;
    out.time = 0;
    const auto parsed = crypto::ParseSignedData(der);
    if (!parsed.ok()) return out;
    const crypto::SignedData& data = parsed.value();
    const auto info = ReadTimestampInfo(data);
    if (!info || data.signers.empty()) return out;
    out.time = info->time;
    const crypto::Signer& clock = data.signers[0];
    const auto number = crypto::FindCertificate(data.certificates, clock);
    if (!number) return out;
    certificates.insert(certificates.end(), data.certificates.begin(),
                        data.certificates.end());
    out.digest_algorithm = info->imprint.algorithm;
    out.digest = Copy(info->imprint.digest);
    out.chain =
        Pick(data.certificates, crypto::ChainOf(data.certificates, *number));
    out.verified =
        SameBytes(out.digest, crypto::DigestByName(out.digest_algorithm,
                                                   {&signer.signature, 1})) &&
        SameBytes(
            crypto::MessageDigest(clock),
            crypto::DigestByName(clock.digest_algorithm, {&data.content, 1})) &&
        crypto::VerifySigner(clock, data.certificates[*number], data.content);
    return out;
  }

  struct TimestampInfo {
    DigestInfo imprint;
    std::optional<int64_t> time;
  };

  // TSTInfo: OCTET STRING { SEQUENCE { version, policy, DigestInfo, serial,
  // time ... } }
  static std::optional<TimestampInfo> ReadTimestampInfo(
      const crypto::SignedData& data) {
    if (data.content_type != kTimestampInfoOid) return std::nullopt;
    const auto info = DerReader(data.content).Next(DerTag::kSequence);
    if (!info) return std::nullopt;
    DerReader fields(info->content);
    const auto version = fields.Next(DerTag::kInteger);
    const auto policy = fields.Next(DerTag::kObjectIdentifier);
    const auto imprint = fields.Next(DerTag::kSequence);
    const auto serial = fields.Next(DerTag::kInteger);
    const auto time = fields.Next(DerTag::kGeneralizedTime);
    if (!version || !policy || !imprint || !serial || !time) {
      return std::nullopt;
    }
    const auto digest = ReadDigestInfo(imprint->content);
    if (!digest) return std::nullopt;
    return TimestampInfo{*digest, crypto::TimeOf(time->whole)};
  }

  void ReadNested(const crypto::Signer& signer, int depth) {
    for (const crypto::Attribute& attribute : signer.unsigned_attributes) {
      if (attribute.oid != kNestedOid) continue;
      for (const Bytes value : attribute.values) Read(value, depth + 1);
    }
  }

  // Of the file without its checksum, without the certificate table and
  // without the entry of the directory that points to it.
  const ByteVector& FileDigest(const std::string& algorithm) {
    const auto [found, is_new] = file_digests_.try_emplace(algorithm);
    if (!is_new) return found->second;
    const uint64_t optional = image_.header_offset + 24;
    const uint64_t checksum = optional + 64;
    const uint64_t entry = optional + (image_.is_64 ? 144 : 128);
    const uint64_t table = image_.directory(Directory::kSecurity).address;
    const uint64_t after_entry = entry + 8;
    const std::array<Bytes, 3> parts = {
        Clip(image_.bytes, 0, checksum),
        Clip(image_.bytes, checksum + 4, entry - checksum - 4),
        Clip(image_.bytes, after_entry,
             std::max(table, after_entry) - after_entry),
    };
    found->second = crypto::DigestByName(algorithm, parts);
    return found->second;
  }

  const Image& image_;
  std::vector<Signature>& out_;
  std::map<std::string, ByteVector> file_digests_;
};

}  // namespace

std::vector<Signature> ReadSignatures(const Image& image) {
  std::vector<Signature> out;
  Reader(image, out).Run();
  return out;
}

}  // namespace vitrine::pe
