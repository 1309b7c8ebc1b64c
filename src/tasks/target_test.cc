// SPDX-License-Identifier: Apache-2.0
#include "tasks/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tasks/limits.h"
#include "tasks/scope.h"

namespace vitrine::tasks {
namespace {

config::Mask PathMask(const char* text) {
  return config::Mask::ParsePath(text).value();
}

mounts::Mount Mounted(const char* device, const char* root, const char* point,
                      const char* type) {
  mounts::Mount mount;
  mount.device = device;
  mount.root = root;
  mount.point = point;
  mount.type = type;
  return mount;
}

std::vector<std::string> Bases(const std::vector<Target>& targets) {
  std::vector<std::string> bases;
  for (const Target& target : targets) bases.push_back(target.base);
  return bases;
}

TEST(Targets, APathWithStarsIsAMaskBelowItsPlainFolder) {
  const auto targets =
      TargetsOf({PathMask("/home/*/up?/x"), PathMask("/srv/"), PathMask("/*")});
  ASSERT_EQ(targets.size(), 3u);
  EXPECT_EQ(targets[0].base, "/home");
  EXPECT_EQ(targets[0].mask, "/home/*/up?/x");
  EXPECT_EQ(targets[1].base, "/srv");
  EXPECT_EQ(targets[1].mask, "");
  EXPECT_EQ(targets[2].base, "/");
}

TEST(Targets, AFileSystemIsTakenOnce) {
  EXPECT_THAT(Bases(TargetsOf({Mounted("8:1", "/", "/", "ext4"),
                               Mounted("0:5", "/", "/proc", "proc"),
                               Mounted("8:1", "/srv/x", "/box/x", "ext4"),
                               Mounted("8:2", "/a", "/mnt/a", "xfs"),
                               Mounted("8:2", "/b", "/mnt/b", "xfs"),
                               Mounted("0:9", "/", "/net", "nfs4"),
                               Mounted("8:1", "/", "/again", "ext4")})),
              testing::ElementsAre("/", "/mnt/a", "/mnt/b"));
}

TEST(Targets, OfTwoMountsOnOnePointTheLaterCounts) {
  EXPECT_THAT(Bases(TargetsOf({Mounted("8:1", "/", "/m", "ext4"),
                               Mounted("0:7", "/", "/m", "proc")})),
              testing::IsEmpty());
}

TEST(Targets, CriticalAreasAreThoseOfEveryHome) {
  const auto targets = CriticalTargets({"/home/anna", "/srv/ben"});
  const auto has = [&](const std::string& base, const std::string& area) {
    return std::any_of(targets.begin(), targets.end(), [&](const Target& t) {
      return (t.mask.empty() ? t.base : t.mask) == base && t.area == area;
    });
  };
  EXPECT_TRUE(has("/home/anna/.config/autostart", "autostart"));
  EXPECT_TRUE(has("/srv/ben/.bash*", "shell profiles"));
  EXPECT_TRUE(has("/etc/ld.so.preload", "preloaded libraries"));
  EXPECT_TRUE(has("/etc/cron*", "scheduled"));
  EXPECT_FALSE(has("~/.profile", "shell profiles"));
}

TEST(Targets, EveryCriticalRowIsAPathOrAMask) {
  for (const CriticalRow& row : CriticalRows()) {
    std::string path = row.path;
    if (path[0] == '~') path.erase(0, 1);
    EXPECT_TRUE(config::Mask::ParsePath(path).ok()) << path;
    EXPECT_NE(std::string(row.area), "");
  }
}

TEST(Targets, HomesComeFromWholeLines) {
  EXPECT_THAT(HomesIn("root:x:0:0:root:/root:/bin/bash\n"
                      "anna:x:1000:1000::/home/anna:/bin/sh\n"
                      "again:x:1001:1000::/home/anna:/bin/sh\n"
                      "short:x:1000\n"
                      "star:x:1:1::/home/*:/bin/sh\n"
                      "rel:x:1:1::home:/bin/sh\n"
                      "none:x:1:1::/:/bin/sh\n"),
              testing::ElementsAre("/root", "/home/anna"));
}

TEST(ScopeTest, AMaskTakesWhatItMatchesAndAllBelow) {
  const Scope scope = Scope::Create("/home/*/up", {}, {}).value();
  EXPECT_TRUE(scope.Enters("/home/anna", false));
  EXPECT_FALSE(scope.TakesFile("/home/anna", false));
  EXPECT_TRUE(scope.IsInside("/home/anna/up", false));
  EXPECT_TRUE(scope.TakesFile("/home/anna/up", false));
  EXPECT_FALSE(scope.Enters("/home/anna/down", false));
  EXPECT_TRUE(scope.Enters("/home/anna/up/x", true));
  EXPECT_TRUE(scope.TakesFile("/home/anna/up/x/y", true));
}

TEST(ScopeTest, GoesNoDeeperThanItsMask) {
  const Scope scope = Scope::Create("/vmlinuz*", {}, {}).value();
  EXPECT_FALSE(scope.Enters("/home", false));
  EXPECT_TRUE(scope.TakesFile("/vmlinuz.old", false));
  EXPECT_TRUE(scope.Enters("/vmlinuz.d", false));
}

TEST(ScopeTest, TwoStarsMayBeAnywhere) {
  const Scope scope = Scope::Create("/srv/**.sh", {}, {}).value();
  EXPECT_TRUE(scope.Enters("/srv/a/b/c", false));
  EXPECT_TRUE(scope.TakesFile("/srv/a/b/c.sh", false));
  EXPECT_FALSE(scope.TakesFile("/srv/a/b/c", false));
}

TEST(ScopeTest, ExclusionsOutrankAndOnlyLimitsFiles) {
  const Scope scope =
      Scope::Create("", {PathMask("**.sh")}, {PathMask("/a/no")}).value();
  EXPECT_TRUE(scope.Enters("/a/yes", true));
  EXPECT_FALSE(scope.Enters("/a/no", true));
  EXPECT_TRUE(scope.TakesFile("/a/x.sh", true));
  EXPECT_FALSE(scope.TakesFile("/a/x", true));
  EXPECT_FALSE(scope.TakesFile("/a/no", true));
}

TEST(Targets, AFolderThatAPersonNamedIsNotTheProcesses) {
  const auto named = TargetsOf({PathMask("/proc/")});
  ASSERT_EQ(named.size(), 1u);
  EXPECT_FALSE(IsProcesses(named[0], config::TaskType::kCustom));
  const Target processes{kProcesses, "", "memory"};
  EXPECT_TRUE(IsProcesses(processes, config::TaskType::kMemory));
  EXPECT_TRUE(IsProcesses(processes, config::TaskType::kCritical));
}

}  // namespace
}  // namespace vitrine::tasks
