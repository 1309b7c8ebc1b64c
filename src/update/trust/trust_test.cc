// SPDX-License-Identifier: Apache-2.0
#include "update/trust/trust.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tlog/test_keys.h"
#include "update/trust/limits.h"

namespace vitrine::update {
namespace {

using ::testing::HasSubstr;
using tlog::TestWitness;

std::string PolicyText(const std::string& quorum) {
  std::string text = "log " + tlog::TestLog().verifier().Text() + '\n';
  for (int i = 1; i <= 3; ++i) {
    text += "witness w" + std::to_string(i) + ' ' +
            TestWitness(i).verifier().Text() + '\n';
  }
  return text + quorum;
}

std::string TrustText(const std::string& quorum =
                          "group g 2 w1 w2 w3\n"
                          "quorum g\n") {
  return "vitrine/trust/v1\nroot 1 sha256:" + std::string(64, 'a') +
         "\nmax-stale 86400\nmin-age db 900\nmin-age policy 1000000\n"
         "floor db 7\npolicy\n" +
         PolicyText(quorum);
}

std::string Replaced(std::string text, const std::string& from,
                     const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, text.npos) << from;
  return text.replace(at, from.size(), to);
}

Trust Read(const std::string& text) { return ParseTrust(text).value(); }

TEST(Trust, ReadsWhatItWrote) {
  const std::string text = FormatTrust(Read(TrustText()));
  EXPECT_EQ(FormatTrust(Read(text)), text);
  EXPECT_EQ(Read(text).floor, Read(TrustText()).floor);
}

TEST(Trust, UnlistedRolesWaitAsLongAsTheLongest) {
  const Trust trust = Read(TrustText());
  EXPECT_EQ(trust.MinAge("db"), 900u);
  EXPECT_EQ(trust.MinAge("engine"), 1000000u);
  EXPECT_EQ(Trust().MinAge("engine"), kMinAgeDefault);
  EXPECT_EQ(trust.Floor("db"), 7u);
  EXPECT_EQ(trust.Floor("engine"), 1u);
}

TEST(Trust, RefusesLinesByTheirNumber) {
  const auto refusal = [](const std::string& text) {
    const auto trust = ParseTrust(text);
    return trust.ok() ? "accepted" : trust.error().message;
  };
  EXPECT_THAT(refusal(Replaced(TrustText(), "v1", "v2")), HasSubstr("line 1"));
  EXPECT_THAT(refusal(Replaced(TrustText(), "root 1", "root 0")),
              HasSubstr("line 2"));
  EXPECT_THAT(refusal(Replaced(TrustText(), "aaaa", "AAAA")),
              HasSubstr("line 2"));
  EXPECT_THAT(refusal(Replaced(TrustText(), "86400", "0")),
              HasSubstr("line 3"));
  EXPECT_THAT(refusal(Replaced(TrustText(), "db 900", "db 0900")),
              HasSubstr("line 4"));
  EXPECT_THAT(refusal(Replaced(TrustText(), "min-age policy", "min-age aaa")),
              HasSubstr("line 5"));
  EXPECT_THAT(refusal(Replaced(TrustText(), "floor db 7", "floor db 0")),
              HasSubstr("line 6"));
  EXPECT_THAT(refusal(Replaced(TrustText(), "policy\nlog", "police\nlog")),
              HasSubstr("line 7"));
  EXPECT_THAT(refusal(Replaced(TrustText(), "quorum g", "quorum h")),
              HasSubstr("policy"));
}

TEST(Trust, NeedsOneLog) {
  const std::string two = Replaced(
      TrustText(), "witness w1",
      "log " +
          tlog::TestSigner("log2", tlog::KeyKind::kLog, 9).verifier().Text() +
          "\nwitness w1");
  EXPECT_FALSE(ParseTrust(two).ok());
}

class Tighten : public ::testing::Test {
 protected:
  Status To(const std::string& text) {
    return CheckTightened(Read(TrustText()), Read(text));
  }
};

TEST_F(Tighten, TakesTheSameAndTheStricter) {
  EXPECT_TRUE(To(TrustText()).ok());
  EXPECT_TRUE(To(Replaced(TrustText(), "86400", "86399")).ok());
  EXPECT_TRUE(To(Replaced(TrustText(), "db 900", "db 901")).ok());
  EXPECT_TRUE(To(Replaced(TrustText(), "min-age db 900\n", "")).ok());
  EXPECT_TRUE(To(Replaced(TrustText(), "db 7", "db 8")).ok());
  EXPECT_TRUE(To(TrustText("group g all w1 w2 w3\nquorum g\n")).ok());
}

TEST_F(Tighten, RefusesEveryLineThatIsLooser) {
  EXPECT_FALSE(To(Replaced(TrustText(), "86400", "86401")).ok());
  EXPECT_FALSE(To(Replaced(TrustText(), "db 900", "db 899")).ok());
  EXPECT_FALSE(To(Replaced(TrustText(), "policy 1000000", "policy 1")).ok());
  EXPECT_FALSE(To(Replaced(TrustText(), "floor db 7\n", "")).ok());
  EXPECT_FALSE(To(Replaced(TrustText(), "aaaa", "bbbb")).ok());
  EXPECT_FALSE(To(Replaced(TrustText(), "root 1", "root 2")).ok());
  EXPECT_FALSE(To(TrustText("quorum none\n")).ok());
  EXPECT_FALSE(To(TrustText("quorum w1\n")).ok());
}

TEST_F(Tighten, NamesTheWitnessesThatWouldBecomeEnough) {
  const Status loosened = To(TrustText("group g any w1 w2 w3\nquorum g\n"));
  ASSERT_FALSE(loosened.ok());
  EXPECT_THAT(loosened.error().message, HasSubstr("would be: w1"));
}

}  // namespace
}  // namespace vitrine::update
