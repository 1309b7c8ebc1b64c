// SPDX-License-Identifier: Apache-2.0
#include "sandbox/launch.h"

#include <gtest/gtest.h>

#include "sandbox/testing.h"

namespace vitrine::sandbox {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Launch, GivesBackTheExitStatus) {
  Result<Caged> caged = LaunchTestcase({"unconfined"});
  ASSERT_TRUE(caged.ok()) << caged.error().message;
  const Result<Outcome> outcome = caged.value().sandboxee.Wait(seconds(10));
  ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  EXPECT_EQ(outcome.value(), (Outcome{Outcome::Kind::kExited, 7}));
}

TEST(Launch, ReportsTheWholeCage) {
  Result<Caged> caged = LaunchTestcase({"exit_5"});
  ASSERT_TRUE(caged.ok()) << caged.error().message;
  const std::string text = Receive(caged.value().channel.get());
  const Result<CageReport> inner = CageReport::Parse(text);
  ASSERT_TRUE(inner.ok()) << text;
  CageReport report = caged.value().sandboxee.report();
  report.AdoptConfined(inner.value());
  std::printf("%s", report.Format().c_str());
  const Result<Outcome> outcome = caged.value().sandboxee.Wait(seconds(10));
  ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  EXPECT_EQ(Describe(outcome.value()), "exited with 5");
}

TEST(Launch, TellsViolationFromCrash) {
  for (const auto& [verb, kind] :
       {std::pair{"getppid", Outcome::Kind::kViolation},
        std::pair{"abort", Outcome::Kind::kSignaled},
        std::pair{"crash", Outcome::Kind::kSignaled}}) {
    Result<Caged> caged = LaunchTestcase({verb});
    ASSERT_TRUE(caged.ok()) << caged.error().message;
    const Result<Outcome> outcome = caged.value().sandboxee.Wait(seconds(10));
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_EQ(outcome.value().kind, kind)
        << verb << ' ' << Describe(outcome.value());
  }
}

}  // namespace
}  // namespace vitrine::sandbox
