// SPDX-License-Identifier: Apache-2.0
#include "quarantine/item.h"

#include <gtest/gtest.h>

#include "quarantine/limits.h"

namespace vitrine::quarantine {
namespace {

Metadata Sample() {
  Metadata metadata;
  metadata.path = "/home/anna/\xff.exe";
  metadata.identity = {1, 2, 3, 4, 5, 6};
  metadata.mode = 0104755;
  metadata.uid = 1000;
  metadata.gid = 100;
  metadata.links = 2;
  metadata.accessed_ns = -1;
  metadata.attributes = {{"user.a", {1, 2, 3}}, {"security.b", {}}};
  metadata.rules = {"A", "B"};
  metadata.database = "7";
  metadata.reason = "on-access";
  metadata.verdict_ns = 8;
  metadata.taken_ns = 9;
  return metadata;
}

TEST(QuarantineItem, MetadataComesBack) {
  EXPECT_EQ(ParseMetadata(EncodeMetadata(Sample())).value(), Sample());
  EXPECT_EQ(ParseMetadata(EncodeMetadata({})).value(), Metadata());
}

TEST(QuarantineItem, MetadataIsWholeOrRefused) {
  ByteVector bytes = EncodeMetadata(Sample());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(ParseMetadata(Bytes(bytes).first(size)).ok()) << size;
  }
  bytes.push_back(0);
  EXPECT_FALSE(ParseMetadata(bytes).ok());
}

TEST(QuarantineItem, LongTextIsCutToTheLimits) {
  Metadata metadata = Sample();
  metadata.path = std::string(2 * kPathMax, 'p');
  metadata.rules = std::vector<std::string>(2 * kRulesMax, "rule");
  const auto read = ParseMetadata(EncodeMetadata(metadata));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value().path.size(), kPathMax);
  EXPECT_EQ(read.value().rules.size(), kRulesMax);
}

TEST(QuarantineItem, PrefixAndSealComeBack) {
  Prefix prefix;
  prefix.metadata_size = 77;
  prefix.id.fill(1);
  prefix.salt.fill(2);
  const ByteVector bytes = EncodePrefix(prefix);
  ASSERT_EQ(bytes.size(), kPrefixSize);
  EXPECT_EQ(ParsePrefix(bytes).value(), prefix);
  Seal seal;
  seal.size = 5;
  seal.chunks = 6;
  seal.changed = true;
  EXPECT_EQ(ParseSeal(EncodeSeal(seal)).value(), seal);
  seal.sha256.emplace();
  seal.sha256->fill(3);
  seal.empty = true;
  EXPECT_EQ(ParseSeal(EncodeSeal(seal)).value(), seal);
  EXPECT_EQ(EncodeSeal(seal).size(), kSealSize);
}

TEST(QuarantineItem, PrefixOfAnotherVersionOrSizeIsRefused) {
  const ByteVector bytes = EncodePrefix({});
  for (const size_t at : {size_t{0}, size_t{8}, size_t{15}, size_t{63}}) {
    ByteVector changed = bytes;
    changed[at] ^= 0x80;
    EXPECT_FALSE(ParsePrefix(changed).ok()) << at;
  }
  EXPECT_EQ(ParsePrefix(Bytes(bytes).first(63)).error().code, Code::kTruncated);
}

}  // namespace
}  // namespace vitrine::quarantine
