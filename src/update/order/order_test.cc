// SPDX-License-Identifier: Apache-2.0
#include "update/order/order.h"

#include <gtest/gtest.h>

namespace vitrine::update {
namespace {

TEST(Order, HasOneSpelling) {
  Order order;
  order.current = 7;
  order.pin = 6;
  order.clock = 1'790'000'000;
  order.bundle = true;
  const std::string text = FormatOrder(order);
  EXPECT_EQ(ParseOrder(text).value(), order);
  EXPECT_FALSE(ParseOrder(text + ' ').ok());
  EXPECT_FALSE(ParseOrder("order main").ok());
  EXPECT_FALSE(ParseOrder("order ../x" + text.substr(10)).ok());
}

TEST(Verdict, HasOneSpelling) {
  Verdict verdict;
  verdict.what = Verdict::What::kTaken;
  verdict.version = 7;
  verdict.size = 12;
  verdict.delta = true;
  const std::string text = FormatVerdict(verdict);
  EXPECT_EQ(ParseVerdict(text).value(), verdict);
  EXPECT_FALSE(ParseVerdict("verdict maybe 7 0 12 0 delta").ok());
  EXPECT_FALSE(ParseVerdict("verdict taken 07 0 12 0 delta").ok());
}

}  // namespace
}  // namespace vitrine::update
