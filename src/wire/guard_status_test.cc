// SPDX-License-Identifier: Apache-2.0
#include "wire/guard_status.h"

#include <gtest/gtest.h>

namespace vitrine::wire {
namespace {

GuardStatus Sample() {
  GuardStatus status;
  status.mode = "block";
  status.database = 3;
  status.database_time = 1790000000;
  status.last_overflow_ns = 5;
  status.degraded = {"/a b is not watched: 100%"};
  status.counters = {{"questions", 7}, {"found", 0}};
  status.cage = {{"landlock", "full", "ABI 7"}, {"cgroup", "absent", ""}};
  status.mounts = {{"watched", 0, "ext4", "8:1", "/a\nb\xff", "", "seen"},
                   {"not", 4026531840, "proc", "0:5", "/proc", "why", ""}};
  return status;
}

TEST(GuardStatus, ComesBackAsItWent) {
  const auto parsed = ParseGuardStatus(Format(Sample()));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed.value(), Sample());
}

TEST(GuardStatus, IsNotTakenInPart) {
  const std::string text = Format(Sample());
  for (size_t size = 0; size + 4 < text.size(); ++size) {
    EXPECT_FALSE(ParseGuardStatus(text.substr(0, size)).ok()) << size;
  }
}

TEST(GuardStatus, RefusesWhatFormatDoesNotWrite) {
  for (const char* line : {"", "unknown 1", "mode", "mode a b", "database x 1",
                           "count a -1", "mount watched 0 a b c d", "cage a  c",
                           "degraded %4", "degraded %zz"}) {
    EXPECT_FALSE(
        ParseGuardStatus("vitrine-guard 1\n" + std::string(line) + "\nend\n")
            .ok())
        << line;
  }
}

}  // namespace
}  // namespace vitrine::wire
