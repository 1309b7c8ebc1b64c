// SPDX-License-Identifier: Apache-2.0
#include "doorman/replies.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace vitrine::doorman {
namespace {

using testing::ElementsAre;

ScanReport Found(std::vector<std::pair<const char*, const char*>> alerts) {
  ScanReport report;
  report.verdict = Verdict::kFound;
  for (const auto& [name, engine] : alerts) {
    report.alerts.push_back({name, engine, "", {}, {}, 0});
  }
  return report;
}

TEST(Replies, NameAlertsAsClamdDoes) {
  const Settings settings;
  EXPECT_THAT(ReportLines("s", Found({{"Sig", "clamav"}}), false, settings),
              ElementsAre("s: Sig.UNOFFICIAL FOUND"));
  EXPECT_THAT(ReportLines("s", Found({{"rule", "yara"}}), false, settings),
              ElementsAre("s: YARA.rule.UNOFFICIAL FOUND"));
  EXPECT_THAT(
      ReportLines("s", Found({{"Heuristics.X", "clamav"}}), false, settings),
      ElementsAre("s: Heuristics.X FOUND"));
  Settings bare;
  bare.unofficial_suffix = false;
  EXPECT_THAT(ReportLines("s", Found({{"Sig", "hash"}}), false, bare),
              ElementsAre("s: Sig FOUND"));
}

TEST(Replies, HaveALineForEachAlertWhereAllAreWanted) {
  const ScanReport report = Found({{"A", "clamav"}, {"B", "clamav"}});
  EXPECT_THAT(ReportLines("s", report, true, Settings()),
              ElementsAre("s: A.UNOFFICIAL FOUND", "s: B.UNOFFICIAL FOUND"));
  EXPECT_THAT(ReportLines("s", report, false, Settings()),
              ElementsAre("s: A.UNOFFICIAL FOUND"));
}

TEST(Replies, NeverContainControlCharactersOfARule) {
  EXPECT_THAT(
      ReportLines("s", Found({{"A\nx: OK", "clamav"}}), false, Settings()),
      ElementsAre("s: A?x: OK.UNOFFICIAL FOUND"));
}

TEST(Replies, NameTheReasonOfALimit) {
  ScanReport report;
  report.verdict = Verdict::kLimited;
  EXPECT_THAT(ReportLines("s", report, false, Settings()),
              ElementsAre("s: Not fully scanned (unknown). ERROR"));
  // Longer than what a string holds within itself.
  report.limits.push_back({"", "a-reason-with-a-rather-long-name", ""});
  EXPECT_THAT(ReportLines("s", report, false, Settings()),
              ElementsAre("s: Not fully scanned "
                          "(a-reason-with-a-rather-long-name). ERROR"));
}

TEST(Replies, AreOkOnlyForTheVerdictClean) {
  for (const Verdict verdict :
       {Verdict::kLimited, Verdict::kError, Verdict::kFound}) {
    ScanReport report;
    report.verdict = verdict;
    const auto lines = ReportLines("s", report, false, Settings());
    ASSERT_EQ(1u, lines.size());
    EXPECT_TRUE(lines[0].ends_with(". ERROR")) << lines[0];
  }
}

}  // namespace
}  // namespace vitrine::doorman
