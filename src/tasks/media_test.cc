// SPDX-License-Identifier: Apache-2.0
#include "tasks/media.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vitrine::tasks {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

mounts::Mount Mounted(uint64_t id, const char* device, const char* point,
                      const char* type) {
  return {id, device, "/", point, type};
}

class MediaTest : public testing::Test {
 protected:
  Media media_{[](const std::string& device) { return device == "8:17"; }};
  const mounts::Mount root_ = Mounted(1, "8:1", "/", "ext4");
  const mounts::Mount stick_ = Mounted(2, "8:17", "/media/stick", "vfat");
};

TEST_F(MediaTest, AtFirstOnlyRemovableOnesAreNew) {
  EXPECT_THAT(media_.NewIn({root_, stick_}), ElementsAre("/media/stick"));
  EXPECT_THAT(media_.NewIn({root_, stick_}), IsEmpty());
}

TEST_F(MediaTest, LaterEveryDeviceIs) {
  EXPECT_THAT(media_.NewIn({root_}), IsEmpty());
  const auto image = Mounted(3, "7:0", "/mnt", "ext4");
  EXPECT_THAT(media_.NewIn({root_, image}), ElementsAre("/mnt"));
  EXPECT_THAT(media_.NewIn({root_}), IsEmpty());
  EXPECT_THAT(media_.NewIn({root_, Mounted(4, "7:0", "/mnt", "ext4")}),
              ElementsAre("/mnt"));
}

TEST_F(MediaTest, WhatHoldsNoFilesOfAnybodyIsNone) {
  (void)media_.NewIn({root_});
  EXPECT_THAT(media_.NewIn({root_, Mounted(3, "0:40", "/box", "overlay"),
                            Mounted(4, "0:41", "/t", "tmpfs"),
                            Mounted(5, "8:33", "/x", "nobody-knows")}),
              IsEmpty());
}

}  // namespace
}  // namespace vitrine::tasks
