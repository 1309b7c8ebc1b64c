// SPDX-License-Identifier: Apache-2.0
#include "formats/text/structured.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace vitrine::text {
namespace {

uint32_t Cards(std::string_view text) {
  return CountStructured(AsBytes(text)).credit_cards;
}

// Test numbers that card issuers publish; answers of clamscan 1.4.6.
TEST(CountStructured, KnowsIssuersAndCheckDigits) {
  for (const char* card :
       {"4111111111111111", "378282246310005", "6011111111111117",
        "5555555555554444", "2223003122003222", "3530111333300000",
        "30569309025904", "5105105105105100", "36148900647913",
        "180000000000002"}) {
    EXPECT_EQ(Cards(card), 1u) << card;
    EXPECT_EQ(Cards(std::string("x") + card + "x"), 1u) << card;
    EXPECT_EQ(Cards(std::string("9") + card), 0u) << card;
    EXPECT_EQ(Cards(std::string(card) + "9999"), 0u) << card;
  }
  for (const char* no :
       {"4111111111111112", "6759649826438453", "4222222222222",
        "6304000000000000", "6331101999990016", "210000000000000"}) {
    EXPECT_EQ(Cards(no), 0u) << no;
  }
  const Structured store = CountStructured(AsBytes("5019717010103742"));
  EXPECT_EQ(store.credit_cards, 1u);
  EXPECT_EQ(store.cards_only, 0u);
}

TEST(CountStructured, ReadsOverFewBlanksAndHyphens) {
  EXPECT_EQ(Cards("4111-1111-1111-1111"), 1u);
  EXPECT_EQ(Cards("4111  1111 1111 1111"), 1u);
  EXPECT_EQ(Cards("4111.1111.1111.1111"), 0u);
  EXPECT_EQ(Cards("4111        111111111111"), 1u);
  EXPECT_EQ(Cards("4111         111111111111"), 0u);
  EXPECT_EQ(Cards("1 4111111111111111 2"), 1u);
  EXPECT_EQ(Cards("378282246310005 1"), 1u);
  EXPECT_EQ(Cards("30569309025904 1"), 0u);
}

TEST(CountStructured, CountsEachNumber) {
  EXPECT_EQ(Cards("4012888888881881 5105105105105100 4111111111111111 "
                  "4222222222222220 378282246310005\n"),
            5u);
  EXPECT_EQ(Cards("4111111111111111,4111111111111111"), 2u);
}

TEST(CountStructured, KnowsSocialSecurityNumbers) {
  const auto of = [](std::string_view text) {
    return CountStructured(AsBytes(text));
  };
  EXPECT_EQ(of("123-45-6789 219-09-9998,457-55-5462").ssn_normal, 3u);
  EXPECT_EQ(of("x123-45-6789-123").ssn_normal, 1u);
  EXPECT_EQ(of("772-45-6789").ssn_normal, 1u);
  for (const char* no : {"1123-45-6789", "123-45-67890", "123 45 6789",
                         "000-45-6789", "123-00-6789", "123-45-0000",
                         "666-45-6789", "773-45-6789", "123-45-678"}) {
    EXPECT_EQ(of(no).ssn_normal, 0u) << no;
  }
  EXPECT_EQ(of("123456789 987654321 123456780").ssn_stripped, 2u);
  EXPECT_EQ(of("123-45-6789").ssn_stripped, 0u);
}

}  // namespace
}  // namespace vitrine::text
