// SPDX-License-Identifier: Apache-2.0
// The client's workflow, step by step as chapter 5 of the specification numbers
// it: what is fetched, believed, refused and kept.
#include "tuf/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tuf/limits.h"
#include "tuf/testing.h"
#include "tuf/toy_keys.h"

namespace vitrine::tuf {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ClientTest : public ::testing::Test {
 protected:
  ClientTest() {
    store.files["root.json"] = repository.metadata["1.root.json"];
    rules.now = kTestNow;
    rules.profile = false;
  }

  // What a new client's Refresh() says; "" for success.
  std::string Refresh() {
    repository.asked.clear();
    store.done.clear();
    Client client(repository, store, rules);
    return Told(client.Refresh());
  }
  static std::string Told(const Status& status) {
    if (status.ok()) return "";
    return std::string(CodeName(status.error().code)) + ": " +
           status.error().message;
  }
  std::vector<std::string> Kept() const {
    std::vector<std::string> names;
    for (const auto& [name, file] : store.files) names.push_back(name);
    return names;
  }
  int64_t KeptVersion(const std::string& name) {
    const auto envelope = ReadEnvelope(AsBytes(store.files.at(name)), 1 << 20);
    return *envelope.value().body.Find("version")->integer();
  }

  TestRepository repository;
  MemoryStore store;
  TrustedSet::Rules rules;
};

TEST_F(ClientTest, KeepsWhatItProvesByteForByte) {
  repository.metadata["timestamp.json"] += " \n";
  EXPECT_EQ(Refresh(), "");
  EXPECT_THAT(repository.asked,
              ElementsAre("2.root.json", "timestamp.json", "1.snapshot.json",
                          "1.targets.json"));
  EXPECT_THAT(Kept(), ElementsAre("root.json", "snapshot.json", "targets.json",
                                  "timestamp.json"));
  EXPECT_EQ(store.files["timestamp.json"],
            repository.metadata["timestamp.json"]);
  EXPECT_EQ(store.files["snapshot.json"],
            repository.metadata["1.snapshot.json"]);
}

TEST_F(ClientTest, FetchesOnlyRootAndTimestampWhenNothingIsNew) {
  EXPECT_EQ(Refresh(), "");
  EXPECT_EQ(Refresh(), "");
  EXPECT_THAT(repository.asked, ElementsAre("2.root.json", "timestamp.json"));
  EXPECT_THAT(store.done, IsEmpty());
}

TEST_F(ClientTest, FetchesPlainNamesWhereSnapshotsAreNotConsistent) {
  repository.root.consistent_snapshot = false;
  repository.AdvanceRoot();
  repository.Advance();
  EXPECT_EQ(Refresh(), "");
  EXPECT_THAT(repository.asked,
              ElementsAre("2.root.json", "3.root.json", "timestamp.json",
                          "snapshot.json", "targets.json"));
}

// 5.2

TEST_F(ClientTest, AsksNobodyWithoutATrustedRoot) {
  const std::string root = store.files["root.json"];
  store.files.clear();
  EXPECT_THAT(Refresh(), HasSubstr("not-found"));
  store.files["root.json"] = root.substr(1);
  EXPECT_THAT(Refresh(), HasSubstr("invalid"));
  store.files["root.json"] = WriteEnvelope(WriteRoot(repository.root), {});
  EXPECT_THAT(Refresh(), HasSubstr("below threshold: 0 of 1"));
  EXPECT_THAT(repository.asked, IsEmpty());
}

TEST_F(ClientTest, StartsFromAnExpiredTrustedRoot) {
  repository.AdvanceRoot();
  repository.root.expires = kTestNow - 1;
  repository.AdvanceRoot();
  store.files["root.json"] = repository.metadata["3.root.json"];
  repository.root.expires = kTestNow + 1;
  repository.AdvanceRoot();
  EXPECT_EQ(Refresh(), "");
  EXPECT_EQ(KeptVersion("root.json"), 4);
}

// 5.3

TEST_F(ClientTest, WalksRootsOneByOneAndKeepsEach) {
  for (int i = 0; i < 3; ++i) repository.AdvanceRoot();
  EXPECT_EQ(Refresh(), "");
  EXPECT_THAT(
      std::vector(repository.asked.begin(), repository.asked.begin() + 4),
      ElementsAre("2.root.json", "3.root.json", "4.root.json", "5.root.json"));
  EXPECT_EQ(std::count(store.done.begin(), store.done.end(), "save root.json"),
            3);
}

TEST_F(ClientTest, RefusesARootThatTheOldKeysHaveNotSigned) {
  repository.RotateKey("root");
  repository.AdvanceRoot();
  EXPECT_THAT(Refresh(), HasSubstr("root.json: below threshold: 0 of 1 "
                                   "signatures that the trusted root"));
  EXPECT_EQ(KeptVersion("root.json"), 1);
}

TEST_F(ClientTest, RefusesARootThatTheNewKeysHaveNotSigned) {
  const auto old = repository.signers["root"];
  repository.RotateKey("root");
  repository.signers["root"] = old;
  repository.AdvanceRoot();
  EXPECT_THAT(Refresh(), HasSubstr("root.json: below threshold: 0 of 1 "
                                   "signatures that it"));
  EXPECT_EQ(KeptVersion("root.json"), 1);
}

TEST_F(ClientTest, TakesARootThatBothSignedAndThenOnlyTheNew) {
  const auto old = repository.signers["root"];
  repository.RotateKey("root");
  repository.signers["root"].push_back(old[0]);
  repository.AdvanceRoot();
  repository.signers["root"].pop_back();
  repository.AdvanceRoot();
  EXPECT_EQ(Refresh(), "");
  EXPECT_EQ(KeptVersion("root.json"), 3);
}

TEST_F(ClientTest, RefusesARootOfAnotherVersionThanTheNext) {
  for (const int64_t version : {1, 3}) {
    repository.root.version = version;
    repository.metadata["2.root.json"] =
        repository.Signed("root", WriteRoot(repository.root));
    EXPECT_THAT(Refresh(), HasSubstr("root.json: rollback: version " +
                                     std::to_string(version)));
    EXPECT_EQ(KeptVersion("root.json"), 1);
  }
}

TEST_F(ClientTest, PassesExpiredRootsButDoesNotEndWithOne) {
  repository.root.expires = kTestNow - 1;
  repository.AdvanceRoot();
  repository.root.expires = kTestNow + 1;
  repository.AdvanceRoot();
  EXPECT_EQ(Refresh(), "");
  repository.root.expires = kTestNow;  // At that very second it is over.
  repository.AdvanceRoot();
  EXPECT_THAT(Refresh(), HasSubstr("root.json: expired"));
  EXPECT_EQ(KeptVersion("root.json"), 4);
  EXPECT_THAT(repository.asked, ElementsAre("4.root.json", "5.root.json"));
}

TEST_F(ClientTest, TakesAnAbsentRootForTheEndButNotAnUnreachableOne) {
  repository.AdvanceRoot();
  repository.unavailable = "2.root.json";
  EXPECT_THAT(Refresh(), HasSubstr("unavailable"));
  EXPECT_THAT(repository.asked, ElementsAre("2.root.json"));
}

TEST_F(ClientTest, StopsAfter256RootsAndGoesOnNextTime) {
  for (int i = 0; i < 300; ++i) repository.AdvanceRoot();
  EXPECT_EQ(Refresh(), "");
  EXPECT_EQ(KeptVersion("root.json"), 257);
  EXPECT_EQ(Refresh(), "");
  EXPECT_EQ(KeptVersion("root.json"), 301);
}

TEST_F(ClientTest, RefusesEndlessMetadata) {
  repository.metadata["2.root.json"] = std::string(kRootSizeMax + 1, ' ');
  EXPECT_THAT(Refresh(), HasSubstr("limit: 2.root.json"));
  repository.metadata.erase("2.root.json");
  repository.metadata["timestamp.json"] += std::string(kTimestampSizeMax, ' ');
  EXPECT_THAT(Refresh(), HasSubstr("limit: timestamp.json"));
}

TEST_F(ClientTest, ForgetsTimestampAndSnapshotBeforeItKeepsARootWithOtherKeys) {
  repository.Advance();
  EXPECT_EQ(Refresh(), "");
  repository.RotateKey("snapshot");
  repository.AdvanceRoot();
  repository.Advance();
  EXPECT_EQ(Refresh(), "");
  EXPECT_THAT(store.done,
              ElementsAre("remove timestamp.json", "remove snapshot.json",
                          "save root.json", "save timestamp.json",
                          "save snapshot.json", "save targets.json"));
}

TEST_F(ClientTest, RecoversFromFastForwardedTimestamp) {
  repository.timestamp.version = 1000;
  repository.PublishTimestamp();
  EXPECT_EQ(Refresh(), "");
  repository.timestamp.version = 2;
  repository.PublishTimestamp();
  EXPECT_THAT(Refresh(), HasSubstr("timestamp.json: rollback"));
  repository.RotateKey("timestamp");
  repository.AdvanceRoot();
  repository.PublishTimestamp();
  EXPECT_EQ(Refresh(), "");
  EXPECT_EQ(KeptVersion("timestamp.json"), 2);
}

TEST_F(ClientTest, RecoversFromFastForwardedTargets) {
  repository.roles["targets"].version = 1000;
  repository.PublishAll();
  EXPECT_EQ(Refresh(), "");
  repository.roles["targets"].version = 1;
  ++repository.snapshot.version;
  ++repository.timestamp.version;
  repository.PublishAll();
  EXPECT_THAT(Refresh(), HasSubstr("snapshot.json: rollback: targets.json"));
  repository.RotateKey("snapshot");
  repository.AdvanceRoot();
  ++repository.timestamp.version;
  repository.PublishAll();
  EXPECT_EQ(Refresh(), "");
  EXPECT_EQ(KeptVersion("targets.json"), 1);
}

// 5.4

TEST_F(ClientTest, RefusesATimestampThatItsKeysHaveNotSigned) {
  repository.signers["timestamp"] = repository.signers["snapshot"];
  repository.PublishTimestamp();
  EXPECT_THAT(Refresh(), HasSubstr("timestamp.json: below threshold"));
  EXPECT_THAT(Kept(), ElementsAre("root.json"));
}

TEST_F(ClientTest, RefusesAnOlderTimestampAndTakesNoNoticeOfAnEqualOne) {
  repository.Advance();
  EXPECT_EQ(Refresh(), "");
  const std::string kept = store.files["timestamp.json"];
  repository.timestamp.snapshot.version = 100;  // Its version stays 2.
  repository.PublishTimestamp();
  EXPECT_EQ(Refresh(), "");
  EXPECT_EQ(store.files["timestamp.json"], kept);
  repository.timestamp.version = 1;
  repository.PublishTimestamp();
  EXPECT_THAT(Refresh(),
              HasSubstr("timestamp.json: rollback: version 1 where 2 was"));
}

TEST_F(ClientTest, RefusesATimestampWithAnOlderSnapshot) {
  repository.Advance();
  EXPECT_EQ(Refresh(), "");
  repository.snapshot.version = 1;
  repository.timestamp.version = 3;
  repository.PublishAll();
  EXPECT_THAT(Refresh(), HasSubstr("timestamp.json: rollback: snapshot"));
  EXPECT_EQ(KeptVersion("timestamp.json"), 2);
}

TEST_F(ClientTest, RefusesAnExpiredTimestampNewOrKept) {
  repository.timestamp.expires = kTestNow;
  repository.PublishTimestamp();
  EXPECT_THAT(Refresh(), HasSubstr("timestamp.json: expired"));
  EXPECT_THAT(Kept(), ElementsAre("root.json"));
  repository.timestamp.expires = kTestNow + 1;
  repository.PublishTimestamp();
  EXPECT_EQ(Refresh(), "");
  rules.now = kTestNow + 1;  // Frozen: the same file is still served.
  EXPECT_THAT(Refresh(), HasSubstr("timestamp.json: expired"));
}

TEST_F(ClientTest, CannotDoWithoutATimestamp) {
  repository.metadata.erase("timestamp.json");
  EXPECT_THAT(Refresh(), HasSubstr("not-found: timestamp.json"));
}

// 5.5

TEST_F(ClientTest, RefusesASnapshotThatTheTimestampDoesNotDescribe) {
  repository.PublishSnapshot();
  repository.PublishTimestamp();
  const std::string good = repository.metadata["1.snapshot.json"];
  repository.metadata["1.snapshot.json"] = good + " ";
  EXPECT_THAT(Refresh(), HasSubstr("longer than asked"));
  std::string other = good;
  other[other.size() - 2] = other[other.size() - 2] == '}' ? ' ' : '}';
  repository.metadata["1.snapshot.json"] = other;
  EXPECT_THAT(Refresh(), HasSubstr("snapshot.json: mix-and-match: its sha256"));
  EXPECT_THAT(Kept(), ElementsAre("root.json", "timestamp.json"));
}

TEST_F(ClientTest, RefusesASnapshotThatItsKeysHaveNotSigned) {
  repository.signers["snapshot"] = repository.signers["timestamp"];
  repository.Advance();
  EXPECT_THAT(Refresh(), HasSubstr("snapshot.json: below threshold"));
}

TEST_F(ClientTest, RefusesASnapshotOfAnotherVersion) {
  repository.describe = false;
  repository.Advance();
  repository.metadata["3.snapshot.json"] =
      repository.metadata["2.snapshot.json"];
  repository.timestamp.snapshot.version = 3;
  repository.PublishTimestamp();
  EXPECT_THAT(Refresh(),
              HasSubstr("snapshot.json: mix-and-match: version 2 where 3"));
}

TEST_F(ClientTest, RefusesASnapshotWithAnOlderOrLostRole) {
  repository.Delegate("targets", "a");
  repository.Advance();
  EXPECT_EQ(Refresh(), "");
  repository.Advance();
  repository.snapshot.meta["a.json"].version = 1;
  repository.PublishSnapshot();
  repository.PublishTimestamp();
  EXPECT_THAT(Refresh(), HasSubstr("rollback: a.json version 1 where 2"));
  ++repository.timestamp.version;
  repository.snapshot.meta.erase("a.json");
  repository.PublishSnapshot();
  repository.PublishTimestamp();
  EXPECT_THAT(Refresh(), HasSubstr("rollback: a.json is listed no more"));
  EXPECT_EQ(KeptVersion("snapshot.json"), 2);
}

TEST_F(ClientTest, RefusesAnExpiredSnapshot) {
  repository.snapshot.expires = kTestNow;
  repository.Advance();
  EXPECT_THAT(Refresh(), HasSubstr("snapshot.json: expired"));
  EXPECT_THAT(Kept(), ElementsAre("root.json", "timestamp.json"));
}

TEST_F(ClientTest, FetchesAnotherSnapshotOfTheSameVersionWhenItIsDescribed) {
  EXPECT_EQ(Refresh(), "");
  repository.snapshot.others.Set("note", "re-signed");
  repository.PublishSnapshot();
  ++repository.timestamp.version;
  repository.PublishTimestamp();
  EXPECT_EQ(Refresh(), "");
  EXPECT_EQ(store.files["snapshot.json"],
            repository.metadata["1.snapshot.json"]);
}

// 5.6.1 to 5.6.6

TEST_F(ClientTest, RefusesTargetsThatTheSnapshotDoesNotDescribe) {
  std::string other = repository.metadata["1.targets.json"];
  other.replace(other.find("\"expires\""), 9, "\"expired\"");
  repository.metadata["1.targets.json"] = other;
  EXPECT_THAT(Refresh(), HasSubstr("targets.json: mix-and-match: its sha256"));
  EXPECT_THAT(Kept(),
              ElementsAre("root.json", "snapshot.json", "timestamp.json"));
}

TEST_F(ClientTest, RefusesTargetsThatTheirKeysHaveNotSigned) {
  repository.signers["targets"] = repository.signers["root"];
  repository.Advance();
  EXPECT_THAT(Refresh(), HasSubstr("targets.json: below threshold"));
}

TEST_F(ClientTest, RefusesTargetsOfAnotherVersionOrExpired) {
  repository.describe = false;
  repository.PublishAll();
  repository.snapshot.meta["targets.json"].version = 2;
  repository.metadata["2.targets.json"] = repository.metadata["1.targets.json"];
  repository.PublishSnapshot();
  repository.PublishTimestamp();
  EXPECT_THAT(Refresh(),
              HasSubstr("targets.json: mix-and-match: version 1 where 2"));
  repository.roles["targets"].expires = kTestNow;
  repository.Advance();
  EXPECT_THAT(Refresh(), HasSubstr("targets.json: expired"));
}

TEST_F(ClientTest, GoesOnAfterAnInterruptedUpdate) {
  repository.Advance();
  store.refused = "snapshot.json";
  EXPECT_THAT(Refresh(), HasSubstr("disk full"));
  EXPECT_THAT(Kept(), ElementsAre("root.json", "timestamp.json"));
  store.refused.clear();
  EXPECT_EQ(Refresh(), "");
}

TEST_F(ClientTest, RepairsItselfAfterAStopAtAnyWrite) {
  repository.Advance();
  ASSERT_EQ(Refresh(), "");
  repository.RotateKey("timestamp");
  repository.AdvanceRoot();
  repository.AdvanceRoot();
  repository.Advance();
  const auto before = store.files;
  ASSERT_EQ(Refresh(), "");
  const auto after = store.files;
  const int steps = static_cast<int>(store.done.size());
  EXPECT_EQ(steps, 7);
  for (int stop = 0; stop < steps; ++stop) {
    store.files = before;
    store.left = stop;
    EXPECT_THAT(Refresh(), HasSubstr("disk full")) << stop;
    store.left = -1;
    EXPECT_EQ(Refresh(), "") << stop;
    EXPECT_EQ(store.files, after) << stop;
  }
}

// Keys

TEST_F(ClientTest, CountsEachKeyOnce) {
  // One key under two identifiers: the second object has one more field.
  const Signer once = TestSigner(200);
  const Signer twice = TestSigner(200, {{"x-note", "the same key"}});
  repository.KeysOf("snapshot").key_ids.clear();
  repository.KeysOf("snapshot").threshold = 2;
  repository.signers["snapshot"].clear();
  repository.AddKey("snapshot", once);
  repository.AddKey("snapshot", twice);
  repository.AdvanceRoot();
  repository.Advance();
  EXPECT_THAT(Refresh(), HasSubstr("snapshot.json: below threshold: 1 of 2"));
}

TEST_F(ClientTest, RefusesTwoSignaturesOfOneKeyIdentifier) {
  auto twice = repository.signers["timestamp"];
  twice.push_back(twice[0]);
  repository.signers["timestamp"] = twice;
  repository.PublishTimestamp();
  EXPECT_THAT(Refresh(), HasSubstr("two signatures of one key identifier"));
}

TEST_F(ClientTest, MindsNoBadSignatureBesideEnoughGoodOnes) {
  repository.AddKey("timestamp", repository.NextSigner());
  repository.AdvanceRoot();
  repository.PublishTimestamp();
  auto envelope =
      ReadEnvelope(AsBytes(repository.metadata["timestamp.json"]), 1 << 20)
          .value();
  for (const ByteVector& bad :
       {ByteVector(64, 1), ByteVector(), ByteVector(1000)}) {
    envelope.signatures[0].bytes = bad;
    repository.metadata["timestamp.json"] =
        WriteEnvelope(envelope.body, envelope.signatures);
    EXPECT_EQ(Refresh(), "");
    store.files.erase("timestamp.json");
  }
}

TEST_F(ClientTest, CountsOtherKeyTypesOnlyWhereTold) {
  for (const auto scheme : {crypto::SignatureScheme::kEcdsaP256,
                            crypto::SignatureScheme::kRsaPssSha256}) {
    repository.KeysOf("timestamp").key_ids.clear();
    repository.signers["timestamp"].clear();
    repository.AddKey("timestamp", Signer(ToyKey(scheme)));
    repository.AdvanceRoot();
    repository.PublishTimestamp();
    rules.schemes = Schemes::kEd25519;
    EXPECT_THAT(Refresh(), HasSubstr("timestamp.json: below threshold"));
    rules.schemes = Schemes::kStandard;
    EXPECT_EQ(Refresh(), "");
  }
}

TEST_F(ClientTest, ReadsADocumentOnlyAsWhatItSaysItIs) {
  // A snapshot that the timestamp's key signed, served as the timestamp.
  repository.snapshot.meta["snapshot.json"] =
      repository.snapshot.meta["targets.json"];
  repository.metadata["timestamp.json"] = SignDocument(
      WriteSnapshot(repository.snapshot), repository.signers["timestamp"]);
  EXPECT_THAT(Refresh(), HasSubstr("\"_type\" is not timestamp"));
}

}  // namespace
}  // namespace vitrine::tuf
