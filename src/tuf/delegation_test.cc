// SPDX-License-Identifier: Apache-2.0
// The search for a target (5.6.7) and its download (5.7).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tuf/client.h"
#include "tuf/limits.h"
#include "tuf/testing.h"

namespace vitrine::tuf {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DelegationTest : public ::testing::Test {
 protected:
  // A client that has refreshed, with nothing asked so far.
  Client& Refreshed() {
    repository.Advance();
    store.files.try_emplace("root.json", repository.metadata["1.root.json"]);
    client = std::make_unique<Client>(
        repository, store,
        TrustedSet::Rules{kTestNow, Schemes::kEd25519, /*profile=*/false});
    const Status done = client->Refresh();
    EXPECT_TRUE(done.ok()) << done.error().message;
    repository.asked.clear();
    return *client;
  }
  // The role that offers `path`, or the error's message.
  std::string Find(Client& with, const std::string& path) {
    const auto found = with.Find(path);
    return found.ok() ? found.value().role : found.error().message;
  }
  // Roles asked for on the way to a target that nobody has.
  std::vector<std::string> Order(const std::string& path = "absent") {
    EXPECT_EQ(Refreshed().Find(path).error().code, Code::kNotFound);
    return repository.asked;
  }
  std::string Download(Client& with, const std::string& path) {
    const auto found = with.Find(path);
    if (!found.ok()) return found.error().message;
    std::string content;
    const Status done = with.Download(found.value(), [&](Bytes piece) {
      content += AsText(piece);
      return Ok();
    });
    return done.ok() ? content : done.error().message;
  }

  TestRepository repository;
  MemoryStore store;
  std::unique_ptr<Client> client;
};

TEST_F(DelegationTest, SearchesDepthFirstInOrderOfAppearance) {
  repository.Delegate("targets", "a");
  repository.Delegate("targets", "b");
  repository.Delegate("a", "c");
  repository.Delegate("a", "d");
  EXPECT_THAT(Order(),
              ElementsAre("2.a.json", "2.c.json", "2.d.json", "2.b.json"));
}

TEST_F(DelegationTest, LooksAtNoSiblingAfterATerminatingOne) {
  repository.Delegate("targets", "a");
  repository.Delegate("targets", "b");
  repository.Delegate("a", "c").terminating = true;
  repository.Delegate("a", "d");
  repository.Delegate("c", "e");
  EXPECT_THAT(Order(), ElementsAre("2.a.json", "2.c.json", "2.e.json"));
}

TEST_F(DelegationTest, IsNotStoppedByATerminatingRoleForOtherPaths) {
  repository.Delegate("targets", "a", {"other"}).terminating = true;
  repository.Delegate("targets", "b");
  EXPECT_THAT(Order(), ElementsAre("2.b.json"));
}

TEST_F(DelegationTest, EndsInCycles) {
  repository.Delegate("targets", "a");
  repository.Delegate("a", "b");
  repository.Delegate("b", "a");
  EXPECT_THAT(Order(), ElementsAre("2.a.json", "2.b.json"));
}

TEST_F(DelegationTest, VisitsAtMost32Roles) {
  std::string last = "targets";
  for (int i = 0; i < 40; ++i) {
    const std::string next = "r" + std::to_string(i);
    repository.Delegate(last, next);
    last = next;
  }
  repository.AddTarget("r30", "near", "x");
  repository.AddTarget("r31", "far", "x");
  EXPECT_EQ(Order().size(), kRolesVisitedMax - 1);
  EXPECT_EQ(Find(*client, "near"), "r30");
  EXPECT_EQ(client->Find("far").error().code, Code::kNotFound);
}

TEST_F(DelegationTest, AsksEveryRoleOnTheWayForThePath) {
  repository.Delegate("targets", "a", {"releases/*/*"});
  repository.Delegate("a", "b", {"*/x/*", "*"});
  repository.AddTarget("b", "releases/x/1", "1");
  repository.AddTarget("b", "releases/y/1", "2");
  repository.AddTarget("b", "one", "3");
  Client& with = Refreshed();
  EXPECT_EQ(Find(with, "releases/x/1"), "b");
  EXPECT_THAT(Find(with, "releases/y/1"), HasSubstr("no role"));
  EXPECT_THAT(Find(with, "one"), HasSubstr("no role"));
}

TEST_F(DelegationTest, FollowsPrefixesOfThePathsHash) {
  auto& low = repository.Delegate("targets", "low");
  low.paths.reset();
  low.path_hash_prefixes = {{"0", "1", "2", "3", "4", "5", "6", "7"}};
  auto& high = repository.Delegate("targets", "high");
  high.paths.reset();
  high.path_hash_prefixes = {{"8", "9", "a", "b", "c", "d", "e", "f"}};
  // SHA-256 of "a" begins with ca, of "b" with 3e.
  EXPECT_THAT(Order("a"), ElementsAre("2.high.json"));
  EXPECT_THAT(Order("b"), ElementsAre("3.low.json"));
}

TEST_F(DelegationTest, PrefersTheEarlierOfTwoRolesWithOneTarget) {
  repository.Delegate("targets", "a");
  repository.Delegate("targets", "b");
  repository.AddTarget("a", "x", "a's");
  repository.AddTarget("b", "x", "b's");
  EXPECT_EQ(Download(Refreshed(), "x"), "a's");
  repository.AddTarget("targets", "x", "top's");
  EXPECT_EQ(Download(Refreshed(), "x"), "top's");
}

TEST_F(DelegationTest, KeepsRolesAndAsksOnlyOnce) {
  repository.Delegate("targets", "../a");
  repository.AddTarget("../a", "x", "1");
  EXPECT_EQ(Find(Refreshed(), "x"), "../a");
  EXPECT_THAT(repository.asked, ElementsAre("2...%2Fa.json"));
  EXPECT_TRUE(store.files.contains("..%2Fa.json"));
  EXPECT_EQ(Find(*client, "x"), "../a");
  EXPECT_EQ(repository.asked.size(), 1u);
  // Neither does the next client, when the snapshot still lists that version.
  Client next(repository, store, {kTestNow, Schemes::kEd25519, false});
  ASSERT_TRUE(next.Refresh().ok());
  repository.asked.clear();
  EXPECT_EQ(Find(next, "x"), "../a");
  EXPECT_THAT(repository.asked, IsEmpty());
}

TEST_F(DelegationTest, ProvesAKeptRoleByTheDelegatorAtHand) {
  repository.Delegate("targets", "a", {"a/*"});
  repository.Delegate("targets", "b", {"b/*"});
  repository.Delegate("a", "release", {"a/*"});
  repository.Delegate("b", "release", {"b/*"});
  repository.signers["release"].pop_back();  // Only a's key signs.
  repository.AddTarget("release", "a/x", "good");
  repository.AddTarget("release", "b/x", "bad");
  Client& with = Refreshed();
  EXPECT_EQ(Download(with, "a/x"), "good");
  EXPECT_THAT(Download(with, "b/x"), HasSubstr("below threshold"));
}

TEST_F(DelegationTest, EndsTheSearchAtARoleThatIsNotProven) {
  repository.Delegate("targets", "a");
  repository.Delegate("targets", "b");
  repository.AddTarget("b", "x", "1");
  const auto a = repository.signers["a"];
  repository.signers["a"] = repository.signers["b"];
  EXPECT_THAT(Find(Refreshed(), "x"), HasSubstr("a.json: below threshold"));
  repository.signers["a"] = a;
  EXPECT_EQ(Find(Refreshed(), "x"), "b");
  repository.roles["a"].expires = kTestNow;
  EXPECT_THAT(Find(Refreshed(), "x"), HasSubstr("a.json: expired"));
  repository.Fresh(repository.roles["a"]);
  Client& with = Refreshed();
  repository.metadata.erase(RemoteName("a", repository.roles["a"].version));
  store.files.erase("a.json");
  EXPECT_THAT(Find(with, "x"), HasSubstr("a.json: none"));
}

TEST_F(DelegationTest, DoesNotFetchARoleThatTheSnapshotDoesNotList) {
  repository.Delegate("targets", "a");
  repository.roles.erase("a");
  EXPECT_THAT(Find(Refreshed(), "x"), HasSubstr("does not list it"));
  EXPECT_THAT(repository.asked, IsEmpty());
}

TEST_F(DelegationTest, RefusesPathsThatCouldLeaveTheirFolder) {
  Client& with = Refreshed();
  for (const char* path : {"", "/x", "x/", "a//b", "../x", "a/../b", "./x",
                           "a/.", "a\\b", "a\nb"}) {
    EXPECT_EQ(with.Find(path).error().code, Code::kInvalid) << path;
  }
  EXPECT_THAT(repository.asked, IsEmpty());
}

// 5.7

TEST_F(DelegationTest, DownloadsByDigestInConsistentSnapshots) {
  repository.AddTarget("targets", "dir/a file", "content");
  EXPECT_EQ(Download(Refreshed(), "dir/a file"), "content");
  const std::string digest = HashesOf(AsBytes("content")).at("sha256");
  EXPECT_THAT(repository.asked, ElementsAre("dir/" + digest + ".a%20file"));
}

TEST_F(DelegationTest, RefusesContentOfAnotherLengthOrHash) {
  repository.AddTarget("targets", "x", "content");
  Client& with = Refreshed();
  for (auto& [name, content] : repository.targets) content = "c0ntent";
  EXPECT_THAT(Download(with, "x"), HasSubstr("its sha256 is not the signed"));
  for (auto& [name, content] : repository.targets) content = "conten";
  EXPECT_THAT(Download(with, "x"), HasSubstr("shorter"));
  for (auto& [name, content] : repository.targets) content = "contents";
  EXPECT_THAT(Download(with, "x"), HasSubstr("longer"));
}

TEST_F(DelegationTest, RefusesContentWhereEitherOfTwoHashesDiffers) {
  repository.AddTarget("targets", "x", "content");
  auto& hashes = repository.roles["targets"].targets["x"].hashes;
  hashes["sha512"] = HashesOf(AsBytes("other")).at("sha512");
  EXPECT_THAT(Download(Refreshed(), "x"), HasSubstr("its sha512 is not"));
}

TEST_F(DelegationTest, RefusesUnknownHashAlgorithms) {
  repository.AddTarget("targets", "x", "content");
  auto& hashes = repository.roles["targets"].targets["x"].hashes;
  hashes["md5"] = "9a0364b9e99bb480dd25e1f0284c8555";
  EXPECT_THAT(Download(Refreshed(), "x"),
              HasSubstr("unknown hash algorithm md5"));
  EXPECT_THAT(repository.asked, IsEmpty());
}

TEST_F(DelegationTest, HandsOnNoByteBeyondTheSignedLength) {
  repository.AddTarget("targets", "x", "content");
  Client& with = Refreshed();
  for (auto& [name, content] : repository.targets) {
    content = std::string(100000, 'x');
  }
  const auto found = with.Find("x");
  size_t taken = 0;
  EXPECT_FALSE(with.Download(found.value(),
                             [&](Bytes piece) {
                               taken += piece.size();
                               return Ok();
                             })
                   .ok());
  EXPECT_LE(taken, 7u);
}

}  // namespace
}  // namespace vitrine::tuf
