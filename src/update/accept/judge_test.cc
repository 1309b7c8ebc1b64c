// SPDX-License-Identifier: Apache-2.0
#include "update/accept/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>

#include "base/check.h"
#include "tlog/test_keys.h"
#include "tlog/test_tree.h"

namespace vitrine::update {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr uint64_t kNow = 1'790'000'000;

std::string Metadata(const std::string& role, uint64_t version) {
  return role + std::to_string(version);
}

// A log of leaves, and its files.
class Log {
 public:
  // The leaf of a role's version, linked to the one before it.
  void Add(const std::string& role, uint64_t version) {
    Leaf leaf;
    leaf.role = role;
    const std::string file = Metadata(role, version);
    leaf.metadata = {version, file.size(), crypto::Sha256(AsBytes(file))};
    if (const auto at = last_.find(role); at != last_.end()) {
      leaf.previous = at->second;
    }
    last_[role] = edge_.size();
    AddRaw(FormatLeaf(leaf).value());
  }

  void AddRaw(const std::string& entry) {
    const std::vector<Bytes> entries = {AsBytes(entry)};
    auto written = edge_.Append(entries);
    CHECK(written.ok());
    for (auto& file : written.value()) {
      files_[tlog::TilePath(file.tile)] = std::move(file.bytes);
    }
  }

  // The checkpoint, cosigned by witnesses 1.. at these times; 0: not.
  std::string Checkpoint(const std::vector<uint64_t>& times) const {
    tlog::Note note = tlog::SignedCheckpoint(edge_.size(), edge_.Root());
    for (size_t i = 0; i < times.size(); ++i) {
      if (times[i] == 0) continue;
      note.signatures.push_back(tlog::TestWitness(static_cast<int>(i + 1))
                                    .Cosign(note.text, times[i]));
    }
    return tlog::FormatNote(note);
  }

  tlog::TileSource Source() const { return tlog::SourceOf(files_); }
  tlog::TestFiles& files() { return files_; }

 private:
  tlog::Edge edge_;
  tlog::TestFiles files_;
  std::map<std::string, uint64_t> last_;
};

class JudgeTest : public ::testing::Test {
 protected:
  JudgeTest() {
    std::string text =
        "vitrine/trust/v1\nroot 1 sha256:" + std::string(64, 'a') +
        "\nmax-stale 86400\nmin-age db 900\nfloor db 1\n"
        "policy\nlog " +
        tlog::TestLog().verifier().Text() + '\n';
    for (int i = 1; i <= 3; ++i) {
      text += "witness w" + std::to_string(i) + ' ' +
              tlog::TestWitness(i).verifier().Text() + '\n';
    }
    auto trust = ParseTrust(text + "group g 2 w1 w2 w3\nquorum g\n");
    CHECK(trust.ok());
    trust_ = std::move(trust).value();
  }

  // Follows `log` from `known`, as it was cosigned at `time`.
  Result<LogView> Followed(const Log& log, LogView known, uint64_t time,
                           uint64_t clock = 0) {
    Judge judge(std::move(known), trust_, clock == 0 ? time : clock);
    const std::string note = log.Checkpoint({time, time, 0});
    TRY(judge.Follow(note, log.Source()));
    alerts_ = judge.alerts();
    return judge.view();
  }

  // Whether db's `version` is taken where the log is seen at `time`.
  std::string Taken(const LogView& view, const Log& log, uint64_t time,
                    uint64_t version, uint64_t held) {
    Judge judge(view, trust_, time);
    const std::string note = log.Checkpoint({time, time, 0});
    CHECK(judge.Follow(note, log.Source()).ok());
    const std::string file = Metadata("db", version);
    const auto logged = judge.CheckMetadata("db", version, AsBytes(file), held);
    alerts_ = judge.alerts();
    return logged.ok() ? "taken" : logged.error().message;
  }

  Trust trust_;
  std::vector<Alert> alerts_;
};

TEST_F(JudgeTest, TakesWhatIsLoggedWitnessedFreshAndAged) {
  Log log;
  log.Add("root", 1);
  log.Add("db", 1);
  const LogView view = Followed(log, {}, kNow).value();
  EXPECT_THAT(alerts_, IsEmpty());
  EXPECT_EQ(view.time, kNow);
  EXPECT_EQ(Taken(view, log, kNow + 900, 1, 0), "taken");
}

TEST_F(JudgeTest, RemembersAcrossUpdatesInOneSpelling) {
  Log log;
  log.Add("root", 1);
  log.Add("db", 1);
  LogView view = Followed(log, {}, kNow).value();
  log.Add("db", 2);
  view = Followed(log, view, kNow + 60).value();
  EXPECT_THAT(alerts_, IsEmpty());
  EXPECT_EQ(view.Find("db", 1)->public_by, kNow);
  EXPECT_EQ(view.Find("db", 2)->public_by, kNow + 60);
  const std::string text = FormatLogView(view);
  EXPECT_EQ(ParseLogView(text).value(), view);
  EXPECT_FALSE(ParseLogView(text.substr(0, text.size() - 1)).ok());
  EXPECT_FALSE(ParseLogView(text + "\n").ok());
}

TEST_F(JudgeTest, Rule2RefusesWhatIsNotInTheLog) {
  Log log;
  log.Add("db", 1);
  const LogView view = Followed(log, {}, kNow).value();
  EXPECT_THAT(Taken(view, log, kNow + 900, 2, 1), HasSubstr("rule 2"));
  Judge judge(view, trust_, kNow);
  EXPECT_THAT(judge.CheckMetadata("db", 1, AsBytes(std::string("dbX")), 0)
                  .error()
                  .message,
              HasSubstr("rule 2 (public log)"));
}

TEST_F(JudgeTest, Rule3RefusesACheckpointWithoutAQuorum) {
  Log log;
  log.Add("db", 1);
  Judge judge({}, trust_, kNow);
  const Status followed =
      judge.Follow(log.Checkpoint({kNow, 0, 0}), log.Source());
  ASSERT_FALSE(followed.ok());
  EXPECT_THAT(followed.error().message, HasSubstr("rule 3 (witnesses)"));
  EXPECT_EQ(judge.view(), LogView());
}

TEST_F(JudgeTest, Rule4RefusesAStaleCheckpointAtTheSecond) {
  Log log;
  log.Add("db", 1);
  EXPECT_TRUE(Followed(log, {}, kNow, kNow + 86400).ok());
  const auto stale = Followed(log, {}, kNow, kNow + 86401);
  ASSERT_FALSE(stale.ok());
  EXPECT_THAT(stale.error().message, HasSubstr("rule 4 (freshness)"));
}

TEST_F(JudgeTest, Rule4HoldsThoughTheClockIsSetBack) {
  Log log;
  log.Add("db", 1);
  const std::string old = log.Checkpoint({kNow, kNow, 0});
  const LogView view = Followed(log, {}, kNow + 100'000).value();
  Judge judge(view, trust_, kNow);
  const Status replayed = judge.Follow(old, log.Source());
  ASSERT_FALSE(replayed.ok());
  EXPECT_THAT(replayed.error().message, HasSubstr("rule 4"));
}

TEST_F(JudgeTest, OneWitnessWithAWrongClockMovesNothing) {
  Log log;
  log.Add("db", 1);
  Judge judge({}, trust_, kNow);
  const std::string note = log.Checkpoint({kNow, kNow + 1'000'000, kNow - 5});
  ASSERT_TRUE(judge.Follow(note, log.Source()).ok());
  EXPECT_EQ(judge.view().time, kNow);
}

TEST_F(JudgeTest, Rule5WaitsInTheTimeOfWitnesses) {
  Log log;
  log.Add("db", 1);
  const LogView view = Followed(log, {}, kNow).value();
  EXPECT_THAT(Taken(view, log, kNow + 899, 1, 0),
              HasSubstr("rule 5 (public age)"));
  EXPECT_EQ(Taken(view, log, kNow + 900, 1, 0), "taken");
}

TEST_F(JudgeTest, Rule5CountsFromAnEarlierCheckpointOfThePublisher) {
  Log log;
  log.Add("db", 1);
  const std::string earlier = log.Checkpoint({kNow - 1000, kNow - 1000, 0});
  log.Add("db", 2);
  Judge judge({}, trust_, kNow);
  ASSERT_TRUE(judge.FollowEarlier(earlier, log.Source()).ok());
  const std::string note = log.Checkpoint({kNow, kNow, 0});
  ASSERT_TRUE(judge.Follow(note, log.Source()).ok());
  EXPECT_TRUE(judge.CheckMetadata("db", 1, AsBytes(Metadata("db", 1)), 0).ok());
  EXPECT_FALSE(
      judge.CheckMetadata("db", 2, AsBytes(Metadata("db", 2)), 0).ok());
}

TEST_F(JudgeTest, Rule5TakesNoEarlierCheckpointOfAnotherTree) {
  Log other;
  other.Add("db", 1);
  other.Add("db", 9);
  Log log;
  log.Add("db", 1);
  log.Add("db", 2);
  log.Add("db", 3);
  Judge judge({}, trust_, kNow);
  const Status earlier = judge.FollowEarlier(
      other.Checkpoint({kNow - 1000, kNow - 1000, 0}), log.Source());
  ASSERT_FALSE(earlier.ok());
  EXPECT_THAT(earlier.error().message, HasSubstr("rule 10"));
}

TEST_F(JudgeTest, Rule6TellsOfWhatTheLogHasAndNobodyOffers) {
  Log log;
  log.Add("db", 1);
  log.Add("db", 2);
  const LogView view = Followed(log, {}, kNow).value();
  EXPECT_EQ(Taken(view, log, kNow + 7200, 1, 0), "taken");
  EXPECT_THAT(alerts_, IsEmpty());
  EXPECT_EQ(Taken(view, log, kNow + 7201, 1, 0), "taken");
  ASSERT_EQ(alerts_.size(), 1u);
  EXPECT_EQ(alerts_[0].rule, Rule::kOffered);
}

TEST_F(JudgeTest, Rule8NeverGoesBack) {
  Log log;
  log.Add("db", 1);
  log.Add("db", 2);
  const LogView view = Followed(log, {}, kNow).value();
  EXPECT_EQ(Taken(view, log, kNow + 900, 2, 2), "taken");
  EXPECT_THAT(Taken(view, log, kNow + 900, 1, 2), HasSubstr("rule 8"));
  trust_.floor["db"] = 3;
  EXPECT_THAT(Taken(view, log, kNow + 900, 2, 0), HasSubstr("rule 8"));
  Log shorter;
  shorter.Add("db", 1);
  EXPECT_THAT(Followed(shorter, view, kNow + 900).error().message,
              HasSubstr("rule 8 (no way back)"));
}

TEST_F(JudgeTest, Rule9ComparesTheDatabaseWithItsEntry) {
  Leaf leaf;
  leaf.contents = {DescribeFile("db/main/main-7.vdb", AsBytes("seven"))};
  const crypto::Sha256Digest good = crypto::Sha256(AsBytes("seven"));
  const crypto::Sha256Digest bad = crypto::Sha256(AsBytes("eight"));
  EXPECT_TRUE(CheckContent(leaf, "db/main/main-7.vdb", 5, good).ok());
  EXPECT_FALSE(CheckContent(leaf, "db/main/main-7.vdb", 5, bad).ok());
  EXPECT_FALSE(CheckContent(leaf, "db/main/main-7.vdb", 6, good).ok());
  EXPECT_FALSE(CheckContent(leaf, "db/main/main-8.vdb", 5, good).ok());
}

TEST_F(JudgeTest, Rule10KeepsBothTreesOfALogThatForks) {
  Log log;
  log.Add("db", 1);
  const LogView view = Followed(log, {}, kNow).value();
  Log aimed;
  aimed.Add("db", 9);
  Judge judge(view, trust_, kNow + 1);
  const std::string note = aimed.Checkpoint({kNow + 1, kNow + 1, 0});
  const Status followed = judge.Follow(note, aimed.Source());
  ASSERT_FALSE(followed.ok());
  EXPECT_THAT(followed.error().message, HasSubstr("rule 10"));
  EXPECT_EQ(judge.evidence(), view.checkpoint + '\n' + note);
  EXPECT_EQ(judge.view(), view);
}

TEST_F(JudgeTest, Rule10RefusesAForkThatHasGrown) {
  Log log;
  log.Add("db", 1);
  const LogView view = Followed(log, {}, kNow).value();
  Log aimed;
  aimed.Add("db", 9);
  aimed.Add("db", 10);
  const auto followed = Followed(aimed, view, kNow + 1);
  ASSERT_FALSE(followed.ok());
  EXPECT_THAT(followed.error().message, HasSubstr("rule 10"));
}

TEST_F(JudgeTest, AnEntryThatAMirrorChangedIsNeverBelieved) {
  Log log;
  log.Add("db", 1);
  log.Add("db", 2);
  for (auto& [path, bytes] : log.files()) {
    if (path.find("entries") != path.npos) bytes[bytes.size() - 2] ^= 1;
  }
  const auto followed = Followed(log, {}, kNow);
  ASSERT_FALSE(followed.ok());
  EXPECT_THAT(followed.error().message, HasSubstr("rule 10"));
}

TEST_F(JudgeTest, EntriesThatNobodyUnderstandsAreTold) {
  Log log;
  log.Add("db", 1);
  log.AddRaw("something else\n");
  Leaf unlinked;
  unlinked.role = "db";
  unlinked.metadata = {2, 1, {}};
  log.AddRaw(FormatLeaf(unlinked).value());
  ASSERT_TRUE(Followed(log, {}, kNow).ok());
  ASSERT_EQ(alerts_.size(), 2u);
  EXPECT_THAT(alerts_[0].what, HasSubstr("entry 1"));
  EXPECT_THAT(alerts_[1].what, HasSubstr("entry 2: does not follow"));
}

TEST_F(JudgeTest, OfEntriesThatAreNotBelievedNothingIsTold) {
  Log log;
  log.AddRaw("something else\n");
  for (uint64_t i = 1; i <= 300; ++i) log.Add("db", i);
  const std::string note = log.Checkpoint({kNow, kNow, 0});
  std::erase_if(log.files(), [](const auto& file) {
    return file.first.find("entries/001") != std::string::npos;
  });
  Judge judge({}, trust_, kNow);
  ASSERT_FALSE(judge.Follow(note, log.Source()).ok());
  EXPECT_THAT(judge.alerts(), IsEmpty());
}

TEST_F(JudgeTest, AVersionThatIsLoggedASecondTimeIsToldAndNotBelieved) {
  Log log;
  log.Add("db", 2);
  log.Add("db", 2);
  const LogView view = Followed(log, {}, kNow).value();
  ASSERT_EQ(alerts_.size(), 1u);
  EXPECT_EQ(view.Find("db", 2)->index, 0u);
}

TEST_F(JudgeTest, AYearOfHourlyReleasesIsFollowedInSeconds) {
  Log log;
  for (uint64_t i = 1; i <= 8760; ++i) log.Add("db", i);
  const auto start = std::chrono::steady_clock::now();
  const LogView view = Followed(log, {}, kNow).value();
  const std::chrono::duration<double> took =
      std::chrono::steady_clock::now() - start;
  std::printf("8,760 entries: %.3f s\n", took.count());
  EXPECT_LT(took.count(), 5);
  EXPECT_EQ(view.Newest("db")->version, 8760u);
  EXPECT_THAT(alerts_, IsEmpty());
}

}  // namespace
}  // namespace vitrine::update
