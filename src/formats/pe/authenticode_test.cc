// SPDX-License-Identifier: Apache-2.0
#include "formats/pe/authenticode.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/code.h"
#include "base/text.h"
#include "formats/pe/image_builder.h"

namespace vitrine::pe {
namespace {

// A program of ours, signed with a throw-away key and countersigned.
ByteVector SignedFile() {
  std::ifstream in(
      std::string(VITRINE_SOURCE_DIR) + "/fuzz/corpus/authenticode_fuzz/signed",
      std::ios::binary);
  CHECK(in.good());
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<Signature> Read(const ByteVector& file) {
  const auto image = Parse(file);
  CHECK(image.ok());
  return ReadSignatures(image.value());
}

TEST(AuthenticodeTest, NoTableNoSignatures) {
  EXPECT_TRUE(Read(ImageBuilder().Build()).empty());
}

TEST(AuthenticodeTest, ReadsAndVerifies) {
  const auto signatures = Read(SignedFile());
  ASSERT_EQ(signatures.size(), 1u);
  const Signature& signature = signatures[0];
  EXPECT_TRUE(signature.verified);
  EXPECT_EQ(signature.digest_algorithm, "sha256");
  EXPECT_EQ(signature.digest, signature.file_digest);
  EXPECT_EQ(signature.program_name, "Demo");
  EXPECT_EQ(signature.certificates.size(), 2u);
  ASSERT_EQ(signature.chain.size(), 2u);
  const crypto::Certificate& signer = signature.chain[0];
  EXPECT_EQ(signer.subject, "/C=XX/O=Vitrine Test/CN=Signer");
  EXPECT_EQ(signer.issuer, "/C=XX/O=Vitrine Test/CN=Root");
  EXPECT_EQ(signer.serial, "12:34:56:78:90");
  EXPECT_EQ(signer.version, 3);
  EXPECT_EQ(signer.algorithm, "ecdsa-with-SHA256");
  EXPECT_EQ(signer.algorithm_oid, "1.2.840.10045.4.3.2");
  EXPECT_EQ(signer.not_before, 1704067200);
  EXPECT_EQ(signature.chain[1].subject, signer.issuer);
  ASSERT_EQ(signature.countersignatures.size(), 1u);
  EXPECT_EQ(signature.countersignatures[0].time, 1735787045);
  EXPECT_TRUE(signature.countersignatures[0].verified);
}

TEST(AuthenticodeTest, AChangedFileIsNotVerified) {
  ByteVector file = SignedFile();
  file[0x300] ^= 1;
  const auto signatures = Read(file);
  ASSERT_EQ(signatures.size(), 1u);
  EXPECT_FALSE(signatures[0].verified);
  EXPECT_NE(signatures[0].digest, signatures[0].file_digest);
  EXPECT_FALSE(signatures[0].chain.empty());
}

TEST(AuthenticodeTest, TheChecksumIsNotSigned) {
  ByteVector file = SignedFile();
  file[0x80 + 24 + 64] ^= 1;
  EXPECT_TRUE(Read(file)[0].verified);
}

TEST(AuthenticodeTest, ACutTableIsNone) {
  ByteVector file = SignedFile();
  file.pop_back();
  EXPECT_TRUE(Read(file).empty());
}

TEST(AuthenticodeTest, AnotherDigestIsNotSigned) {
  ByteVector file = SignedFile();
  const ByteVector digest = Read(file)[0].digest;
  const auto at =
      std::search(file.begin(), file.end(), digest.begin(), digest.end());
  ASSERT_NE(at, file.end());
  *at ^= 1;
  const auto signatures = Read(file);
  ASSERT_EQ(signatures.size(), 1u);
  EXPECT_FALSE(signatures[0].verified);
  EXPECT_TRUE(signatures[0].countersignatures[0].verified);
}

TEST(AuthenticodeTest, AMessageWithoutSignersStillHasADigest) {
  ByteVector file = ImageBuilder().Build();
  const auto at = static_cast<uint32_t>(file.size());
  // SEQUENCE { signedData, [0] { SEQUENCE { 1, {}, { indirect data, [0] {
  // { { data }, { { sha256 }, aa } } } }, [0] {}, {} } } }
  const auto message = FromHex(
      "304a06092a864886f70d010702a03d303b0201013100"
      "3030060a2b060104018237020104a0223020"
      "300c060a2b06010401823702010f"
      "3010300b0609608648016503040201"
      "0401aaa0003100");
  ASSERT_TRUE(message);
  CodeWriter entry;
  entry.U32(static_cast<uint32_t>(message->size()) + 8);
  entry.U32(0x20200);
  entry.Raw(*message);
  ImageBuilder builder;
  builder.SetDirectory(Directory::kSecurity, at,
                       static_cast<uint32_t>(entry.size()));
  file = builder.Build();
  const ByteVector table = entry.Take();
  file.insert(file.end(), table.begin(), table.end());
  const auto signatures = Read(file);
  ASSERT_EQ(signatures.size(), 1u);
  EXPECT_EQ(signatures[0].digest_algorithm, "sha256");
  EXPECT_EQ(signatures[0].digest, ByteVector{0xaa});
  EXPECT_EQ(signatures[0].file_digest.size(), 32u);
  EXPECT_FALSE(signatures[0].verified);
}

TEST(AuthenticodeTest, WhatIsNoMessageIsNoSignature) {
  ByteVector file = SignedFile();
  file[0x408] = 0x31;
  EXPECT_TRUE(Read(file).empty());
}

}  // namespace
}  // namespace vitrine::pe
