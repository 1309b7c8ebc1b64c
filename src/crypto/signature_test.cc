// SPDX-License-Identifier: Apache-2.0
#include "crypto/signature.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/text.h"

namespace vitrine::crypto {
namespace {

template <typename Array>
Array ArrayOf(std::string_view hex) {
  Array array{};
  const ByteVector bytes = FromHex(hex).value();
  EXPECT_EQ(bytes.size(), array.size());
  std::copy_n(bytes.begin(), array.size(), array.begin());
  return array;
}

struct Known {
  const char* seed;
  const char* key;
  const char* message;
  const char* signature;
};

// RFC 8032, 7.1, tests 1 and 2.
const Known kKnown[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
};

// Keys and signatures over "a message\n" that the openssl program made.
constexpr char kMessage[] = "a message\n";
constexpr char kEcdsaKey[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE/gQlCHRIX8QfYy3L2qDTiwuMwUxz\n"
    "wBKq4Lzu4TfVIv5pPG/hLxodqZcoToosYxIXXUcFRupsPYdF77MnjmsnZA==\n"
    "-----END PUBLIC KEY-----\n";
// The same with the curve's numbers instead of its name.
constexpr char kExplicitKey[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBSzCCAQMGByqGSM49AgEwgfcCAQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAA\n"
    "AAAAAAAAAAAA////////////////MFsEIP////8AAAABAAAAAAAAAAAAAAAA////\n"
    "///////////8BCBaxjXYqjqT57PrvVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSd\n"
    "NgiG5wSTamZ44ROdJreBn36QBEEEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5\n"
    "RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9QIhAP////8AAAAA\n"
    "//////////+85vqtpxeehPO5ysL8YyVRAgEBA0IABP4EJQh0SF/EH2Mty9qg04sL\n"
    "jMFMc8ASquC87uE31SL+aTxv4S8aHamXKE6KLGMSF11HBUbqbD2HRe+zJ45rJ2Q=\n"
    "-----END PUBLIC KEY-----\n";
// A private key, its public half compressed.
constexpr char kCompressedPrivateKey[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MGcCAQAwEwYHKoZIzj0CAQYIKoZIzj0DAQcETTBLAgEBBCCZFwefZ9hzzVqEk1tJ\n"
    "MGrYeNOQ9Vk0YXa6CBFCkwRlvaEkAyIAAjtIWHFyCxa1nhVdULrTojlkyrDG7T8z\n"
    "GngXJu/TDOG1\n"
    "-----END PRIVATE KEY-----\n";
constexpr char kEcdsaSignature[] =
    "3045022100971de278784e01c619e4abc5faa283f6911ab8b611fa057517e959"
    "37c9c3075a02200915f9c7f70ee5681f58fd417df41668544d137ec86105917c"
    "4139e74a0e8f44";
constexpr char kRsaKey[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA1vw/5A/rV58XyM7O580U\n"
    "H9zKxUVluNUKkEmFbEkcjDxy4LF+Gm950d1i2zqnZC1Pol0Ok3LQAD04kV5B1m/R\n"
    "tHEqxquCl4UEuF7OsJxUYl4Q63imihvboC+Cyx3vgDeKnUBAGdQQbRNNLqwXXVvb\n"
    "e+DILKk1RAzEU5Iv8S3Y4KjpZf9diCd8fV7NkBnn2mHCINybLofqKwWNjYND9s2D\n"
    "QnkSY0eXZq+uRzbdzdrPEjkpaAm3CKQFs4e3H5+rlM5CALhnJwhWNMoK7OA1iDoC\n"
    "LhTT6WkKBHLmfJ4M+ZBJLMEf0sC3c5lZR4xy0415GJulksMMzbh1ywGmiwZudSHZ\n"
    "MQIDAQAB\n"
    "-----END PUBLIC KEY-----\n";
constexpr char kRsaSignature[] =
    "0d1b5fd13017c68e241c57637d17940591b1a65359d7785ec54e8b99c51af84e"
    "c974b966a7e361b36bc49783e372aac192e62733917b9fd43e23cb1f3bf2138d"
    "05eb0818a2fba32a39826dfad52532cebc1f739ed13efc40c7d29bfecc68f4de"
    "d3997ad89031a4a95b34bb9c1fd8229a542901d25f9b88cf8f8cb752eaa91970"
    "0a367cfaabcebe2120e4a172dd54e6d9ac993726fce8326f8187074c7a8cf2b3"
    "0bf305adeb16bf3b605aa3586855da835fff8ebeb758e639ca63e12be29302aa"
    "49652a3bb5665b26bf3f3fc0654ec1c16018b9f9cc34951a27536f06630e0c0f"
    "aaba063791a09e2891618744c6786abdf3d3def647cb628f427ab3e409a18c35";

TEST(Signature, Ed25519AsTheStandardsExamples) {
  for (const Known& known : kKnown) {
    const auto key = PrivateKey::Ed25519(ArrayOf<Ed25519Seed>(known.seed));
    const ByteVector message = FromHex(known.message).value();
    EXPECT_EQ(ToHex(key.Sign(message)), known.signature);
    const auto bytes = ArrayOf<Ed25519Public>(known.key);
    EXPECT_EQ(key.Public().ed25519(), bytes);
    const auto alone = PublicKey::Ed25519(bytes);
    ASSERT_TRUE(alone.ok());
    EXPECT_TRUE(
        alone.value().Verify(message, FromHex(known.signature).value()));
  }
}

TEST(Signature, VerifiesWhatTheOpensslProgramSigned) {
  const auto ecdsa = PublicKey::FromPem(kEcdsaKey);
  const auto rsa = PublicKey::FromPem(kRsaKey);
  ASSERT_TRUE(ecdsa.ok());
  ASSERT_TRUE(rsa.ok());
  EXPECT_EQ(ecdsa.value().scheme(), SignatureScheme::kEcdsaP256);
  EXPECT_EQ(rsa.value().scheme(), SignatureScheme::kRsaPssSha256);
  const ByteVector of_ecdsa = FromHex(kEcdsaSignature).value();
  const ByteVector of_rsa = FromHex(kRsaSignature).value();
  EXPECT_TRUE(ecdsa.value().Verify(AsBytes(kMessage), of_ecdsa));
  EXPECT_TRUE(rsa.value().Verify(AsBytes(kMessage), of_rsa));
  EXPECT_FALSE(ecdsa.value().Verify(AsBytes(kMessage), of_rsa));
  EXPECT_FALSE(rsa.value().Verify(AsBytes(kMessage), of_ecdsa));
  EXPECT_FALSE(rsa.value().ed25519());
}

TEST(Signature, EachSchemeVerifiesItsOwnAndNoOtherBit) {
  for (const auto scheme :
       {SignatureScheme::kEd25519, SignatureScheme::kEcdsaP256,
        SignatureScheme::kRsaPssSha256}) {
    const auto key = PrivateKey::Generate(scheme);
    const auto other = PrivateKey::Generate(scheme);
    const ByteVector message(100, 7);
    ByteVector signature = key.Sign(message);
    EXPECT_TRUE(key.Public().Verify(message, signature));
    EXPECT_FALSE(other.Public().Verify(message, signature));
    EXPECT_FALSE(key.Public().Verify(Bytes(message).first(99), signature));
    EXPECT_FALSE(key.Public().Verify(message, {}));
    for (size_t at = 0; at < signature.size(); ++at) {
      signature[at] ^= 0x10;
      EXPECT_FALSE(key.Public().Verify(message, signature)) << at;
      signature[at] ^= 0x10;
    }
    signature.push_back(0);
    EXPECT_FALSE(key.Public().Verify(message, signature));
  }
}

TEST(PublicKey, HasOneEncoding) {
  for (const char* pem : {kEcdsaKey, kRsaKey}) {
    const auto key = PublicKey::FromPem(pem);
    ASSERT_TRUE(key.ok());
    EXPECT_EQ(key.value().Pem(), pem);
    ByteVector der = key.value().Spki();
    const auto again = PublicKey::FromSpki(der);
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again.value().Spki(), der);
    for (size_t size = 0; size < der.size(); ++size) {
      EXPECT_FALSE(PublicKey::FromSpki(Bytes(der).first(size)).ok()) << size;
    }
    der.push_back(0);
    EXPECT_FALSE(PublicKey::FromSpki(der).ok());
  }
}

TEST(PublicKey, RefusesOtherEncodingsOfAKeyOfP256) {
  const ByteVector spki = PublicKey::FromPem(kEcdsaKey).value().Spki();
  ASSERT_EQ(spki.size(), 91u);
  ByteVector hybrid = spki;
  hybrid[26] = 6;  // Its y is even.
  EXPECT_FALSE(PublicKey::FromSpki(hybrid).ok());
  ByteVector compressed(spki.begin(), spki.begin() + 26 + 33);
  compressed[1] = 0x39;
  compressed[24] = 0x22;
  compressed[26] = 2;
  EXPECT_FALSE(PublicKey::FromSpki(compressed).ok());
  EXPECT_FALSE(PublicKey::FromPem(kExplicitKey).ok());
  EXPECT_FALSE(PrivateKey::FromPem(kCompressedPrivateKey).ok());
}

TEST(PublicKey, OfAPointIsThatOfItsEncoding) {
  const auto key = PublicKey::FromPem(kEcdsaKey);
  ASSERT_TRUE(key.ok());
  const ByteVector spki = key.value().Spki();
  ByteVector point(spki.end() - 65, spki.end());
  const auto same = PublicKey::EcdsaP256(point);
  ASSERT_TRUE(same.ok());
  EXPECT_EQ(same.value().Spki(), spki);
  point.back() ^= 1;
  EXPECT_FALSE(PublicKey::EcdsaP256(point).ok());
  EXPECT_FALSE(PublicKey::EcdsaP256(Bytes(point).first(64)).ok());
  EXPECT_FALSE(PublicKey::EcdsaP256(Bytes(point).first(33)).ok());
}

TEST(PublicKey, RefusesWhatIsNoneOfTheSchemes) {
  EXPECT_FALSE(PublicKey::FromPem("").ok());
  EXPECT_FALSE(PublicKey::FromPem("-----BEGIN PUBLIC KEY-----\n").ok());
  EXPECT_FALSE(PublicKey::FromPem(std::string(kKeySizeMax + 1, 'a')).ok());
  const auto key = PrivateKey::Generate(SignatureScheme::kEd25519);
  EXPECT_FALSE(PublicKey::FromPem(key.Pem()).ok());
  // An X25519 key: right size, another algorithm.
  ByteVector spki = key.Public().Spki();
  spki[8] = 0x6e;
  EXPECT_FALSE(PublicKey::FromSpki(spki).ok());
}

TEST(PublicKey, RefusesTheSecondSpellingOfAPoint) {
  // y = 1 and y = 1 + p.
  Ed25519Public one{};
  one[0] = 1;
  EXPECT_TRUE(PublicKey::Ed25519(one).ok());
  Ed25519Public same;
  same.fill(0xff);
  same[0] = 0xee;
  same[31] = 0x7f;
  EXPECT_FALSE(PublicKey::Ed25519(same).ok());
  same[0] = 0xec;
  EXPECT_TRUE(PublicKey::Ed25519(same).ok());
}

TEST(PrivateKey, ComesBackFromItsText) {
  for (const auto scheme :
       {SignatureScheme::kEd25519, SignatureScheme::kEcdsaP256}) {
    const auto key = PrivateKey::Generate(scheme);
    const auto again = PrivateKey::FromPem(key.Pem());
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again.value().scheme(), scheme);
    const ByteVector message = {1, 2, 3};
    EXPECT_TRUE(key.Public().Verify(message, again.value().Sign(message)));
    EXPECT_FALSE(PrivateKey::FromPem(key.Public().Pem()).ok());
  }
}

TEST(PublicKey, CopiesAndMoves) {
  const auto key = PrivateKey::Generate(SignatureScheme::kEd25519);
  PublicKey first = key.Public();
  const PublicKey second = first;
  PublicKey third = PrivateKey::Generate(SignatureScheme::kEd25519).Public();
  third = first;
  first = PublicKey(second);
  const ByteVector signature = key.Sign(ByteVector{1});
  for (const PublicKey& copy : {first, second, third}) {
    EXPECT_TRUE(copy.Verify(ByteVector{1}, signature));
  }
}

}  // namespace
}  // namespace vitrine::crypto
