// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.h"

#include <gtest/gtest.h>

namespace vitrine::cli {
namespace {

TEST(Progress, SaysWhatIsDoneAndLeft) {
  Summary done;
  done.files = 1500;
  done.bytes_read = 20'000'000;
  EXPECT_EQ(Progress::Line(done, 0, 0, 2), "1,500 files, 10.0 MB/s");
  done.alerts = 1;
  EXPECT_EQ(Progress::Line(done, 3000, 50'000'000, 2),
            "1,500 of 3,000 files, 10.0 MB/s, 3 s left, 1 alert");
}

TEST(Progress, DoesNotDivideByZero) {
  EXPECT_EQ(Progress::Line({}, 10, 100, 0), "0 of 10 files, 0.0 MB/s");
}

}  // namespace
}  // namespace vitrine::cli
