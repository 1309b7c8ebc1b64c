// SPDX-License-Identifier: Apache-2.0
#include "tuf/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tuf/testing.h"

namespace vitrine::tuf {
namespace {

using ::testing::HasSubstr;

Signer Of(Side side, uint8_t number) {
  return TestSigner(number, {{kSideField, SideName(side)}});
}

std::string Told(const Status& status) {
  if (status.ok()) return "";
  EXPECT_EQ(status.error().code, Code::kDenied);
  return status.error().message;
}

void Add(RoleKeys& role, Keys& keys, const Signer& signer) {
  keys.insert_or_assign(signer.key().id(), signer.key());
  role.key_ids.push_back(signer.key().id());
}

// Three keys a side, numbered from `first`, and a threshold of four.
void AddSides(RoleKeys& role, Keys& keys, uint8_t first) {
  for (uint8_t i = 0; i < 3; ++i) {
    Add(role, keys, Of(Side::kVendor, static_cast<uint8_t>(first + i)));
    Add(role, keys, Of(Side::kOutside, static_cast<uint8_t>(first + 10 + i)));
  }
  role.threshold = 4;
}

class ProfileTest : public ::testing::Test {
 protected:
  ProfileTest() {
    AddSides(root.root, root.keys, 1);
    AddSides(root.targets, root.keys, 1);
    Add(root.snapshot, root.keys, TestSigner(100));
    Add(root.timestamp, root.keys, TestSigner(101));

    targets.delegations.emplace();
    Delegation db;
    db.name = "db";
    db.terminating = true;
    db.paths = {{"db/*/*"}};
    AddSides(db.keys, targets.delegations->keys, 1);
    targets.delegations->roles.push_back(db);

    Target target;
    target.length = 1;
    target.hashes = HashesOf(AsBytes("x"));
    database.targets["db/main/main-7.vdb"] = target;
  }
  Delegation& db() { return targets.delegations->roles[0]; }

  Root root;
  Targets targets, database;
};

TEST_F(ProfileTest, TakesWhatTheDesignSays) {
  EXPECT_EQ(Told(CheckRootProfile(root)), "");
  EXPECT_EQ(Told(CheckTargetsProfile(targets)), "");
  EXPECT_EQ(Told(CheckDelegatedProfile("db", database)), "");
}

TEST_F(ProfileTest, RefusesAThresholdThatOneSideMeets) {
  for (RoleKeys* role : {&root.root, &root.targets}) {
    role->threshold = 3;
    EXPECT_THAT(Told(CheckRootProfile(root)),
                HasSubstr("its threshold of 3 is met by one side's 3 keys"));
    role->threshold = 4;
  }
  db().keys.threshold = 3;
  EXPECT_THAT(Told(CheckTargetsProfile(targets)), HasSubstr("db: its thresh"));
}

TEST_F(ProfileTest, RefusesKeysOfOneSideOnly) {
  RoleKeys role;
  for (uint8_t i = 0; i < 6; ++i) Add(role, root.keys, Of(Side::kVendor, i));
  role.threshold = 6;
  root.root = role;
  EXPECT_THAT(Told(CheckRootProfile(root)), HasSubstr("met by one side's 6"));
}

TEST_F(ProfileTest, RefusesAThresholdThatNobodyCanMeet) {
  root.root.threshold = 7;
  EXPECT_THAT(Told(CheckRootProfile(root)), HasSubstr("more than its keys"));
}

TEST_F(ProfileTest, RefusesAKeyOnBothSides) {
  Add(root.root, root.keys, Of(Side::kOutside, 1));  // Vendor's number 1.
  EXPECT_THAT(Told(CheckRootProfile(root)), HasSubstr("two identifiers"));
}

TEST_F(ProfileTest, RefusesKeysOfNoSideOrNoEd25519OrNotListed) {
  const RoleKeys good = root.root;
  Add(root.root, root.keys, TestSigner(50));
  EXPECT_THAT(Told(CheckRootProfile(root)), HasSubstr("whose side"));
  root.root = good;
  Add(root.root, root.keys, TestSigner(50, {{kSideField, "neither"}}));
  EXPECT_THAT(Told(CheckRootProfile(root)), HasSubstr("whose side"));
  root.root = good;
  Add(root.root, root.keys,
      Signer(crypto::PrivateKey::Generate(crypto::SignatureScheme::kEcdsaP256),
             {{kSideField, "vendor"}}));
  EXPECT_THAT(Told(CheckRootProfile(root)), HasSubstr("not Ed25519"));
  root.root = good;
  root.root.key_ids.push_back(std::string(64, 'a'));
  EXPECT_THAT(Told(CheckRootProfile(root)), HasSubstr("not listed"));
}

TEST_F(ProfileTest, KeepsOnlineKeysOutOfOtherRoles) {
  const Signer timestamp = TestSigner(101);
  Add(root.snapshot, root.keys, timestamp);
  EXPECT_THAT(Told(CheckRootProfile(root)), HasSubstr("shares a key"));
  root.snapshot.key_ids = {Of(Side::kVendor, 1).key().id()};
  EXPECT_THAT(Told(CheckRootProfile(root)), HasSubstr("shares a key"));
}

TEST_F(ProfileTest, AsksForConsistentSnapshotsThatDescribe) {
  root.consistent_snapshot = false;
  EXPECT_THAT(Told(CheckRootProfile(root)), HasSubstr("not consistent"));
  TestRepository repository;
  EXPECT_EQ(Told(CheckTimestampProfile(repository.timestamp)), "");
  EXPECT_EQ(Told(CheckSnapshotProfile(repository.snapshot)), "");
  repository.timestamp.snapshot.length.reset();
  repository.snapshot.meta["targets.json"].hashes.erase("sha256");
  EXPECT_NE(Told(CheckTimestampProfile(repository.timestamp)), "");
  EXPECT_NE(Told(CheckSnapshotProfile(repository.snapshot)), "");
}

TEST_F(ProfileTest, LetsTheTopLevelDelegateOnly) {
  targets.targets = database.targets;
  EXPECT_THAT(Told(CheckTargetsProfile(targets)), HasSubstr("targets of its"));
}

TEST_F(ProfileTest, KnowsItsRolesAndTheirPaths) {
  db().name = "other";
  EXPECT_THAT(Told(CheckTargetsProfile(targets)), HasSubstr("unknown role"));
  db().name = "engine";
  EXPECT_THAT(Told(CheckTargetsProfile(targets)), HasSubstr("engine/*/*"));
  db().name = "db";
  for (const std::vector<std::string>& paths :
       {std::vector<std::string>{"db/*"},
        {"*/*/*"},
        {"db/*/*", "engine/*/*"},
        {}}) {
    db().paths = paths;
    EXPECT_THAT(Told(CheckTargetsProfile(targets)), HasSubstr("other paths"));
  }
  db().paths.reset();
  EXPECT_THAT(Told(CheckTargetsProfile(targets)), HasSubstr("other paths"));
}

TEST_F(ProfileTest, AsksForTerminatingDelegationsOfOneLevel) {
  db().terminating = false;
  EXPECT_THAT(Told(CheckTargetsProfile(targets)), HasSubstr("terminating"));
  database.delegations.emplace();
  EXPECT_THAT(Told(CheckDelegatedProfile("db", database)),
              HasSubstr("delegates further"));
}

TEST_F(ProfileTest, LetsOneSideSignAdvisoriesByTwo) {
  db().name = "advisory";
  db().paths = {{"advisory/*"}};
  db().keys.threshold = 2;
  EXPECT_EQ(Told(CheckTargetsProfile(targets)), "");
  db().keys.threshold = 1;
  EXPECT_THAT(Told(CheckTargetsProfile(targets)), HasSubstr("within 2"));
}

TEST_F(ProfileTest, AsksForBothHashesOfEachTarget) {
  auto& hashes = database.targets["db/main/main-7.vdb"].hashes;
  const auto good = hashes;
  for (const char* name : {"sha256", "sha512"}) {
    hashes.erase(name);
    EXPECT_THAT(Told(CheckDelegatedProfile("db", database)), HasSubstr("just"));
    hashes = good;
    hashes[name] = "00";
    EXPECT_THAT(Told(CheckDelegatedProfile("db", database)), HasSubstr("just"));
    hashes = good;
  }
  hashes["md5"] = "00";
  EXPECT_THAT(Told(CheckDelegatedProfile("db", database)), HasSubstr("just"));
}

TEST_F(ProfileTest, RefusesTargetsOfOtherPaths) {
  const Target target = database.targets.begin()->second;
  for (const char* path : {"db/x", "db/x/y/z", "engine/x/y", "db/../x", "db//x",
                           "db/a b/c", "db/a/\u00e9"}) {
    database.targets = {{path, target}};
    EXPECT_THAT(Told(CheckDelegatedProfile("db", database)),
                HasSubstr("path is not of its kind"))
        << path;
  }
}

TEST_F(ProfileTest, BoundsLifetimes) {
  EXPECT_EQ(Told(CheckLifetime("db", 1000, 1000 + 7 * kTestDay)), "");
  EXPECT_NE(Told(CheckLifetime("db", 1000, 1001 + 7 * kTestDay)), "");
  EXPECT_NE(Told(CheckLifetime("db", 1000, 1000)), "");
  EXPECT_EQ(Told(CheckLifetime("timestamp", 0, kTestDay)), "");
  EXPECT_NE(Told(CheckLifetime("timestamp", 0, kTestDay + 1)), "");
  EXPECT_NE(Told(CheckLifetime("other", 0, 1)), "");
}

}  // namespace
}  // namespace vitrine::tuf
