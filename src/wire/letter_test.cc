// SPDX-License-Identifier: Apache-2.0
#include "wire/letter.h"

#include <gtest/gtest.h>

#include <thread>

namespace vitrine::wire {
namespace {

TEST(Letter, CarriesABodyOfManyPackets) {
  auto [a, b] = Channel::Pair().value();
  const ByteVector body(1'000'000, 7);
  std::thread sender(
      [&a = a, &body] { EXPECT_TRUE(Post(a, "save x", body).ok()); });
  const auto letter =
      TakeLetter(b, body.size(), Descriptors::kRefused, Deadline::Never());
  sender.join();
  ASSERT_TRUE(letter.ok()) << letter.error().message;
  EXPECT_EQ(letter.value().text, "save x");
  EXPECT_EQ(letter.value().body, body);
}

TEST(Letter, RefusesALongerBodyThanAllowed) {
  auto [a, b] = Channel::Pair().value();
  ASSERT_TRUE(Post(a, "save x", ByteVector(11, 7)).ok());
  EXPECT_FALSE(
      TakeLetter(b, 10, Descriptors::kRefused, Deadline::Never()).ok());
}

TEST(Letter, WaitsNoLongerThanItMay) {
  auto [a, b] = Channel::Pair().value();
  const auto letter = TakeLetter(b, 10, Descriptors::kRefused,
                                 Deadline::After(std::chrono::milliseconds(5)));
  ASSERT_FALSE(letter.ok());
  EXPECT_EQ(letter.error().code, Code::kDeadline);
  a.Close();
  EXPECT_FALSE(
      TakeLetter(b, 10, Descriptors::kRefused, Deadline::Never()).ok());
}

}  // namespace
}  // namespace vitrine::wire
