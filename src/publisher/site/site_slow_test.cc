// SPDX-License-Identifier: Apache-2.0
// A whole publisher on this machine: releases, who watches them, and what they
// notice.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/read_file.h"
#include "base/text.h"
#include "publisher/files/durable_files.h"
#include "publisher/log/log_files.h"
#include "publisher/site/ask_witness.h"
#include "publisher/site/audit.h"
#include "publisher/site/bundle.h"
#include "publisher/site/ceremony.h"
#include "publisher/site/limits.h"
#include "publisher/site/mirror.h"
#include "publisher/site/publish.h"
#include "publisher/site/release.h"
#include "publisher/site/release_audit.h"
#include "publisher/site/renew.h"
#include "publisher/site/staging.h"
#include "publisher/sources/source_tree.h"
#include "tlog/judgement.h"
#include "tlog/test_keys.h"
#include "tuf/paths.h"
#include "tuf/repository.h"
#include "update/archive/archive.h"
#include "update/release/changes.h"
#include "update/release/release_path.h"

namespace vitrine::publisher {
namespace {

namespace fs = std::filesystem;

constexpr tuf::Time kNow = 1'800'000'000;
constexpr char kOrigin[] = "updates.example.org/log1";

class Site : public testing::Test {
 protected:
  Site()
      : root_(fs::path(testing::TempDir()) /
              ("site" + std::to_string(getpid()))),
        places_{root_ / "p"} {
    fs::create_directories(root_);
  }
  ~Site() override { fs::remove_all(root_); }

  void Found() {
    const CeremonyOptions options = {kOrigin, kNow};
    ASSERT_TRUE(MakeKeys(places_, options).ok());
    const auto log = tuf::ReadKeyFile(places_.OnlineKey("log")).value();
    const std::string log_key =
        tlog::VerifierKey::Make(
            kOrigin, tlog::KeyKind::kLog,
            *log.key().Public(tuf::Schemes::kEd25519).value().ed25519())
            .value()
            .Text();
    std::string policy = "log " + log_key + "\n";
    for (const std::string name : {"w1", "w2", "mirror"}) {
      const std::string folder = root_ / name;
      ASSERT_TRUE(MakeLocalWitness(folder, name, log_key).ok());
      policy += "witness " + name + " " + LocalWitnessKey(folder).value() +
                " file:" + folder + "\n";
    }
    std::ofstream(root_ / "mirror" / "mirror");
    policy += "group W 2 w1 w2\ngroup Q all W mirror\nquorum Q\n";
    ASSERT_TRUE(DurableFiles().Write(places_.Policy(), AsBytes(policy)).ok());
    ASSERT_TRUE(StageFirst(places_, options).ok());
    ASSERT_TRUE(SourceTree::Create(places_.Sources(), "main").ok());
  }

  Result<Release> Compile(const std::string& rules,
                          tuf::Time now = kNow) const {
    SourceTree tree = SourceTree::Open(places_.Sources()).value();
    EXPECT_TRUE(tree.Replace("signatures/y/", {{"a.yar", rules}},
                             {"Jane", "MIT", "Because"})
                    .ok());
    ReleaseOptions options;
    options.now = now;
    return StageRelease(places_, options);
  }

  void Sign(const std::vector<std::string>& names) const {
    for (const std::string& name : names) {
      const auto signer =
          tuf::ReadKeyFile(places_.Keys() + "/" + name + ".key").value();
      EXPECT_TRUE(SignStaging(places_.Staging(), places_.Site(), signer).ok());
    }
  }
  void SignAll() const {
    Sign({"vendor/root1", "vendor/root2", "outside/root1", "outside/root2",
          "vendor/db1", "outside/db1", "outside/db2"});
  }

  Result<Published> Publish(const CopyFirst& copy = {},
                            const FileHook& hook = {},
                            tuf::Time now = kNow) const {
    const tlog::Policy policy = ReadPolicy(places_.Policy()).value();
    PublishOptions options;
    options.now = now;
    options.ask = AskByUrl(copy ? copy
                                : [&](const std::string& folder,
                                      const std::string& checkpoint) -> Status {
      TRY(CopySite({places_.Site(), folder, policy, checkpoint}));
      return Ok();
    });
    return PublishStaged(places_, options, DurableFiles(hook));
  }

  void FirstRelease() {
    Found();
    ASSERT_EQ(Compile(Rule("one")).value().version, 1u);
    SignAll();
    const auto published = Publish();
    ASSERT_TRUE(published.ok()) << published.error().message;
    ASSERT_TRUE(published.value().is_done);
  }
  void NextRelease(const std::string& rules) {
    ASSERT_TRUE(Compile(rules).ok());
    Sign({"vendor/db1", "outside/db1", "outside/db2"});
    const auto published = Publish();
    ASSERT_TRUE(published.ok()) << published.error().message;
    ASSERT_TRUE(published.value().is_done);
  }

  AuditReport Monitor(bool rebuild = true) const {
    const auto source = OpenSite(places_.Site()).value();
    AuditOptions options;
    options.policy = ReadPolicy(places_.Policy()).value();
    options.rebuild = rebuild;
    options.scratch = root_ / "scratch";
    auto report = Audit(*source, options);
    EXPECT_TRUE(report.ok()) << report.error().message;
    return report.ok() ? std::move(report).value() : AuditReport();
  }

  static std::string Rule(const std::string& name) {
    return "rule " + name + " { strings: $a = \"text of " + name +
           "\" condition: $a }\n";
  }

  // The file of a target of db, by the end of its path.
  std::string TargetFile(const std::string& end) const {
    for (const auto& entry :
         fs::recursive_directory_iterator(places_.Targets())) {
      const std::string path = entry.path();
      // Named by its SHA-256, the shorter one.
      if (path.ends_with(end) &&
          entry.path().filename().string().find('.') == 64) {
        return path;
      }
    }
    return "";
  }
  void Spoil(const std::string& path) const {
    ByteVector bytes = ReadFile(path, kUnpackedMax).value();
    bytes[bytes.size() / 2] ^= 1;
    ASSERT_TRUE(DurableFiles().Write(path, bytes).ok());
  }

  fs::path root_;
  Places places_;
};

TEST_F(Site, ReleasesAreExplainedToAMonitor) {
  FirstRelease();
  NextRelease(Rule("one") + Rule("two"));
  NextRelease(Rule("two"));
  const AuditReport report = Monitor();
  EXPECT_EQ(report.alarms, std::vector<std::string>());
  EXPECT_EQ(report.size, 6u);
  EXPECT_NE(TargetFile("main-2-3.delta"), "");
  EXPECT_NE(TargetFile("main-1-3.delta"), "");
}

TEST_F(Site, AMirrorHoldsAllThatWasCosigned) {
  FirstRelease();
  NextRelease(Rule("one") + Rule("two"));
  const tlog::Policy policy = ReadPolicy(places_.Policy()).value();
  ASSERT_TRUE(
      CopySite({places_.Site(), (root_ / "mirror").string(), policy, ""}).ok());
  const auto source = OpenSite(root_ / "mirror" / "site").value();
  AuditOptions options;
  options.policy = policy;
  options.rebuild = true;
  options.scratch = root_ / "scratch";
  EXPECT_EQ(Audit(*source, options).value().alarms, std::vector<std::string>());
  EXPECT_EQ(MakeBundle(root_ / "mirror" / "site", {}).value(),
            MakeBundle(places_.Site(), {}).value());
}

TEST_F(Site, ShowsTheFirstCheckpointsOfWhatIsListed) {
  FirstRelease();
  NextRelease(Rule("one") + Rule("two"));
  const tlog::Policy policy = ReadPolicy(places_.Policy()).value();
  const auto size = [&](const fs::path& log, const char* name) -> uint64_t {
    const auto note = ReadFile(log / name, 100000);
    if (!note.ok()) return 0;
    return tlog::JudgeCheckpoint(AsText(note.value()), policy)
        .value()
        .opened.checkpoint.size;
  };
  EXPECT_EQ(size(places_.Log(), kEarlierNames[0]), 4u);
  EXPECT_EQ(size(places_.Log(), kEarlierNames[1]), 5u);
  const std::string fresh = root_ / "fresh";
  ASSERT_TRUE(CopySite({places_.Site(), fresh, policy, ""}).ok());
  EXPECT_EQ(size(fresh + "/site/log", kEarlierNames[0]), 4u);
  EXPECT_EQ(size(fresh + "/site/log", kEarlierNames[1]), 5u);
  // With the tiles that their trees are followed by.
  EXPECT_TRUE(fs::exists(fresh + "/site/log/tile/entries/000.p/4"));
  const ByteVector bundle = MakeBundle(places_.Site(), {}).value();
  EXPECT_EQ(MakeBundle(fresh + "/site", {}).value(), bundle);
  const auto members = update::ReadArchive(bundle).value();
  for (const char* name : {"log/checkpoint.earliest", "log/checkpoint.earlier",
                           "log/tile/entries/000.p/4"}) {
    EXPECT_NE(update::FindMember(members, name), nullptr) << name;
  }
}

// Every client would go by it, and see another log than the rest.
TEST_F(Site, AMonitorSeesAnEarlierCheckpointOfAnotherLog) {
  FirstRelease();
  const std::string path = places_.Log() + "/" + kEarlierNames[0];
  const auto looked = [&] {
    const auto source = OpenSite(places_.Site()).value();
    AuditOptions options;
    options.policy =
        tlog::ParsePolicy("log " + tlog::TestLog().verifier().Text() +
                          "\nquorum none\n")
            .value();
    options.policy.logs.push_back(
        ReadPolicy(places_.Policy()).value().logs.front());
    return Audit(*source, options);
  };
  EXPECT_TRUE(looked().ok());
  tlog::Note note;
  note.text = tlog::FormatCheckpoint(
      {tlog::TestLog().verifier().name(), 2, tlog::Hash{}, {}});
  note.signatures = {tlog::TestLog().Sign(note.text)};
  ASSERT_TRUE(DurableFiles().Write(path, AsBytes(tlog::FormatNote(note))).ok());
  EXPECT_EQ(looked().error().code, Code::kDenied);
}

TEST_F(Site, WithoutAThresholdNothingIsPublished) {
  Found();
  ASSERT_TRUE(Compile(Rule("one")).ok());
  Sign({"vendor/root1", "vendor/root2", "vendor/root3", "vendor/db1",
        "vendor/db2"});
  EXPECT_EQ(Publish().error().code, Code::kDenied);
  EXPECT_FALSE(fs::exists(places_.Log() + "/checkpoint"));
}

TEST_F(Site, WithoutAQuorumNothingIsPublishedAndTheNextRunGoesOn) {
  FirstRelease();
  const auto before = ReadFile(places_.Log() + "/checkpoint", 100000).value();
  ASSERT_TRUE(Compile(Rule("two")).ok());
  Sign({"vendor/db1", "outside/db1", "outside/db2"});
  const auto refused = [](const std::string&, const std::string&) -> Status {
    return Error{Code::kUnavailable, "the mirror is away"};
  };
  EXPECT_FALSE(Publish(refused).value().is_done);
  EXPECT_EQ(ReadFile(places_.Log() + "/checkpoint", 100000).value(), before);
  EXPECT_EQ(tuf::Repository::Open(places_.Site(), {})
                .value()
                .snapshot()
                ->meta.at("db.json")
                .version,
            1);
  EXPECT_TRUE(Publish().value().is_done);
  EXPECT_EQ(Monitor().alarms, std::vector<std::string>());
  EXPECT_EQ(Monitor().size, 5u);
}

TEST_F(Site, APublicationThatEndsWhileItClearsUpIsGoneOnWith) {
  Found();
  ASSERT_TRUE(Compile(Rule("one")).ok());
  SignAll();
  for (int removed = 0; removed < 4; ++removed) {
    int left = removed > 0 ? 1 : 0;
    const auto hook = [&](FileStep step, const std::string&) {
      return step == FileStep::kRemove && left-- == 0 ? EIO : 0;
    };
    EXPECT_FALSE(Publish({}, hook).ok());
    EXPECT_EQ(ListStaging(places_.Staging()).value().size(), 4u - removed);
  }
  EXPECT_TRUE(Publish().value().is_done);
  EXPECT_FALSE(fs::exists(places_.Staging()));
  EXPECT_EQ(Monitor().alarms, std::vector<std::string>());
  EXPECT_EQ(Monitor().size, 4u);
}

TEST_F(Site, SourcesThatDidNotChangeAreOnlySignedAnew) {
  FirstRelease();
  EXPECT_EQ(Compile(Rule("one")).value().version, 0u);
  Sign({"vendor/db1", "outside/db1", "outside/db2"});
  EXPECT_TRUE(Publish().value().is_done);
  EXPECT_EQ(Monitor().alarms, std::vector<std::string>());
}

TEST_F(Site, ThePublicationOfAVersionIsEndedBeforeTheNextIsStaged) {
  FirstRelease();
  ASSERT_TRUE(Compile(Rule("two")).ok());
  Sign({"vendor/db1", "outside/db1", "outside/db2"});
  // Ended between the metadata and the log.
  const auto hook = [&](FileStep, const std::string& path) {
    return path.find("/log/tile/") != path.npos ? EIO : 0;
  };
  EXPECT_FALSE(Publish({}, hook).ok());
  EXPECT_EQ(Compile(Rule("three")).error().code, Code::kDenied);
  EXPECT_TRUE(Publish().value().is_done);
  NextRelease(Rule("three"));
  EXPECT_EQ(Monitor().alarms, std::vector<std::string>());
}

TEST_F(Site, ARefusedReleaseLeavesNothingToBeServed) {
  Found();
  SourceTree tree = SourceTree::Open(places_.Sources()).value();
  ASSERT_TRUE(tree.Replace("signatures/c/",
                           {{"a.ndb", "Test.One:0:*:746578742074657874\n"},
                            {"a.ign2", "Test.Two\n"}},
                           {"Jane", "MIT", "Because"})
                  .ok());
  ReleaseOptions options;
  options.now = kNow;
  options.allowed_most = 0;
  EXPECT_EQ(StageRelease(places_, options).error().code, Code::kDenied);
  EXPECT_EQ(TargetFile("main-1.vdb.zst"), "");
}

TEST_F(Site, WhatExpiresIsRenewed) {
  FirstRelease();
  constexpr tuf::Time kLater = kNow + 170 * kSecondsADay;
  for (const char* role : {"root", "targets", "policy"}) {
    ASSERT_TRUE(Renew(places_, role, kLater).ok()) << role;
  }
  EXPECT_EQ(Renew(places_, "db", kLater).error().code, Code::kInvalid);
  EXPECT_EQ(Renew(places_, "dbtrust", kLater).error().code, Code::kInvalid);
  const auto staged = ListStaging(places_.Staging()).value();
  ASSERT_EQ(staged.size(), 3u);
  for (const Staged& each : staged) EXPECT_EQ(each.version, 2) << each.role;
  ASSERT_TRUE(Compile(Rule("one"), kLater).ok());
  SignAll();
  const auto published = Publish({}, {}, kLater + 20 * kSecondsADay);
  EXPECT_EQ(published.error().code, Code::kDenied);  // db's own days.
  EXPECT_TRUE(Publish({}, {}, kLater).value().is_done);
  EXPECT_EQ(Monitor().alarms, std::vector<std::string>());
}

TEST_F(Site, LinesThatCannotBeTakenRefuseARelease) {
  Found();
  EXPECT_EQ(
      Compile(Rule("one") + "rule bad { condition: unknown }\n").error().code,
      Code::kInvalid);
}

TEST_F(Site, AMonitorSeesWhatIsWithheldOrChanged) {
  FirstRelease();
  NextRelease(Rule("one") + Rule("two"));
  for (const std::string end : {"main-2.vdb.zst", "main-2.changes",
                                "main-2.sources.tar.zst", "main-1-2.delta"}) {
    SCOPED_TRACE(end);
    const std::string path = TargetFile(end);
    ASSERT_NE(path, "");
    fs::copy_file(path, root_ / "kept");
    Spoil(path);
    EXPECT_FALSE(Monitor(false).alarms.empty());
    fs::remove(path);
    EXPECT_FALSE(Monitor(false).alarms.empty());
    fs::rename(root_ / "kept", path);
    EXPECT_TRUE(Monitor(false).alarms.empty());
  }
  Spoil(places_.Metadata() + "/2.db.json");
  EXPECT_FALSE(Monitor(false).alarms.empty());
}

// Signed by the threshold, logged, cosigned: and yet not what the sources make.
TEST_F(Site, AMonitorSeesADatabaseThatItsSourcesDoNotMake) {
  FirstRelease();
  ASSERT_TRUE(Compile(Rule("two")).ok());
  tuf::Repository repository =
      tuf::Repository::Open(places_.Site(), {}).value();
  const auto staged = ListStaging(places_.Staging()).value();
  ASSERT_EQ(staged.size(), 1u);
  const auto envelope =
      tuf::ReadEnvelope(ReadFile(staged[0].path, 100000).value(), 100000)
          .value();
  tuf::Targets targets = tuf::ReadTargets(envelope.body).value();
  update::Leaf leaf = staged[0].leaf;
  const ByteVector first =
      ReadFile(TargetFile("main-1.vdb.zst"), kUnpackedMax).value();
  const std::string path = update::ReleasePath("main", 2, "vdb.zst");
  targets.targets[path] = repository.AddTargetFile(path, first).value();
  for (auto& file : leaf.targets) {
    if (file.path == path) file = update::DescribeFile(path, first);
  }
  ASSERT_TRUE(Stage(places_.Staging(), "db", targets.version,
                    WriteTargets(targets), leaf)
                  .ok());
  Sign({"vendor/db1", "outside/db1", "outside/db2"});
  ASSERT_TRUE(Publish().value().is_done);
  EXPECT_FALSE(Monitor().alarms.empty());
}

// A list that says of itself that it is of another release, or against another
// one, would be compared with nothing.
TEST_F(Site, AMonitorSeesAChangeListOfAnotherRelease) {
  FirstRelease();
  const auto files_of = [&](const update::Leaf& leaf) {
    FileMap files;
    for (const auto& file : leaf.targets) {
      const std::string name = fs::path(file.path).filename();
      files[file.path] = ReadFile(TargetFile("." + name), kUnpackedMax).value();
    }
    return files;
  };
  const auto entry = ReadEntry(2, 4, TilesIn(places_.Log())).value();
  const update::Leaf first = update::ParseLeaf(AsText(entry)).value();
  ASSERT_TRUE(Compile(Rule("two")).ok());
  const update::Leaf leaf = ListStaging(places_.Staging()).value()[0].leaf;
  FileMap files = files_of(leaf);
  const std::string path = update::ReleasePath("main", 2, "changes");
  const auto list = update::ParseChanges(AsText(files.at(path))).value();
  const auto alarms = [&](const update::ChangeList& published) {
    const std::string text = update::FormatChanges(published).value();
    files[path] = ByteVector(text.begin(), text.end());
    ReleaseAudit audit;
    const auto look = [&](const update::Leaf& each, const FileMap& its) {
      return audit.LookAt(each, its, root_ / "scratch",
                          ReleaseAudit::Before::kLookedAt);
    };
    EXPECT_EQ(look(first, files_of(first)), std::vector<std::string>());
    return look(leaf, files).size();
  };
  EXPECT_EQ(alarms(list), 0u);
  update::ChangeList changed = list;
  changed.from = 9;
  EXPECT_EQ(alarms(changed), 1u);
  changed.from.reset();
  EXPECT_EQ(alarms(changed), 1u);
  changed = list;
  changed.channel = "other";
  EXPECT_EQ(alarms(changed), 1u);
  changed = list;
  changed.version = 3;
  EXPECT_EQ(alarms(changed), 1u);
}

TEST_F(Site, AMonitorThatGoesOnComparesWithTheReleaseBefore) {
  FirstRelease();
  const AuditReport before = Monitor();
  NextRelease(Rule("one") + Rule("two"));
  Spoil(TargetFile("main-1.vdb.zst"));
  const auto source = OpenSite(places_.Site()).value();
  AuditOptions options;
  options.policy = ReadPolicy(places_.Policy()).value();
  options.known_size = before.size;
  options.known_root = before.root;
  options.scratch = root_ / "scratch";
  EXPECT_TRUE(Audit(*source, options).value().alarms.empty());
  options.rebuild = true;
  EXPECT_FALSE(Audit(*source, options).value().alarms.empty());
}

TEST_F(Site, AMonitorSeesAFork) {
  FirstRelease();
  const AuditReport before = Monitor(false);
  const auto source = OpenSite(places_.Site()).value();
  AuditOptions options;
  options.policy = ReadPolicy(places_.Policy()).value();
  options.known_size = before.size;
  options.known_root = before.root;
  EXPECT_TRUE(Audit(*source, options).ok());
  options.known_root[0] ^= 1;
  EXPECT_EQ(Audit(*source, options).error().code, Code::kDenied);
  options.known_size = before.size + 1;
  EXPECT_EQ(Audit(*source, options).error().code, Code::kDenied);
}

TEST_F(Site, ABundleIsTheSameBytesEachTime) {
  FirstRelease();
  const ByteVector bundle = MakeBundle(places_.Site(), {}).value();
  EXPECT_EQ(MakeBundle(places_.Site(), {}).value(), bundle);
  const auto members = update::ReadArchive(bundle).value();
  for (const char* name : {"log/checkpoint", "log/tile/entries/000.p/4",
                           "metadata/1.root.json", "metadata/timestamp.json"}) {
    EXPECT_NE(update::FindMember(members, name), nullptr) << name;
  }
}

}  // namespace
}  // namespace vitrine::publisher
