// SPDX-License-Identifier: Apache-2.0
#include "crypto/aead.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace vitrine::crypto {
namespace {

// Test cases 13 and 14 of the GCM specification (McGrew and Viega).
TEST(Aead, SealsAsTheSpecificationsExamples) {
  Aead aead(Key256{});
  ByteVector empty;
  aead.Seal(Nonce96{}, {}, {}, empty);
  EXPECT_EQ(ToHex(empty), "530f8afbc74536b9a963b4f1c4cb738b");
  ByteVector zeros;
  aead.Seal(Nonce96{}, {}, ByteVector(16, 0), zeros);
  EXPECT_EQ(ToHex(zeros),
            "cea7403d4d606b6e074ec5d3baf39d18"
            "d0d1c8a799996bf0265b98b5d48ab919");
}

TEST(Aead, OpensWhatItSealedAndNothingElse) {
  Key256 key;
  RandomBytes(key);
  Nonce96 nonce{};
  nonce[0] = 9;
  Aead aead(key);
  ByteVector sealed;
  aead.Seal(nonce, AsBytes("head"), AsBytes("body"), sealed);
  ByteVector opened;
  ASSERT_TRUE(aead.Open(nonce, AsBytes("head"), sealed, opened).ok());
  EXPECT_EQ(AsText(opened), "body");

  const auto refuses = [&](const Nonce96& n, std::string_view head, Bytes b) {
    ByteVector out = {1};
    return !aead.Open(n, AsBytes(head), b, out).ok() && out == ByteVector{1};
  };
  EXPECT_TRUE(refuses(Nonce96{}, "head", sealed));
  EXPECT_TRUE(refuses(nonce, "heat", sealed));
  for (size_t i = 0; i < sealed.size(); ++i) {
    ByteVector flipped = sealed;
    flipped[i] ^= 1;
    EXPECT_TRUE(refuses(nonce, "head", flipped)) << i;
    EXPECT_TRUE(refuses(nonce, "head", Bytes(sealed).first(i))) << i;
  }
  Aead other(Key256{});
  EXPECT_FALSE(other.Open(nonce, AsBytes("head"), sealed, opened).ok());
}

// RFC 4231, test case 2.
TEST(Hmac, IsThatOfTheRfc) {
  EXPECT_EQ(ToHex(HmacSha256(AsBytes("Jefe"),
                             AsBytes("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c7"
            "5a003f089d2739839dec58b964ec3843");
}

TEST(RandomBytes, DifferEachTime) {
  Key256 a{};
  Key256 b{};
  RandomBytes(a);
  RandomBytes(b);
  EXPECT_NE(a, b);
}

}  // namespace
}  // namespace vitrine::crypto
