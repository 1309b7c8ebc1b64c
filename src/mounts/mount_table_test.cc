// SPDX-License-Identifier: Apache-2.0
#include "mounts/mount_table.h"

#include <gtest/gtest.h>

namespace vitrine::mounts {
namespace {

TEST(MountTable, ReadsLinesAsTheKernelWritesThem) {
  size_t odd = 0;
  const auto mounts = ParseMounts(
      "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 shared:2 - ext3 /dev/x rw\n"
      "37 35 0:44 / /a\\040b\\134c rw - tmpfs none rw\n",
      odd);
  ASSERT_TRUE(mounts.ok());
  ASSERT_EQ(mounts.value().size(), 2u);
  EXPECT_EQ(mounts.value()[0],
            (Mount{36, "98:0", "/mnt1", "/mnt2", "ext3", "/dev/x"}));
  EXPECT_EQ(mounts.value()[1].point, "/a b\\c");
  EXPECT_EQ(odd, 0u);
}

TEST(MountTable, CountsWhatItCannotRead) {
  size_t odd = 0;
  const auto mounts = ParseMounts(
      "x 35 98:0 / /m rw - ext4 a b\n1 2 3\n36 35 98:0 / m rw - ext4 a b\n"
      "36 35 98:0 / /m rw -\n\n",
      odd);
  ASSERT_TRUE(mounts.ok());
  EXPECT_TRUE(mounts.value().empty());
  EXPECT_EQ(odd, 4u);
}

TEST(FilesystemTable, SaysWhyATypeIsNotWatched) {
  for (const char* type : {"ext4", "xfs", "btrfs", "tmpfs", "overlay"}) {
    EXPECT_TRUE(RuleOf(type).watched) << type;
  }
  for (const char* type : {"proc", "nfs", "fuse.sshfs", "nobody-knows"}) {
    EXPECT_FALSE(RuleOf(type).watched) << type;
    EXPECT_NE(RuleOf(type).why_not, nullptr) << type;
  }
}

}  // namespace
}  // namespace vitrine::mounts
