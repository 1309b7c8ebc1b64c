// SPDX-License-Identifier: Apache-2.0
#include "quarantine/item.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "base/code.h"
#include "quarantine/limits.h"

namespace vitrine::quarantine {
namespace {

constexpr std::string_view kMagic = "VITRVQ1\n";
constexpr uint32_t kVersion = 1;

enum SealFlags : uint32_t { kHasDigest = 1, kChanged = 2, kEmpty = 4 };
enum MetadataFlags : uint8_t { kAttributesCut = 1 };

Error Damaged(const char* what) {
  return {Code::kInvalid, std::string("quarantine item: ") + what};
}

void PutTime(CodeWriter& out, int64_t time) {
  out.U64(static_cast<uint64_t>(time));
}
int64_t TakeTime(CodeReader& in) { return static_cast<int64_t>(in.U64()); }

// A text within its bound, or nothing and `ok` false.
std::string TakeText(CodeReader& in, size_t max, bool& ok) {
  const std::string_view text = in.CountedText();
  if (text.size() > max) ok = false;
  return std::string(ok ? text : std::string_view());
}

}  // namespace

ByteVector EncodePrefix(const Prefix& prefix) {
  CodeWriter out;
  out.Raw(AsBytes(kMagic));
  out.U32(kVersion);
  out.U32(prefix.metadata_size);
  out.Raw(prefix.id);
  out.Raw(prefix.salt);
  while (out.size() < kPrefixSize) out.U8(0);
  return out.Take();
}

Result<Prefix> ParsePrefix(Bytes bytes) {
  if (bytes.size() < kPrefixSize) {
    return Error{Code::kTruncated, "quarantine item: shorter than its prefix"};
  }
  CodeReader in(bytes.first(kPrefixSize));
  if (AsText(in.Raw(kMagic.size())) != kMagic) return Damaged("wrong magic");
  if (in.U32() != kVersion) return Damaged("unknown version");
  Prefix prefix;
  prefix.metadata_size = in.U32();
  if (prefix.metadata_size > kMetadataMax) return Damaged("metadata too long");
  std::ranges::copy(in.Raw(prefix.id.size()), prefix.id.begin());
  std::ranges::copy(in.Raw(prefix.salt.size()), prefix.salt.begin());
  while (!in.AtEnd()) {
    if (in.U8() != 0) return Damaged("unknown flags");
  }
  return prefix;
}

ByteVector EncodeMetadata(const Metadata& metadata) {
  CodeWriter out;
  const auto text = [&out](const std::string& value, size_t max) {
    out.Counted(std::string_view(value).substr(0, max));
  };
  const FileIdentity& identity = metadata.identity;
  text(metadata.path, kPathMax);
  out.U64(identity.device);
  out.U64(identity.inode);
  out.U64(identity.size);
  PutTime(out, identity.modified_ns);
  PutTime(out, identity.changed_ns);
  PutTime(out, identity.born_ns);
  out.U32(metadata.mode);
  out.U32(metadata.uid);
  out.U32(metadata.gid);
  out.U64(metadata.links);
  PutTime(out, metadata.accessed_ns);
  PutTime(out, metadata.verdict_ns);
  PutTime(out, metadata.taken_ns);
  out.U8(metadata.attributes_cut ? kAttributesCut : 0);
  const size_t rules = std::min(metadata.rules.size(), kRulesMax);
  out.Varint(rules);
  for (size_t i = 0; i < rules; ++i) text(metadata.rules[i], kRuleNameMax);
  text(metadata.database, kRuleNameMax);
  text(metadata.reason, kRuleNameMax);
  CHECK(metadata.attributes.size() <= kAttributesMax);
  out.Varint(metadata.attributes.size());
  for (const Attribute& attribute : metadata.attributes) {
    out.Counted(attribute.name);
    out.Counted(attribute.value);
  }
  return out.Take();
}

Result<Metadata> ParseMetadata(Bytes bytes) {
  CodeReader in(bytes);
  bool ok = true;
  Metadata metadata;
  FileIdentity& identity = metadata.identity;
  metadata.path = TakeText(in, kPathMax, ok);
  identity.device = in.U64();
  identity.inode = in.U64();
  identity.size = in.U64();
  identity.modified_ns = TakeTime(in);
  identity.changed_ns = TakeTime(in);
  identity.born_ns = TakeTime(in);
  metadata.mode = in.U32();
  metadata.uid = in.U32();
  metadata.gid = in.U32();
  metadata.links = in.U64();
  metadata.accessed_ns = TakeTime(in);
  metadata.verdict_ns = TakeTime(in);
  metadata.taken_ns = TakeTime(in);
  const uint8_t flags = in.U8();
  if (flags > kAttributesCut) return Damaged("unknown flags");
  metadata.attributes_cut = flags != 0;
  const uint64_t rules = in.Varint();
  if (rules > kRulesMax) return Damaged("too many rules");
  for (uint64_t i = 0; i < rules && in.ok(); ++i) {
    metadata.rules.push_back(TakeText(in, kRuleNameMax, ok));
  }
  metadata.database = TakeText(in, kRuleNameMax, ok);
  metadata.reason = TakeText(in, kRuleNameMax, ok);
  const uint64_t attributes = in.Varint();
  if (attributes > kAttributesMax) return Damaged("too many attributes");
  for (uint64_t i = 0; i < attributes && in.ok(); ++i) {
    Attribute attribute;
    attribute.name = in.CountedText();
    const Bytes value = in.Counted();
    attribute.value.assign(value.begin(), value.end());
    metadata.attributes.push_back(std::move(attribute));
  }
  if (!ok || !in.ok() || !in.AtEnd()) return Damaged("malformed metadata");
  return metadata;
}

ByteVector EncodeSeal(const Seal& seal) {
  CodeWriter out;
  out.U64(seal.size);
  out.U64(seal.chunks);
  out.U32((seal.sha256 ? kHasDigest : 0u) | (seal.changed ? kChanged : 0u) |
          (seal.empty ? kEmpty : 0u));
  out.U32(0);
  out.Raw(seal.sha256.value_or(crypto::Sha256Digest{}));
  return out.Take();
}

Result<Seal> ParseSeal(Bytes bytes) {
  if (bytes.size() != kSealSize) return Damaged("seal of a wrong size");
  CodeReader in(bytes);
  Seal seal;
  seal.size = in.U64();
  seal.chunks = in.U64();
  const uint32_t flags = in.U32();
  if (flags > (kHasDigest | kChanged | kEmpty) || in.U32() != 0) {
    return Damaged("unknown flags");
  }
  crypto::Sha256Digest digest;
  std::ranges::copy(in.Raw(digest.size()), digest.begin());
  if ((flags & kHasDigest) != 0) seal.sha256 = digest;
  seal.changed = (flags & kChanged) != 0;
  seal.empty = (flags & kEmpty) != 0;
  return seal;
}

}  // namespace vitrine::quarantine
