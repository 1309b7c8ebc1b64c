// SPDX-License-Identifier: Apache-2.0
#include "crypto/digest.h"

#include <gtest/gtest.h>

#include <string>

#include "base/text.h"

namespace vitrine::crypto {
namespace {

struct Known {
  std::string text;
  const char* md5;
  const char* sha1;
  const char* sha256;
};

// RFC 1321, RFC 3174 and FIPS 180-4's examples.
const Known kKnown[] = {
    {"", "d41d8cd98f00b204e9800998ecf8427e",
     "da39a3ee5e6b4b0d3255bfef95601890afd80709",
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "900150983cd24fb0d6963f7d28e17f72",
     "a9993e364706816aba3e25717850c26c9cd0d89d",
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {std::string(1'000'000, 'a'), "7707d6ae4e027c70eea2a935c2296f21",
     "34aa973cd4c4daa4f61eeb2bdbad27316534016f",
     "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
};

TEST(Digest, KnownAnswers) {
  for (const Known& known : kKnown) {
    const Bytes bytes = AsBytes(known.text);
    EXPECT_EQ(ToHex(Md5(bytes)), known.md5);
    EXPECT_EQ(ToHex(Sha1(bytes)), known.sha1);
    EXPECT_EQ(ToHex(Sha256(bytes)), known.sha256);
  }
}

TEST(Hasher, PiecesGiveTheDigestOfTheWhole) {
  for (const Known& known : kKnown) {
    for (const size_t piece : {1u, 63u, 64u, 65u, 1'000'000u}) {
      if (known.text.size() / piece > 20'000) continue;
      Hasher md5(Algorithm::kMd5);
      Hasher sha1(Algorithm::kSha1);
      Hasher sha256(Algorithm::kSha256);
      for (size_t at = 0; at < known.text.size(); at += piece) {
        const Bytes bytes = Clip(AsBytes(known.text), at, piece);
        md5.Update(bytes);
        sha1.Update(bytes);
        sha256.Update(bytes);
      }
      EXPECT_EQ(ToHex(md5.Finish()), known.md5) << piece;
      EXPECT_EQ(ToHex(sha1.Finish()), known.sha1) << piece;
      EXPECT_EQ(ToHex(sha256.Finish()), known.sha256) << piece;
    }
  }
}

TEST(Hasher, Moves) {
  Hasher first(Algorithm::kMd5);
  first.Update(AsBytes("a"));
  Hasher second = std::move(first);
  second.Update(AsBytes("bc"));
  EXPECT_EQ(ToHex(second.Finish()), kKnown[1].md5);
}

}  // namespace
}  // namespace vitrine::crypto
