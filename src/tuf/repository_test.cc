// SPDX-License-Identifier: Apache-2.0
// A whole repository as a publisher makes it, within the profile, and a client
// that follows it over files.
#include "tuf/repository.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/read_file.h"
#include "tuf/client.h"
#include "tuf/file_store.h"
#include "tuf/limits.h"
#include "tuf/paths.h"
#include "tuf/profile.h"
#include "tuf/testing.h"
#include "tuf/toy_keys.h"

namespace vitrine::tuf {
namespace {

using ::testing::HasSubstr;

// A repository's folder as a server would give it.
class FolderFetcher : public Fetcher {
 public:
  explicit FolderFetcher(std::string folder) : folder_(std::move(folder)) {}
  Result<ByteVector> FetchMetadata(const std::string& name,
                                   size_t size_max) override {
    return ReadFile(folder_ + "/metadata/" + name, size_max);
  }
  Status FetchTarget(const std::string& name, uint64_t size_max,
                     const Sink& sink) override {
    return sink(TRY(ReadFile(folder_ + "/targets/" + name, size_max)));
  }

 private:
  std::string folder_;
};

std::vector<Signer> Sides(uint8_t first, uint8_t each) {
  std::vector<Signer> signers;
  for (uint8_t i = 0; i < each; ++i) {
    for (const Side side : {Side::kVendor, Side::kOutside}) {
      signers.push_back(TestSigner(static_cast<uint8_t>(first + signers.size()),
                                   {{kSideField, SideName(side)}}));
    }
  }
  return signers;
}

class RepositoryTest : public ::testing::Test {
 protected:
  RepositoryTest() {
    char name[] = "/tmp/tuf_repository.XXXXXX";
    folder = mkdtemp(name);
    std::filesystem::create_directory(folder + "/kept");
  }
  ~RepositoryTest() override { std::filesystem::remove_all(folder); }

  Repository Opened() {
    auto opened = Repository::Open(folder + "/repository", {});
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    return std::move(opened).value();
  }
  static void Give(RoleKeys& role, Keys& keys,
                   const std::vector<Signer>& signers, int64_t threshold) {
    role.key_ids.clear();
    for (const Signer& signer : signers) {
      keys.insert_or_assign(signer.key().id(), signer.key());
      role.key_ids.push_back(signer.key().id());
    }
    role.threshold = threshold;
  }
  Root MakeRoot() {
    Root root;
    root.expires = kTestNow + 300 * kTestDay;
    Give(root.root, root.keys, offline, 4);
    Give(root.targets, root.keys, offline, 4);
    Give(root.snapshot, root.keys, {snapshot}, 1);
    Give(root.timestamp, root.keys, {timestamp}, 1);
    return root;
  }
  Targets MakeTop(const Repository& repository) {
    Targets top = repository.Draft("targets");
    top.expires = kTestNow + 300 * kTestDay;
    top.delegations.emplace();
    Delegation db;
    db.name = "db";
    db.terminating = true;
    db.paths = {{"db/*/*"}};
    Give(db.keys, top.delegations->keys, online, 3);
    top.delegations->roles = {db};
    return top;
  }
  // The error's message, or "".
  static std::string Told(const Status& status) {
    return status.ok() ? "" : status.error().message;
  }
  std::string Freshen(Repository& repository) {
    return Told(repository.Freshen(
        {kTestNow, kTestNow + kTestDay, kTestNow + kTestDay / 2},
        {&snapshot, 1}, {&timestamp, 1}));
  }
  std::string PublishRoot(Repository& repository, const Root& root,
                          std::span<const Signer> signers) {
    return Told(repository.PublishRoot(
        AsBytes(SignDocument(WriteRoot(root), signers))));
  }
  std::string PublishTargets(Repository& repository, const std::string& role,
                             const Targets& targets,
                             std::span<const Signer> signers) {
    return Told(repository.PublishTargets(
        role, AsBytes(SignDocument(WriteTargets(targets), signers))));
  }
  std::string PublishDatabase(Repository& repository, const std::string& path,
                              const std::string& content) {
    const auto target = repository.AddTargetFile(path, AsBytes(content));
    if (!target.ok()) return target.error().message;
    Targets db = repository.Draft("db");
    db.expires = kTestNow + 6 * kTestDay;
    db.targets.insert_or_assign(path, target.value());
    return PublishTargets(repository, "db", db, online);
  }
  // A first release.
  void Begin(Repository& repository) {
    ASSERT_EQ(PublishRoot(repository, MakeRoot(), offline), "");
    ASSERT_EQ(
        PublishTargets(repository, "targets", MakeTop(repository), offline),
        "");
    ASSERT_EQ(PublishDatabase(repository, "db/main/main-1.vdb", "one"), "");
    ASSERT_EQ(Freshen(repository), "");
  }
  // What a client under the profile gets for `path`, or the error.
  std::string Get(const std::string& path) {
    FolderFetcher fetcher(folder + "/repository");
    FileStore store(folder + "/kept");
    if (!store.Load("root.json", kRootSizeMax).ok()) {
      const auto root = fetcher.FetchMetadata("1.root.json", kRootSizeMax);
      EXPECT_TRUE(store.Save("root.json", root.value()).ok());
    }
    Client client(fetcher, store, {kTestNow});
    const Status refreshed = client.Refresh();
    if (!refreshed.ok()) return refreshed.error().message;
    const auto found = client.Find(path);
    if (!found.ok()) return found.error().message;
    std::string content;
    const Status done = client.Download(found.value(), [&](Bytes piece) {
      content += AsText(piece);
      return Ok();
    });
    return done.ok() ? content : done.error().message;
  }

  std::string folder;
  std::vector<Signer> offline = Sides(1, 3);
  std::vector<Signer> online = Sides(20, 2);
  Signer snapshot = TestSigner(40);
  Signer timestamp = TestSigner(41);
};

TEST_F(RepositoryTest, PublishesWhatAClientInTheProfileTakes) {
  Repository repository = Opened();
  Begin(repository);
  EXPECT_EQ(Get("db/main/main-1.vdb"), "one");
  EXPECT_EQ(PublishDatabase(repository, "db/main/main-2.vdb", "two"), "");
  EXPECT_THAT(Get("db/main/main-2.vdb"), HasSubstr("no role"))
      << "nothing is offered before the timestamp says so";
  EXPECT_EQ(Freshen(repository), "");
  EXPECT_EQ(Get("db/main/main-2.vdb"), "two");
}

TEST_F(RepositoryTest, GoesOnFromWhatIsInItsFolder) {
  {
    Repository repository = Opened();
    Begin(repository);
    EXPECT_EQ(PublishDatabase(repository, "db/main/main-2.vdb", "two"), "");
  }
  Repository repository = Opened();
  ASSERT_NE(repository.targets("db"), nullptr);
  EXPECT_EQ(repository.targets("db")->version, 2);
  EXPECT_EQ(repository.snapshot()->version, 1);
  EXPECT_EQ(Freshen(repository), "");
  EXPECT_EQ(Get("db/main/main-2.vdb"), "two");
}

TEST_F(RepositoryTest, RotatesKeysOfEveryRole) {
  Repository repository = Opened();
  Begin(repository);
  EXPECT_EQ(Get("db/main/main-1.vdb"), "one");
  const std::vector<Signer> old = offline;
  offline = Sides(60, 3);
  snapshot = TestSigner(50);
  timestamp = TestSigner(51);
  Root next = MakeRoot();
  next.version = 2;
  EXPECT_THAT(PublishRoot(repository, next, offline),
              HasSubstr("the last root"));
  EXPECT_THAT(PublishRoot(repository, next, old), HasSubstr("that it asks"));
  std::vector<Signer> both = old;
  both.insert(both.end(), offline.begin(), offline.end());
  EXPECT_EQ(PublishRoot(repository, next, both), "");
  EXPECT_THAT(Freshen(repository), HasSubstr("targets.json: below threshold"))
      << "the top-level targets are not signed by the new keys";
  online = Sides(80, 2);
  EXPECT_EQ(PublishTargets(repository, "targets", MakeTop(repository), offline),
            "");
  EXPECT_THAT(Freshen(repository), HasSubstr("db.json: below threshold"));
  EXPECT_EQ(PublishDatabase(repository, "db/main/main-2.vdb", "two"), "");
  EXPECT_EQ(Freshen(repository), "");
  EXPECT_EQ(Get("db/main/main-2.vdb"), "two");
}

TEST_F(RepositoryTest, ServesClientsAtEachStepOfARotation) {
  Repository repository = Opened();
  Begin(repository);
  const auto old_offline = offline;
  const auto old_snapshot = snapshot;
  const auto old_timestamp = timestamp;
  const Targets top = MakeTop(repository);
  offline = Sides(60, 3);
  snapshot = TestSigner(50);
  timestamp = TestSigner(51);
  const auto both = [](auto a, const auto& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
  };
  // Each step is one file; a client that follows and a new one take each.
  const auto served = [this] {
    EXPECT_EQ(Get("db/main/main-1.vdb"), "one");
    std::filesystem::remove_all(folder + "/kept");
    std::filesystem::create_directory(folder + "/kept");
    EXPECT_EQ(Get("db/main/main-1.vdb"), "one");
  };
  EXPECT_EQ(
      PublishTargets(repository, "targets", top, both(old_offline, offline)),
      "");
  served();
  const std::vector<Signer> snapshots = {old_snapshot, snapshot};
  const std::vector<Signer> timestamps = {old_timestamp, timestamp};
  EXPECT_EQ(Told(repository.Freshen(
                {kTestNow, kTestNow + kTestDay, kTestNow + kTestDay}, snapshots,
                timestamps)),
            "");
  served();
  Root next = MakeRoot();
  next.version = 2;
  EXPECT_EQ(PublishRoot(repository, next, both(old_offline, offline)), "");
  served();
  EXPECT_EQ(Freshen(repository), "");
  served();
}

TEST_F(RepositoryTest, KeepsListingARoleThatIsNoLongerDelegated) {
  Repository repository = Opened();
  Begin(repository);
  EXPECT_EQ(Get("db/main/main-1.vdb"), "one");
  Targets top = repository.Draft("targets");
  top.delegations->roles.clear();
  EXPECT_EQ(PublishTargets(repository, "targets", top, offline), "");
  EXPECT_EQ(Freshen(repository), "");
  EXPECT_THAT(Get("db/main/main-1.vdb"), HasSubstr("no role"));
}

TEST_F(RepositoryTest, RefusesWhatClientsWould) {
  Repository repository = Opened();
  Begin(repository);
  Targets db = repository.Draft("db");
  const std::span<const Signer> all(online);
  EXPECT_THAT(PublishTargets(repository, "db", db, all.first(2)),
              HasSubstr("below threshold: 2 of 3"));
  ++db.version;
  EXPECT_THAT(PublishTargets(repository, "db", db, all),
              HasSubstr("not version 2"));
  EXPECT_THAT(PublishTargets(repository, "engine", db, all),
              HasSubstr("nobody delegates"));
  db.version = 2;
  db.targets["db/main/absent"] = db.targets.begin()->second;
  EXPECT_THAT(PublishTargets(repository, "db", db, all),
              HasSubstr("has not been added"));
  Root root = *repository.root();
  EXPECT_THAT(PublishRoot(repository, root, offline),
              HasSubstr("not version 2"));
  root.version = 2;
  root.root.threshold = 3;
  EXPECT_THAT(PublishRoot(repository, root, offline), HasSubstr("profile"));
}

TEST_F(RepositoryTest, RefusesToFreshenWithOtherKeysOrForTooLong) {
  Repository repository = Opened();
  Begin(repository);
  std::swap(snapshot, timestamp);
  EXPECT_THAT(Freshen(repository), HasSubstr("snapshot.json: below threshold"));
  std::swap(snapshot, timestamp);
  EXPECT_THAT(Told(repository.Freshen(
                  {kTestNow, kTestNow + kTestDay, kTestNow + 2 * kTestDay},
                  {&snapshot, 1}, {&timestamp, 1})),
              HasSubstr("timestamp: is valid for more than 1 days"));
  EXPECT_THAT(
      Told(repository.Freshen({kTestNow + 7 * kTestDay, kTestNow + 8 * kTestDay,
                               kTestNow + 8 * kTestDay},
                              {&snapshot, 1}, {&timestamp, 1})),
      HasSubstr("db.json: expired"));
  EXPECT_EQ(repository.timestamp()->version, 1);
}

TEST_F(RepositoryTest, GivesATargetsFileEachOfItsNames) {
  Repository repository = Opened();
  const auto target = repository.AddTargetFile("db/a/b", AsBytes("content"));
  ASSERT_TRUE(target.ok());
  EXPECT_EQ(target.value().length, 7);
  for (const char* algorithm : {"sha256", "sha512"}) {
    const std::string name =
        folder + "/repository/targets/" +
        TargetName("db/a/b", target.value().hashes.at(algorithm));
    EXPECT_EQ(AsText(ReadFile(name, 100).value()), "content");
  }
  for (const char* path : {"../x", "/x", "a//b", ""}) {
    EXPECT_FALSE(repository.AddTargetFile(path, {}).ok()) << path;
  }
}

TEST_F(RepositoryTest, CollectsSignaturesOneByOne) {
  std::string file = WriteEnvelope(WriteRoot(MakeRoot()), {});
  Repository repository = Opened();
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_THAT(Told(repository.PublishRoot(AsBytes(file))),
                HasSubstr("below threshold: " + std::to_string(i) + " of 4"));
    file = AddSignature(AsBytes(file), offline[i]).value();
    file = AddSignature(AsBytes(file), offline[i]).value();  // Again: no more.
  }
  EXPECT_EQ(Told(repository.PublishRoot(AsBytes(file))), "");
}

TEST_F(RepositoryTest, KeepsKeysInFilesForTheirOwnerOnly) {
  const std::string path = folder + "/key";
  for (const auto scheme :
       {crypto::SignatureScheme::kEd25519, crypto::SignatureScheme::kEcdsaP256,
        crypto::SignatureScheme::kRsaPssSha256}) {
    const Signer signer(ToyKey(scheme), {{kSideField, "vendor"}});
    ASSERT_TRUE(WriteKeyFile(path, signer).ok());
    struct stat status;
    ASSERT_EQ(stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
    EXPECT_EQ(WriteKeyFile(path, signer).error().code, Code::kDenied);
    const auto again = ReadKeyFile(path);
    ASSERT_TRUE(again.ok()) << again.error().message;
    EXPECT_EQ(again.value().key().id(), signer.key().id());
    EXPECT_EQ(SideOf(again.value().key()), Side::kVendor);
    EXPECT_TRUE(again.value()
                    .key()
                    .Public(Schemes::kStandard)
                    .value()
                    .Verify(AsBytes("{}"), signer.Sign({}).bytes));
    std::filesystem::remove(path);
  }
  EXPECT_EQ(ReadKeyFile(path).error().code, Code::kNotFound);
  for (const char* text : {"", "# {}\n", "# []\nx", "x", "# {\n"}) {
    EXPECT_FALSE(Signer::FromText(text).ok()) << text;
  }
}

}  // namespace
}  // namespace vitrine::tuf
