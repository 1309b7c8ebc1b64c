// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "http/scripted_server.h"
#include "machine.h"

// What somebody does who wants this machine to run another database than
// everybody else, or none that is new: THREAT_MODEL.md names each.
namespace vitrine {
namespace {

using ::testing::HasSubstr;

std::vector<tuf::Signer> Some(const std::vector<tuf::Signer>& all,
                              const std::vector<size_t>& which) {
  std::vector<tuf::Signer> some;
  for (const size_t i : which) some.push_back(all[i]);
  return some;
}

TEST_F(UpdateTest, BelowTheThreshold) {
  TakeFirst();
  auto& signers = publisher_.repo.signers["db"];
  signers = Some(signers, {0, 2});  // One of each side; three are asked for.
  publisher_.Release(2, Database("beta"));
  Publish();
  ExpectRefused("rule 1 (signatures)");
  EXPECT_TRUE(HasEvidence());
}

TEST_F(UpdateTest, AThresholdOfTheVendorAlone) {
  TakeFirst();
  // A root that all of the vendor's and one outside key signed, by which the
  // vendor could sign databases alone.
  auto& delegation = publisher_.repo.roles["targets"].delegations->roles[0];
  delegation.keys.threshold = 2;
  ++publisher_.repo.roles["targets"].version;
  auto& signers = publisher_.repo.signers["db"];
  signers = Some(signers, {0, 1});
  publisher_.Release(2, Database("beta"));
  Publish();
  ExpectRefused("met by one side's");
}

TEST_F(UpdateTest, ALogThatIsShownToThisMachineAlone) {
  TakeFirst();
  TestPublisher other;  // The same keys, another history.
  other.Release(1, Database("aimed"));
  other.Release(2, Database("beta"));
  publisher_ = std::move(other);
  Publish();
  ExpectRefused("rule 10 (unexplained log)");
  EXPECT_TRUE(HasEvidence());
  // Both signed trees are kept, and anybody can verify them.
  const std::string evidence = FileText(State() / "update/evidence/1");
  const std::string origin = "updates.example.org/log1\n";
  EXPECT_NE(evidence.find(origin), evidence.rfind(origin));
}

TEST_F(UpdateTest, SignedButNotInTheLog) {
  TakeFirst();
  publisher_.log_releases = false;
  publisher_.Release(2, Database("aimed"));
  Publish();
  ExpectRefused("rule 2 (public log)");
}

TEST_F(UpdateTest, LoggedButTheContentIsWithheld) {
  TakeFirst();
  publisher_.Release(2, Database("beta"));
  for (auto& [name, file] : std::map(publisher_.repo.targets)) {
    if (name.find("main-2") != name.npos || name.find("1-2") != name.npos) {
      publisher_.repo.targets.erase(name);
    }
  }
  Publish();
  ExpectRefused("rule 6 (withholding)");
}

TEST_F(UpdateTest, AnOlderRepositoryAgain) {
  publisher_.Release(1, Database("beta"));
  const TestPublisher old = publisher_;
  publisher_.Release(2, Database("alpha"));
  Publish();
  Trust();
  ASSERT_EQ(Vitrine("update").second, 0);
  old.Write(root_ / "site", {Now(), Now(), 0});
  ExpectRefused("rule 8 (no way back)");
}

TEST_F(UpdateTest, WhatIsKnownAndCannotBeReadIsNotForgotten) {
  TakeFirst();
  publisher_.Release(2, Database("beta"));
  Publish();
  namespace fs = std::filesystem;
  for (const char* name : {"update/log-view", "update/metadata/root.json",
                           "update/databases/main-1/held"}) {
    // Of a kind, or a size, that it never has.
    fs::rename(State() / name, root_ / "aside");
    fs::create_directory(State() / name);
    ExpectRefused(fs::path(name).filename());
    fs::remove(State() / name);
    std::ofstream(State() / name) << std::string(8 << 20, 'x');
    ExpectRefused("too large");
    fs::rename(root_ / "aside", State() / name);
  }
  EXPECT_EQ(Vitrine("update").second, 0);
}

TEST_F(UpdateTest, AFrozenRepositoryIsRefusedAndAlarmed) {
  TakeFirst();
  publisher_.Release(2, Database("beta"));
  Publish(2 * 86400);
  ExpectRefused("rule 4 (freshness)");
}

TEST_F(UpdateTest, AFrozenReleaseOfALogThatGrowsIsTold) {
  const std::string first = Database("alpha");
  publisher_.Release(1, first);
  Publish(4 * 3600);
  const auto metadata = publisher_.repo.metadata;
  Trust();
  ASSERT_EQ(Vitrine("update").second, 0);
  publisher_.Release(2, Database("beta"));
  publisher_.repo.metadata = metadata;
  Publish(3 * 3600 + 60);
  ASSERT_EQ(Vitrine("update").second, 0);
  Publish();
  const auto [text, status] = Vitrine("update");
  EXPECT_THAT(text, HasSubstr("rule 6 (withholding)"));
  EXPECT_EQ(status, 0);
}

TEST_F(UpdateTest, MetadataOfTwoStates) {
  TakeFirst();
  const auto first = publisher_.repo.metadata;
  publisher_.Release(2, Database("beta"));
  // The new timestamp and snapshot, with the old db in the new one's place.
  publisher_.repo.metadata["2.db.json"] = first.at("1.db.json");
  Publish();
  ExpectRefused("rule 1 (signatures)");
}

TEST_F(UpdateTest, AnUnknownEntryIsToldThoughTheUpdateIsRefused) {
  TakeFirst();
  publisher_.AddEntry("something else\n");
  publisher_.repo.metadata["timestamp.json"] = "{}";
  Publish();
  ExpectRefused("entry 3");
  // It was told, and is known from now on.
  EXPECT_EQ(Vitrine("update").first.find("entry 3"), std::string::npos);
}

TEST_F(UpdateTest, WithoutAQuorum) {
  TakeFirst();
  publisher_.Release(2, Database("beta"));
  publisher_.Write(root_ / "site", {Now(), 0, 0});
  ExpectRefused("rule 3 (witnesses)");
}

TEST_F(UpdateTest, TooYoung) {
  TakeFirst();
  std::ofstream(root_ / "strict.txt") << publisher_.Trust(900);
  ASSERT_EQ(Vitrine("trust tighten " + (root_ / "strict.txt").string()).second,
            0);
  publisher_.Release(2, Database("beta"));
  Publish(60);
  ExpectRefused("rule 5 (public age)");
  // Trying again does not make it older.
  ExpectRefused("rule 5 (public age)");
}

TEST_F(UpdateTest, TooYoungWhereTheTrustFileHasNoAgeOfDatabases) {
  std::string trust = publisher_.Trust();
  const std::string line = "min-age db 0\n";
  trust.erase(trust.find(line), line.size());
  std::ofstream(root_ / "trust.txt") << trust;
  ASSERT_EQ(Vitrine("trust init " + (root_ / "trust.txt").string()).second, 0);
  publisher_.Release(1, Database("alpha"));
  Publish(3600);
  const auto [text, status] = Vitrine("update");
  EXPECT_EQ(status, 2);
  EXPECT_THAT(text, HasSubstr("rule 5 (public age)"));
  EXPECT_TRUE(Active().empty());
}

TEST_F(UpdateTest, YoungForThisMachineByItsOwnersWish) {
  TakeFirst();
  publisher_.Release(2, Database("beta"));
  Publish(60);
  ExpectRefused("rule 5 (public age)", " --min-age 2h");
  EXPECT_EQ(Vitrine("update").second, 0);
}

TEST_F(UpdateTest, ADeltaToSomethingElse) {
  TakeFirst();
  std::string other = Database("aimed");
  const std::string second = Database("beta");
  other.resize(second.size());
  publisher_.delta_to = other;
  publisher_.Release(2, second);
  Publish();
  const auto [text, status] = Vitrine("update");
  EXPECT_THAT(text, HasSubstr("rule 9 (content): the delta is not used"));
  EXPECT_EQ(status, 0) << text;  // The whole file is what it should be.
  EXPECT_TRUE(Active() == second);
}

TEST_F(UpdateTest, ADatabaseThatFindsKnownGoodFiles) {
  TakeFirst();
  publisher_.Release(2, Database("customer"));
  Publish();
  ExpectRefused("which is known to be good");
  EXPECT_TRUE(HasEvidence());
  EXPECT_FALSE(std::filesystem::exists(State() / "update/databases/main-2"));
}

TEST_F(UpdateTest, ADatabaseThatIsNone) {
  TakeFirst();
  std::string hostile = Database("beta");
  for (size_t i = 64; i < hostile.size(); i += 7) hostile[i] ^= 0x5a;
  publisher_.Release(2, hostile);
  Publish();
  ExpectRefused("rule 9 (content): the scanners will not open");
}

TEST_F(UpdateTest, ATargetThatAMirrorChanged) {
  TakeFirst();
  publisher_.Release(2, Database("beta"));
  for (auto& [name, file] : publisher_.repo.targets) {
    if (name.find("main-2.") != name.npos || name.find("1-2") != name.npos) {
      file[file.size() / 2] ^= 1;
    }
  }
  Publish();
  ExpectRefused("rule 1 (signatures)");
}

TEST_F(UpdateTest, AMirrorThatLiesIsLeftForOneThatDoesNot) {
  TakeFirst();
  publisher_.Release(2, Database("beta"));
  const uint64_t now = Now();
  publisher_.Write(root_ / "honest", {now, now, 0});
  for (auto& [path, bytes] : publisher_.log) bytes.back() ^= 1;
  Publish();
  const ServedSite honest(root_ / "honest");
  Configure(site_->Url(), ", \"" + honest.Url() + "\"");
  const auto [text, status] = Vitrine("update");
  EXPECT_EQ(status, 0) << text;
  EXPECT_THAT(text, HasSubstr("mirror 1"));
  EXPECT_TRUE(Finds("beta"));
  EXPECT_TRUE(HasEvidence());
}

TEST_F(UpdateTest, DataWithoutAnEnd) {
  TakeFirst();
  http::ScriptedServer endless([&endless](int socket, const std::string&) {
    http::ScriptedServer::Say(socket, "HTTP/1.1 200 OK\r\n\r\n");
    const std::string piece(65536, 'x');
    while (!endless.stopping() && http::ScriptedServer::Say(socket, piece)) {
    }
    return false;
  });
  Configure(endless.Url());
  ExpectRefused("too-large");
}

TEST_F(UpdateTest, DataThatNeverComes) {
  TakeFirst();
  http::ScriptedServer slow([&slow](int socket, const std::string&) {
    http::ScriptedServer::Say(socket,
                              "HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n");
    while (!slow.stopping() && http::ScriptedServer::Say(socket, "x")) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return false;
  });
  Configure(slow.Url());
  const auto before = std::chrono::steady_clock::now();
  ExpectRefused("log/checkpoint");
  EXPECT_LT(std::chrono::steady_clock::now() - before,
            std::chrono::seconds(30));
}

TEST_F(UpdateTest, AnOldBundleIsCarriedIn) {
  publisher_.Release(1, Database("beta"));
  std::ofstream(root_ / "old")
      << publisher_.Bundle({Now() - 3600, Now() - 3600, 0});
  publisher_.Release(2, Database("alpha"));
  Publish();
  Trust();
  ASSERT_EQ(Vitrine("update").second, 0);
  ExpectRefused("rule 8 (no way back)", " --from " + (root_ / "old").string());
}

TEST_F(UpdateTest, AClockThatIsSetBackMakesNothingFresh) {
  TakeFirst();
  publisher_.Release(2, Database("beta"));
  Publish(2 * 86400);
  if (!SetClock("-2d")) GTEST_SKIP() << "faketime is not installed";
  ExpectRefused("rule 4 (freshness)");
  // Nor does it keep anything out that is.
  Publish();
  EXPECT_EQ(Vitrine("update").second, 0);
  EXPECT_TRUE(Finds("beta"));
}

TEST_F(UpdateTest, AClockThatIsSetAheadMakesNothingOldEnough) {
  TakeFirst();
  std::ofstream(root_ / "stricter.txt") << publisher_.Trust(3600);
  ASSERT_EQ(
      Vitrine("trust tighten " + (root_ / "stricter.txt").string()).second, 0);
  publisher_.Release(2, Database("beta"));
  Publish();
  if (!SetClock("+2h")) GTEST_SKIP() << "faketime is not installed";
  ExpectRefused("rule 5 (public age)");
  ASSERT_TRUE(SetClock("+30d"));
  ExpectRefused("rule 4 (freshness)");
  // It is not remembered.
  ASSERT_TRUE(SetClock(""));
  Publish();
  ExpectRefused("rule 5 (public age)");
}

TEST_F(UpdateTest, WitnessesOfTheFutureMoveNothingBack) {
  // A quorum that says it is next week: what it says is the time from then on,
  // and what is older than a day before it is stale.
  TakeFirst();
  publisher_.Release(2, Database("beta"));
  const uint64_t later = Now() + 7 * 86400;
  publisher_.Write(root_ / "site", {later, later, 0});
  static_cast<void>(Vitrine("update"));
  publisher_.Release(3, Database("gamma"));
  Publish();
  const auto [text, status] = Vitrine("update");
  EXPECT_EQ(status, 2);
  EXPECT_THAT(text, HasSubstr("rule 4 (freshness)"));
}

}  // namespace
}  // namespace vitrine
