// SPDX-License-Identifier: Apache-2.0
#include "update/release/release_path.h"

#include <gtest/gtest.h>

namespace vitrine::update {
namespace {

TEST(ReleasePath, IsReadAsItIsWritten) {
  const auto name = ParseReleasePath(ReleasePath("a-b", 7, "vdb.zst"));
  ASSERT_TRUE(name);
  EXPECT_EQ(name->channel, "a-b");
  EXPECT_FALSE(name->from);
  EXPECT_EQ(name->version, 7u);
  EXPECT_EQ(name->kind, "vdb.zst");
  const auto delta = ParseReleasePath(DeltaPath("main", 5, 7));
  ASSERT_TRUE(delta);
  EXPECT_EQ(delta->from, 5u);
  EXPECT_EQ(delta->version, 7u);
  EXPECT_EQ(delta->kind, "delta");
}

TEST(ReleasePath, HasOneSpelling) {
  for (const char* bad :
       {"db/main/other-1.vdb", "policy/tlog-policy", "db/main/main-x.vdb",
        "db/main/main-1-2.vdb", "db/main/main-07.vdb", "db/Main/Main-7.vdb",
        "db/main/main-7", "db/main/main-7.delta", "db/main/main-05-7.delta",
        "db/main/main-1-2-3.delta", "db/main/x/main-7.vdb"}) {
    EXPECT_FALSE(ParseReleasePath(bad)) << bad;
  }
}

}  // namespace
}  // namespace vitrine::update
