// SPDX-License-Identifier: Apache-2.0
#include "tlog/policy.h"

#include <gtest/gtest.h>

#include "tlog/judgement.h"
#include "tlog/limits.h"
#include "tlog/test_keys.h"

namespace vitrine::tlog {
namespace {

std::string LogLine() { return "log " + TestLog().verifier().Text() + "\n"; }
std::string WitnessLine(int number) {
  return "witness W" + std::to_string(number) + " " +
         TestWitness(number).verifier().Text() + "\n";
}
std::string Witnesses(int count) {
  std::string lines;
  for (int i = 1; i <= count; ++i) lines += WitnessLine(i);
  return lines;
}

using Times = std::vector<std::optional<uint64_t>>;

TEST(Policy, ReadsNestedGroups) {
  const std::string text = LogLine() + Witnesses(5) +
                           "group A 2 W1 W2 W3\n"
                           "group B any W4 W5\n"
                           "group Q all A B\n"
                           "quorum Q\n";
  const auto policy = ParsePolicy(text);
  ASSERT_TRUE(policy.ok()) << policy.error().message;
  EXPECT_EQ(policy.value().logs.size(), 1u);
  EXPECT_EQ(policy.value().witnesses.size(), 5u);
  ASSERT_EQ(policy.value().groups.size(), 3u);
  EXPECT_EQ(policy.value().groups[0].threshold, 2u);
  EXPECT_EQ(policy.value().groups[1].threshold, 1u);
  EXPECT_EQ(policy.value().groups[2].threshold, 2u);
  const std::string again = FormatPolicy(policy.value());
  const auto same = ParsePolicy(again);
  ASSERT_TRUE(same.ok()) << same.error().message;
  EXPECT_EQ(FormatPolicy(same.value()), again);
}

TEST(Policy, IsForPeople) {
  const auto policy = ParsePolicy(
      "# who\n"
      "\n"
      " \t \n"
      "  # more\n"
      "\tlog\t" +
      TestLog().verifier().Text() +
      "  https://log.example/ \n"
      "witness \xc3\xa4 " +
      TestWitness(1).verifier().Text() +
      " https://w.example\n"
      "quorum \xc3\xa4\t\n"
      "# end\n");
  ASSERT_TRUE(policy.ok()) << policy.error().message;
  EXPECT_EQ(policy.value().logs[0].url, "https://log.example/");
  EXPECT_EQ(policy.value().witnesses[0].url, "https://w.example");
  EXPECT_EQ(policy.value().witnesses[0].name, "\xc3\xa4");
}

TEST(Policy, RefusesWhatTheSpecificationForbids) {
  const std::string one = Witnesses(1);
  const std::string two = Witnesses(2);
  const std::string witness1 = TestWitness(1).verifier().Text();
  const std::vector<std::string> kWrong = {
      std::string(),
      std::string("\n"),
      std::string("quorum none"),
      std::string("quorum none\nquorum none\n"),
      std::string("quorum W1\n"),
      std::string("Quorum none\n"),
      std::string("quorum\n"),
      std::string("quorum none none\n"),
      std::string("quorum none\r\n"),
      std::string("quorum none\n\x7f\n"),
      std::string("quorum none\nmore\n"),
      std::string("log\nquorum none\n"),
      "log " + witness1 + "\nquorum none\n",
      "witness W " + TestLog().verifier().Text() + "\nquorum none\n",
      "log " + TestLog().verifier().Text() + " url more\nquorum none\n",
      LogLine() + LogLine() + "quorum none\n",
      "witness none " + witness1 + "\nquorum none\n",
      "witness W1\nquorum none\n",
      one + "witness W2 " + witness1 + "\nquorum none\n",
      one + "witness W1 " + TestWitness(2).verifier().Text() +
          "\nquorum none\n",
      "quorum W1\n" + one,
      "group G any W1\n" + one + "quorum G\n",
      one + "group W1 any W1\nquorum W1\n",
      one + "group none any W1\nquorum none\n",
      one + "group G any\nquorum none\n",
      one + "group G any G\nquorum none\n",
      one + "group G any none\nquorum none\n",
      one + "group G 0 W1\nquorum none\n",
      one + "group G 2 W1\nquorum none\n",
      one + "group G 01 W1\nquorum none\n",
      one + "group G most W1\nquorum none\n",
      one + "group G -1 W1\nquorum none\n",
      one + "group G 1 W1 W1\nquorum none\n",
      one + "group G 18446744073709551617 W1\nquorum none\n",
      two + "group G any W1\ngroup H any W1 W2\nquorum H\n",
      two + "group G any W1\ngroup G any W2\nquorum G\n",
  };
  for (const std::string& wrong : kWrong) {
    EXPECT_FALSE(ParsePolicy(wrong).ok()) << wrong;
  }
  EXPECT_TRUE(ParsePolicy("quorum none\n").ok());
  // The same key under another name, which has another key ID.
  EXPECT_FALSE(
      ParsePolicy(one + "witness W2 " +
                  TestSigner("other", KeyKind::kWitness, 16).verifier().Text() +
                  "\nquorum none\n")
          .ok());
}

TEST(Policy, NamesTheLine) {
  const auto policy = ParsePolicy("# one\n\nlog x\nquorum none\n");
  ASSERT_FALSE(policy.ok());
  EXPECT_TRUE(policy.error().message.starts_with("line 3: "));
}

TEST(Policy, IsBounded) {
  std::string text;
  for (int i = 1; i <= 128; ++i) {
    text += WitnessLine(i);
    text += "group G" + std::to_string(i) + " any W" + std::to_string(i) + "\n";
  }
  EXPECT_TRUE(ParsePolicy(text + "quorum G128\n").ok());
  EXPECT_EQ(ParsePolicy(text + WitnessLine(129) + "quorum none\n").error().code,
            Code::kLimit);
  EXPECT_EQ(ParsePolicy(text + "group H any G1\nquorum none\n").error().code,
            Code::kLimit);
  EXPECT_EQ(ParsePolicy(std::string(kPolicyBytesMax + 1, '\n')).error().code,
            Code::kLimit);
  std::string logs;
  for (int i = 0; i <= 64; ++i) {
    logs += "log " +
            TestSigner("l" + std::to_string(i), KeyKind::kLog,
                       static_cast<uint8_t>(i))
                .verifier()
                .Text() +
            "\n";
  }
  EXPECT_EQ(ParsePolicy(logs + "quorum none\n").error().code, Code::kLimit);
}

// All subsets of witnesses against the rule written out.
TEST(Quorum, IsMetByTheRightSubsetsOnly) {
  const auto policy = ParsePolicy(Witnesses(6) +
                                  "group A 2 W1 W2 W3\n"
                                  "group B any W4 W5\n"
                                  "group Q all A B\n"
                                  "group Unused all W6\n"
                                  "quorum Q\n");
  ASSERT_TRUE(policy.ok());
  for (unsigned subset = 0; subset < 64; ++subset) {
    Times times(6);
    for (size_t i = 0; i < 6; ++i) {
      if ((subset >> i & 1) != 0) times[i] = 10;
    }
    const bool a = __builtin_popcount(subset & 7) >= 2;
    const bool b = (subset & 0x18) != 0;
    EXPECT_EQ(policy.value().Quorum(times).ok(), a && b) << subset;
  }
}

TEST(Quorum, SaysWhatLacks) {
  const auto policy =
      ParsePolicy(Witnesses(3) + "group Most 2 W1 W2 W3\nquorum Most\n");
  ASSERT_TRUE(policy.ok());
  const auto met = policy.value().Quorum(Times{5, {}, {}});
  ASSERT_FALSE(met.ok());
  EXPECT_EQ(met.error().code, Code::kDenied);
  EXPECT_EQ(met.error().message, "quorum Most is not met; Most has 1 of 2");
  // Fewer times than witnesses is not met, not an access beyond them.
  EXPECT_FALSE(policy.value().Quorum(Times{5}).ok());
}

TEST(Quorum, NoneIsMetByNobodyAndSaysNoTime) {
  const auto policy = ParsePolicy("quorum none\n");
  ASSERT_TRUE(policy.ok());
  const auto met = policy.value().Quorum({});
  ASSERT_TRUE(met.ok());
  EXPECT_FALSE(met.value());
}

TEST(Quorum, TimesAreThoseOfTheSubsetThatIsEnough) {
  const auto policy = ParsePolicy(Witnesses(5) +
                                  "group A 2 W1 W2 W3\n"
                                  "group B any W4 W5\n"
                                  "group Q all A B\n"
                                  "quorum Q\n");
  ASSERT_TRUE(policy.ok());
  const auto times = [&](const Times& of) {
    return policy.value().Quorum(of).value().value();
  };
  // A: fresh 20 (10, 20, 30), public by 20; B: fresh 50, public by 5.
  EXPECT_EQ(times({10, 20, 30, 5, 50}).fresh, 20u);
  EXPECT_EQ(times({10, 20, 30, 5, 50}).public_by, 20u);
  EXPECT_EQ(times({10, 20, 30, 5, {}}).fresh, 5u);
  EXPECT_EQ(times({10, 20, {}, 15, 50}).fresh, 10u);
  EXPECT_EQ(times({10, 20, {}, 25, 50}).public_by, 25u);
  // One witness that lies, far off either way, moves neither bound beyond the
  // honest ones.
  EXPECT_EQ(times({kTimeMax, 20, 30, 40, 40}).fresh, 30u);
  EXPECT_EQ(times({1, 20, 30, 40, 40}).public_by, 40u);
}

class JudgementTest : public testing::Test {
 protected:
  JudgementTest()
      : policy_(ParsePolicy(LogLine() + Witnesses(3) +
                            "group Q 2 W1 W2 W3\nquorum Q\n")
                    .value()),
        note_(SignedCheckpoint(7, LeafHash({}))) {
    for (const int i : {1, 2}) {
      note_.signatures.push_back(
          TestWitness(i).Cosign(note_.text, 1000 + static_cast<uint64_t>(i)));
    }
  }

  Result<Judgement> Judge(uint64_t latest = kTimeMax) const {
    return JudgeCheckpoint(FormatNote(note_), policy_, latest);
  }

  Policy policy_;
  Note note_;
};

TEST_F(JudgementTest, TellsWhoSawWhatWhen) {
  const auto judgement = Judge();
  ASSERT_TRUE(judgement.ok()) << judgement.error().message;
  const OpenedCheckpoint& opened = judgement.value().opened;
  EXPECT_EQ(opened.checkpoint.size, 7u);
  EXPECT_EQ(opened.times, (Times{1001, 1002, {}}));
  EXPECT_EQ(judgement.value().times->fresh, 1001u);
  EXPECT_EQ(judgement.value().times->public_by, 1002u);
}

TEST_F(JudgementTest, IgnoresOtherKeys) {
  note_.signatures.push_back(
      TestSigner("stranger", KeyKind::kLog, 99).Sign(note_.text));
  NoteSignature same_name = TestWitness(3).Cosign(note_.text, 5);
  same_name.key_id ^= 1;
  note_.signatures.push_back(same_name);
  EXPECT_TRUE(Judge().ok());
}

TEST_F(JudgementTest, RefusesAKnownKeysBadSignature) {
  for (size_t i = 0; i < note_.signatures.size(); ++i) {
    const Note before = note_;
    note_.signatures[i].bytes.back() ^= 1;
    EXPECT_EQ(Judge().error().code, Code::kDenied) << i;
    note_.signatures[i].bytes.resize(10);
    EXPECT_EQ(Judge().error().code, Code::kDenied) << i;
    note_ = before;
  }
  // Also where the quorum is met without it.
  NoteSignature bad = TestWitness(3).Cosign("another\n", 5);
  note_.signatures.push_back(bad);
  EXPECT_FALSE(Judge().ok());
}

TEST_F(JudgementTest, RefusesTwoSignaturesOfAKnownKey) {
  note_.signatures.push_back(TestWitness(1).Cosign(note_.text, 9));
  EXPECT_FALSE(Judge().ok());
}

TEST_F(JudgementTest, NeedsTheLogItself) {
  note_.signatures.erase(note_.signatures.begin());
  EXPECT_FALSE(Judge().ok());
}

TEST_F(JudgementTest, NeedsALogOfThatOrigin) {
  policy_.logs[0].key =
      TestSigner("other.example", KeyKind::kLog, 1).verifier();
  EXPECT_FALSE(Judge().ok());
  note_.signatures[0] =
      TestSigner("other.example", KeyKind::kLog, 1).Sign(note_.text);
  EXPECT_FALSE(Judge().ok());
}

TEST_F(JudgementTest, NeedsTheQuorum) {
  note_.signatures.pop_back();
  EXPECT_EQ(Judge().error().code, Code::kDenied);
  EXPECT_TRUE(OpenCheckpoint(FormatNote(note_), policy_).ok());
}

TEST_F(JudgementTest, DoesNotCountTheFuture) {
  EXPECT_TRUE(Judge(1002).ok());
  EXPECT_FALSE(Judge(1001).ok());
}

TEST_F(JudgementTest, RefusesAnEmptyTreeThatIsNot) {
  const Policy anybody = ParsePolicy(LogLine() + "quorum none\n").value();
  EXPECT_TRUE(
      JudgeCheckpoint(FormatNote(SignedCheckpoint(0, EmptyRoot())), anybody)
          .ok());
  EXPECT_FALSE(
      JudgeCheckpoint(FormatNote(SignedCheckpoint(0, LeafHash({}))), anybody)
          .ok());
}

}  // namespace
}  // namespace vitrine::tlog
