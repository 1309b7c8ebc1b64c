// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"

#include <gtest/gtest.h>

namespace vitrine {
namespace {

// RFC 4648, section 10.
TEST(Base64, SpellsAsTheStandardsExamples) {
  const std::pair<const char*, const char*> kKnown[] = {{"", ""},
                                                        {"f", "Zg=="},
                                                        {"fo", "Zm8="},
                                                        {"foo", "Zm9v"},
                                                        {"foob", "Zm9vYg=="},
                                                        {"fooba", "Zm9vYmE="},
                                                        {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, spelt] : kKnown) {
    EXPECT_EQ(ToBase64(AsBytes(plain)), spelt);
    const auto back = FromBase64(spelt);
    ASSERT_TRUE(back);
    EXPECT_EQ(AsText(*back), plain);
  }
}

TEST(Base64, ComesBackForEverySize) {
  ByteVector bytes;
  for (int size = 0; size < 300; ++size) {
    EXPECT_EQ(FromBase64(ToBase64(bytes)), bytes);
    bytes.push_back(static_cast<uint8_t>(size * 37 + 250));
  }
}

TEST(Base64, HasOneSpelling) {
  for (const char* text : {"Zg", "Zg=", "Zg===", "Z===", "====", "=",
                           "Zh==", "Zm9=", "Zm8=Zm8=", "Zm9v\n", " Zm9v",
                           "Zm-_", "Zm=v", "Zg==Zg==", "Z g=", "Zm9v===="}) {
    EXPECT_FALSE(FromBase64(text)) << text;
  }
  EXPECT_FALSE(FromBase64(std::string_view("Zm9\0", 4)));
}

}  // namespace
}  // namespace vitrine
