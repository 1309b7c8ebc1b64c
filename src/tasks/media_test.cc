// SPDX-License-Identifier: Apache-2.0
#include "tasks/media.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace vitrine::tasks {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

mounts::Mount Mounted(uint64_t id, const char* device, const char* point,
                      const char* type) {
  return {id, device, "/", point, type, "none"};
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

// A sysfs with one partition on one disk.
class DevicesTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/vitrine-devices.XXXXXX";
    root_ = mkdtemp(name);
    fs::create_directories(block_ = root_ + "/block");
  }
  void TearDown() override { fs::remove_all(root_); }

  // Below the folder of the bus.
  void AddDisk(const std::string& bus, const std::string& removable) {
    disk_ = root_ + "/devices/" + bus + "/block/sdb";
    fs::create_directories(disk_ + "/sdb1");
    fs::create_directories(disk_ + "/device");
    std::ofstream(disk_ + "/removable") << removable << "\n";
    fs::create_directory_symlink(disk_, block_ + "/8:16");
    fs::create_directory_symlink(disk_ + "/sdb1", block_ + "/8:17");
  }
  // An encrypted volume on the partition.
  void AddVolume() {
    const std::string volume = root_ + "/devices/virtual/block/dm-0";
    fs::create_directories(volume + "/slaves");
    std::ofstream(volume + "/removable") << "0\n";
    fs::create_directory_symlink(disk_ + "/sdb1", volume + "/slaves/sdb1");
    fs::create_directory_symlink(volume, block_ + "/253:0");
  }

  std::string root_;
  std::string block_;
  std::string disk_;
};

TEST_F(DevicesTest, PartitionsAndVolumesAreRemovableAsTheirDiskIs) {
  AddDisk("pci0000:00/ata1", "1");
  AddVolume();
  for (const char* device : {"8:16", "8:17", "253:0"}) {
    EXPECT_TRUE(IsRemovableDevice(device, block_)) << device;
    EXPECT_TRUE(IsMedium(device, block_)) << device;
  }
}

TEST_F(DevicesTest, DisksOfTheMachineAreNoMedia) {
  AddDisk("pci0000:00/ata1", "0");
  AddVolume();
  for (const char* device : {"8:16", "8:17", "253:0", "9:9"}) {
    EXPECT_FALSE(IsRemovableDevice(device, block_)) << device;
    EXPECT_FALSE(IsMedium(device, block_)) << device;
  }
  EXPECT_FALSE(IsMedium(Mounted(1, "8:17", "/", "ext4"), block_));
}

TEST_F(DevicesTest, ADiskOnUsbIsAMediumWhateverItSays) {
  AddDisk("pci0000:00/usb2/2-1/host6", "0");
  AddVolume();
  for (const char* device : {"8:16", "8:17", "253:0"}) {
    EXPECT_FALSE(IsRemovableDevice(device, block_)) << device;
    EXPECT_TRUE(IsMedium(device, block_)) << device;
  }
}

TEST_F(DevicesTest, ACardInAReaderIsAMedium) {
  AddDisk("pci0000:00/mmc_host/mmc0", "0");
  std::ofstream(disk_ + "/device/type") << "MMC\n";
  EXPECT_FALSE(IsMedium("8:17", block_));
  std::ofstream(disk_ + "/device/type") << "SD\n";
  EXPECT_TRUE(IsMedium("8:17", block_));
}

TEST_F(DevicesTest, WhereNobodyCanSayItIsAMedium) {
  EXPECT_TRUE(IsMedium(Mounted(1, "0:40", "/", "btrfs"), block_));
  mounts::Mount mount = Mounted(1, "0:40", "/", "btrfs");
  mount.source = "/dev/null";
  EXPECT_TRUE(IsMedium(mount, block_));
}

TEST_F(DevicesTest, WhatIsMadeOfItselfEndsAtTheBound) {
  AddDisk("pci0000:00/ata1", "0");
  fs::create_directory(disk_ + "/slaves");
  fs::create_directory_symlink(disk_, disk_ + "/slaves/sdb");
  EXPECT_TRUE(IsMedium("8:16", block_));
}

}  // namespace
}  // namespace vitrine::tasks
