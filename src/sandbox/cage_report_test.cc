// SPDX-License-Identifier: Apache-2.0
#include "sandbox/cage_report.h"

#include <gtest/gtest.h>

#include "sandbox/limits.h"

namespace vitrine::sandbox {
namespace {

CageReport Full() {
  CageReport report;
  for (size_t i = 0; i < kLayerCount; ++i) {
    report.Set(static_cast<Layer>(i), State::kFull);
  }
  return report;
}

TEST(CageReport, IsNotFullWhenNobodyReported) {
  EXPECT_FALSE(CageReport().full());
}

TEST(CageReport, IsFullForAnOrdinaryUserWithoutAnotherIdentity) {
  CageReport report = Full();
  report.Set(Layer::kIdentity, State::kPartial);
  EXPECT_TRUE(report.full());
  report.Set(Layer::kLandlock, State::kPartial);
  EXPECT_FALSE(report.full());
}

TEST(CageReport, IsFullWithoutACgroupAlone) {
  for (size_t i = 0; i < kLayerCount; ++i) {
    const auto layer = static_cast<Layer>(i);
    CageReport report = Full();
    report.Set(layer, State::kAbsent);
    EXPECT_EQ(report.full(), layer == Layer::kCgroup) << LayerName(layer);
  }
}

TEST(CageReport, ReadsWhatItWrites) {
  CageReport report = Full();
  report.Set(Layer::kLandlock, State::kFull, "ABI 7");
  report.Set(Layer::kRoot, State::kAbsent, "mount: Operation not permitted");
  const std::string text = report.Format();
  EXPECT_NE(text.find("landlock full ABI 7\n"), text.npos);
  EXPECT_NE(text.find("root absent mount: Operation"), text.npos);
  const Result<CageReport> back = CageReport::Parse(text);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back.value().Format(), text);
}

TEST(CageReport, FitsItsBoundWithTheLongestReasons) {
  CageReport report;
  for (size_t i = 0; i < kLayerCount; ++i) {
    report.Set(static_cast<Layer>(i), State::kPartial, std::string(1000, 'x'));
  }
  EXPECT_TRUE(CageReport::Parse(report.Format()).ok());
}

TEST(CageReport, RefusesWhatItWouldNotWrite) {
  for (const std::string_view text :
       {"", "\n", "root full", "root\n", "root good\n", "cellar full\n",
        "root full\nroot full\n", "root full \x1b[2J\n", "root full a\tb\n"}) {
    EXPECT_FALSE(CageReport::Parse(text).ok()) << text;
  }
  EXPECT_FALSE(
      CageReport::Parse("root full " + std::string(kReasonMax + 1, 'x') + '\n')
          .ok());
  EXPECT_FALSE(CageReport::Parse(std::string(kReportBytesMax, '\n')).ok());
}

TEST(CageReport, KeepsUnprintableReasonsOut) {
  CageReport report;
  report.Set(Layer::kRoot, State::kAbsent, "a\nb\x80");
  EXPECT_EQ(report.row(Layer::kRoot).reason, "a?b?");
}

TEST(CageReport, TakesFromASandboxeeOnlyWhatIsItsOwn) {
  CageReport executor;
  executor.Set(Layer::kIdentity, State::kAbsent, "no");
  executor.AdoptConfined(Full());
  EXPECT_EQ(executor.row(Layer::kIdentity).state, State::kAbsent);
  EXPECT_EQ(executor.row(Layer::kUserNamespace).state, State::kAbsent);
  EXPECT_EQ(executor.row(Layer::kRoot).state, State::kFull);
  EXPECT_EQ(executor.row(Layer::kSystemCalls).state, State::kFull);
}

}  // namespace
}  // namespace vitrine::sandbox
