// SPDX-License-Identifier: Apache-2.0
#include "wire/report.h"

#include <gtest/gtest.h>

#include "wire/limits.h"

namespace vitrine::wire {
namespace {

ScanReport FullReport() {
  ScanReport report;
  report.verdict = Verdict::kFound;
  report.bytes = 12345678901;
  Alert alert;
  alert.name = "Rule";
  alert.engine = "yara";
  alert.object = "a.zip!b";
  alert.tags = {"one", ""};
  alert.strings = {{"$a", 5, 6}, {"$b", UINT64_MAX, 0}};
  alert.rule = 42;
  report.alerts = {alert, {}};
  report.limits = {{"x", "encrypted", "detail"}, {}};
  report.errors = {"broken", std::string("\0\xff", 2)};
  report.console = {"hello"};
  return report;
}

TEST(Report, ComesBackAsItWas) {
  const ScanReport report = FullReport();
  const auto bytes = EncodeReport(report);
  ASSERT_TRUE(bytes.ok());
  const auto back = DecodeReport(bytes.value());
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back.value().verdict, report.verdict);
  EXPECT_EQ(back.value().bytes, report.bytes);
  ASSERT_EQ(back.value().alerts.size(), 2u);
  const Alert& alert = back.value().alerts[0];
  EXPECT_EQ(alert.name, "Rule");
  EXPECT_EQ(alert.engine, "yara");
  EXPECT_EQ(alert.object, "a.zip!b");
  EXPECT_EQ(alert.tags, report.alerts[0].tags);
  EXPECT_EQ(alert.rule, 42u);
  ASSERT_EQ(alert.strings.size(), 2u);
  EXPECT_EQ(alert.strings[1].id, "$b");
  EXPECT_EQ(alert.strings[1].offset, UINT64_MAX);
  ASSERT_EQ(back.value().limits.size(), 2u);
  EXPECT_EQ(back.value().limits[0].reason, "encrypted");
  EXPECT_EQ(back.value().limits[0].detail, "detail");
  EXPECT_EQ(back.value().errors, report.errors);
  EXPECT_EQ(back.value().console, report.console);
  // Equal reports, equal bytes.
  EXPECT_EQ(EncodeReport(back.value()).value(), bytes.value());
}

TEST(Report, IsRefusedWhereverItIsCutAndWithBytesLeftOver) {
  ByteVector bytes = EncodeReport(FullReport()).value();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodeReport(Clip(bytes, 0, size)).ok()) << size;
  }
  bytes.push_back(0);
  EXPECT_FALSE(DecodeReport(bytes).ok());
}

TEST(Report, IsRefusedWithAVerdictThatIsNone) {
  ByteVector bytes = EncodeReport({}).value();
  bytes[0] = 4;
  EXPECT_FALSE(DecodeReport(bytes).ok());
}

TEST(Report, ClaimsOfHugeCountsSetNoMemoryAside) {
  // Verdict, bytes, then a count that nothing stands behind.
  for (const size_t at : {size_t{9}, size_t{13}, size_t{17}, size_t{21}}) {
    ByteVector bytes = EncodeReport({}).value();
    for (size_t i = 0; i < 4; ++i) bytes[at + i] = 0xff;
    EXPECT_FALSE(DecodeReport(bytes).ok()) << at;
  }
}

TEST(Report, ThatIsTooLongIsALimit) {
  ScanReport report;
  report.console.assign(5, std::string(kReportMax / 4, 'x'));
  const auto bytes = EncodeReport(report);
  ASSERT_FALSE(bytes.ok());
  EXPECT_EQ(bytes.error().code, Code::kLimit);
}

}  // namespace
}  // namespace vitrine::wire
