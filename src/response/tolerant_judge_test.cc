// SPDX-License-Identifier: Apache-2.0
#include "response/tolerant_judge.h"

#include <gtest/gtest.h>

#include "response/fakes.h"

namespace vitrine::response {
namespace {

class TolerantJudgeTest : public testing::Test {
 protected:
  TolerantJudgeTest() : list_(sample_.path() + ".trusted") {}
  ~TolerantJudgeTest() override { unlink(list_.c_str()); }

  void Trust(std::string_view mask) {
    ASSERT_TRUE(
        quarantine::AddTrusted(list_, {crypto::Sha256(AsBytes("contents")), 8,
                                       1, config::Mask::Parse(mask).value()})
            .ok());
  }

  // What comes of it when the scanner answers each question in this way.
  Verdict Judged(TolerantJudge& judge, const std::string& rule,
                 uint32_t rules_in_all = 1) {
    Verdict verdict = Verdict::kError;
    judge.Ask(sample_.Open(), Deadline::Never(), Rules::kFirst, "/srv/file",
              [&verdict](const Judgement& j) { verdict = j.verdict; });
    while (!inner_.asked.empty()) {
      const bool all = inner_.asked.front().rules == Rules::kAll;
      inner_.Say(Verdict::kFound, rule, all ? rules_in_all : 1);
    }
    return verdict;
  }
  SampleFile sample_;
  std::string list_;
  FakeJudge inner_;
  FakeSink sink_;
};

TEST_F(TolerantJudgeTest, WithoutAListFoundIsFound) {
  TolerantJudge judge(inner_, sink_, list_, {});
  EXPECT_EQ(Judged(judge, "Marker"), Verdict::kFound);
}

TEST_F(TolerantJudgeTest, TrustedContentPassesForItsRules) {
  TolerantJudge judge(inner_, sink_, list_, {});
  EXPECT_EQ(Judged(judge, "Marker"), Verdict::kFound);
  Trust("Mark*");  // The list is read again.
  EXPECT_EQ(Judged(judge, "Marker"), Verdict::kClean);
  EXPECT_EQ(Judged(judge, "Other"), Verdict::kFound);
}

TEST_F(TolerantJudgeTest, ATrustedRuleHidesNoOther) {
  Trust("Mark*");
  TolerantJudge judge(inner_, sink_, list_, {});
  EXPECT_EQ(Judged(judge, "Marker", 2), Verdict::kFound);
}

TEST_F(TolerantJudgeTest, OtherContentOfTheSameSizeIsFound) {
  const SampleFile other("CONTENTS");
  Trust("**");
  TolerantJudge judge(inner_, sink_, list_, {});
  Verdict verdict = Verdict::kError;
  judge.Ask(other.Open(), Deadline::Never(), Rules::kFirst, "/srv/file",
            [&verdict](const Judgement& j) { verdict = j.verdict; });
  inner_.Say(Verdict::kFound, "Marker");
  EXPECT_EQ(verdict, Verdict::kFound);
}

TEST_F(TolerantJudgeTest, ANotifyOnlyRuleIsToldAndNotRefused) {
  config::QuarantineConfig config;
  config.ladders = {{{config::Mask::Parse("Heuristics.*").value()},
                     {config::Action::kNotify}}};
  TolerantJudge judge(inner_, sink_, list_, config);
  EXPECT_EQ(Judged(judge, "Heuristics.A"), Verdict::kClean);
  EXPECT_EQ(sink_.reasons, std::vector<std::string>{"notify-only"});
  EXPECT_EQ(Judged(judge, "Heuristics.A", 2), Verdict::kFound);
  EXPECT_EQ(Judged(judge, "Marker"), Verdict::kFound);
  EXPECT_EQ(sink_.reasons.size(), 1u);
}

TEST_F(TolerantJudgeTest, AnExcludedRuleIsPassedInSilenceAndHidesNoOther) {
  TolerantJudge judge(inner_, sink_, list_, {},
                      {config::Mask::Parse("PUA.*").value()});
  EXPECT_EQ(Judged(judge, "PUA.Tool"), Verdict::kClean);
  EXPECT_EQ(Judged(judge, "PUA.Tool", 2), Verdict::kFound);
  EXPECT_EQ(Judged(judge, "Marker"), Verdict::kFound);
  EXPECT_TRUE(sink_.reasons.empty());
}

TEST_F(TolerantJudgeTest, ADamagedListTrustsNothing) {
  Trust("**");
  const UniqueFd file(open(list_.c_str(), O_WRONLY | O_APPEND));
  ASSERT_EQ(write(file.get(), "x\n", 2), 2);
  TolerantJudge judge(inner_, sink_, list_, {});
  EXPECT_EQ(Judged(judge, "Marker"), Verdict::kFound);
}

}  // namespace
}  // namespace vitrine::response
