// SPDX-License-Identifier: Apache-2.0
#include "doorman/rights.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "doorman/path_opener.h"
#include "gtest/gtest.h"

namespace vitrine::doorman {
namespace {

constexpr uid_t kOwner = 1000;
constexpr gid_t kGroup = 2000;

struct stat Status(mode_t mode) {
  struct stat status {};
  status.st_mode = S_IFREG | mode;
  status.st_uid = kOwner;
  status.st_gid = kGroup;
  return status;
}

Peer User(uid_t uid, std::vector<gid_t> groups = {}) {
  Peer peer;
  peer.kind = Peer::Kind::kLocal;
  peer.uid = uid;
  peer.groups = std::move(groups);
  return peer;
}

bool MayRead(mode_t mode, const Peer& peer, Bytes list = {}) {
  return Allows(Status(mode), list, peer, Right::kRead);
}

// An entry of system.posix_acl_access.
void Add(ByteVector& list, uint16_t tag, uint16_t bits, uint32_t id) {
  if (list.empty()) list = {2, 0, 0, 0};
  for (const uint16_t part : {tag, bits}) {
    list.push_back(static_cast<uint8_t>(part & 0xff));
    list.push_back(static_cast<uint8_t>(part >> 8));
  }
  for (const unsigned shift : {0u, 8u, 16u, 24u}) {
    list.push_back(static_cast<uint8_t>(id >> shift & 0xff));
  }
}

TEST(Rights, AreThoseOfTheClosestClass) {
  EXPECT_TRUE(MayRead(0400, User(kOwner)));
  EXPECT_FALSE(MayRead(0044, User(kOwner, {kGroup})));
  EXPECT_TRUE(MayRead(0040, User(1, {5, kGroup})));
  EXPECT_FALSE(MayRead(0004, User(1, {kGroup})));
  EXPECT_TRUE(MayRead(0004, User(1, {5})));
  EXPECT_FALSE(MayRead(0440, User(1, {5})));
  EXPECT_TRUE(MayRead(0000, User(0)));
}

TEST(Rights, OfARemotePeerAreThoseOfOthers) {
  EXPECT_TRUE(MayRead(0004, Peer()));
  EXPECT_FALSE(MayRead(0770, Peer()));
}

TEST(Rights, FollowAccessLists) {
  ByteVector list;
  Add(list, 0x01, 6, 0);     // user::rw-
  Add(list, 0x02, 0, 7);     // user:7:---
  Add(list, 0x02, 4, 8);     // user:8:r--
  Add(list, 0x04, 0, 0);     // group::---
  Add(list, 0x08, 4, 3000);  // group:3000:r--
  Add(list, 0x10, 4, 0);     // mask::r--
  Add(list, 0x20, 4, 0);     // other::r--
  EXPECT_FALSE(MayRead(0644, User(7), list));
  EXPECT_TRUE(MayRead(0644, User(8), list));
  EXPECT_FALSE(MayRead(0644, User(9, {kGroup}), list));
  EXPECT_TRUE(MayRead(0644, User(9, {kGroup, 3000}), list));
  EXPECT_TRUE(MayRead(0644, User(9), list));
  list.back() = 0;
  list.pop_back();  // Damaged.
  EXPECT_FALSE(MayRead(0644, User(9), list));
}

class OpenPathTest : public testing::Test {
 protected:
  OpenPathTest() {
    std::string name =
        (std::filesystem::temp_directory_path() / "rights.XXXXXX").string();
    folder_ = mkdtemp(name.data());
    chmod(folder_.c_str(), 0755);
  }
  ~OpenPathTest() override { std::filesystem::remove_all(folder_); }
  std::string Make(const std::string& name, mode_t mode) {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path) << "content";
    chmod(path.c_str(), mode);
    return path;
  }

  std::string folder_;
};

TEST_F(OpenPathTest, GivesAPeerWhatItCouldOpenItself) {
  const std::string open_to_all = Make("all", 0644);
  const std::string ours = Make("ours", 0600);
  EXPECT_TRUE(OpenPath(open_to_all, Peer()).ok());
  EXPECT_TRUE(OpenPath(ours, User(geteuid())).ok());
  const auto refused = OpenPath(ours, User(54321));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ("Access denied. ERROR", refused.error().message);
}

TEST_F(OpenPathTest, AsksTheFoldersOnTheWay) {
  std::filesystem::create_directory(folder_ + "/private");
  const std::string inside = Make("private/all", 0644);
  chmod((folder_ + "/private").c_str(), 0700);
  const auto refused = OpenPath(inside, User(54321));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ("File path check failure: Permission denied. ERROR",
            refused.error().message);
  // Nor does a link around the folder help, or the way out of it.
  std::filesystem::create_symlink(inside, folder_ + "/link");
  EXPECT_FALSE(OpenPath(folder_ + "/link", User(54321)).ok());
  EXPECT_FALSE(OpenPath(folder_ + "/private/../private/all", User(54321)).ok());
}

TEST_F(OpenPathTest, FollowsLinksToAnEnd) {
  Make("file", 0644);
  std::filesystem::create_symlink("file", folder_ + "/a");
  std::filesystem::create_symlink(folder_ + "/./a", folder_ + "/b");
  EXPECT_TRUE(OpenPath(folder_ + "/b", Peer()).ok());
  std::filesystem::create_symlink("circle", folder_ + "/circle");
  EXPECT_FALSE(OpenPath(folder_ + "/circle", Peer()).ok());
}

TEST_F(OpenPathTest, RefusesDevicesAndPaths) {
  EXPECT_FALSE(OpenPath("/dev/null", User(0)).ok());
  EXPECT_FALSE(OpenPath("", User(0)).ok());
  EXPECT_FALSE(OpenPath("etc/passwd", User(0)).ok());
  EXPECT_FALSE(OpenPath("/" + std::string(5000, 'a'), User(0)).ok());
}

}  // namespace
}  // namespace vitrine::doorman
