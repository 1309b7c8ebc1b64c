// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "machine.h"

namespace vitrine {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

TEST_F(UpdateTest, TakesProvesAndFindsNothingNew) {
  TakeFirst();
  EXPECT_TRUE(Finds("alpha"));
  const auto [proof, status] = Vitrine("update prove");
  EXPECT_EQ(status, 0) << proof;
  EXPECT_THAT(proof, HasSubstr("main-1 is proven"));
  EXPECT_THAT(proof, HasSubstr("witness   w1"));
  const auto [again, none] = Vitrine("update");
  EXPECT_EQ(none, 0);
  EXPECT_THAT(again, HasSubstr("main-1 is in use and the one to use"));
}

TEST_F(UpdateTest, TakesTheNextByADelta) {
  TakeFirst();
  const std::string second = Database("beta");
  publisher_.Release(2, second);
  Publish();
  const auto [looked, looking] = Vitrine("update --check");
  EXPECT_EQ(looking, 0);
  EXPECT_THAT(looked, HasSubstr("main-2 is offered"));
  EXPECT_TRUE(Finds("alpha"));
  const auto [text, status] = Vitrine("update");
  EXPECT_EQ(status, 0) << text;
  EXPECT_THAT(text, HasSubstr("as a delta"));
  EXPECT_TRUE(Active() == second);
  // Of what was fetched nothing is left.
  const fs::path staging = State() / "staging";
  for (const auto& each : fs::recursive_directory_iterator(staging)) {
    EXPECT_TRUE(each.is_directory()) << each.path();
  }
}

TEST_F(UpdateTest, GoesBackHoldsAndFollows) {
  TakeFirst();
  publisher_.Release(2, Database("beta"));
  Publish();
  ASSERT_EQ(Vitrine("update").second, 0);
  EXPECT_TRUE(Finds("beta"));
  EXPECT_EQ(Vitrine("update --rollback 1").second, 0);
  EXPECT_TRUE(Finds("alpha"));
  EXPECT_THAT(Vitrine("update").first, HasSubstr("main-1 is in use"));
  EXPECT_EQ(Vitrine("update --hold").second, 0);
  EXPECT_EQ(Vitrine("update").second, 2);
  EXPECT_EQ(Vitrine("update --follow").second, 0);
  EXPECT_TRUE(Finds("beta"));
  EXPECT_EQ(Vitrine("update --rollback 9").second, 2);
}

TEST_F(UpdateTest, FilesThatItIsNotTriedOnAreTold) {
  const fs::path folder = root_ / "etc/vitrine/known-good";
  std::ofstream(folder / "long") << "text";
  fs::resize_file(folder / "long", (64 << 20) + 1);
  publisher_.Release(1, Database("alpha"));
  Publish();
  Trust();
  const auto [text, status] = Vitrine("update");
  EXPECT_EQ(status, 0) << text;
  EXPECT_THAT(text, HasSubstr("not tried on"));
  EXPECT_THAT(text,
              HasSubstr(": 1, the first is " + (folder / "long").string()));
}

TEST_F(UpdateTest, AChoiceThatCannotBeReadIsNotNone) {
  TakeFirst();
  publisher_.Release(2, Database("beta"));
  Publish();
  const fs::path choice = State() / "update/choice";
  fs::create_directory(choice);
  ExpectRefused("choice");
  fs::remove(choice);
  for (const char* text : {"", "keep\n", "pin x\n", "pin 0\n"}) {
    std::ofstream(choice) << text;
    ExpectRefused("neither hold nor pin");
  }
  EXPECT_EQ(Vitrine("update --follow").second, 0);
  EXPECT_TRUE(Finds("beta"));
}

TEST_F(UpdateTest, ReleasesOfAnotherChannelAreOtherNumbers) {
  TakeFirst();
  publisher_.Release(1, Database("beta"), "other");
  publisher_.Release(2, Database("gamma"), "other");
  Publish();
  EXPECT_THAT(Vitrine("update --channel other --pin 1").first,
              HasSubstr("other-1 is in use: entry"));
  EXPECT_TRUE(Finds("beta"));
  EXPECT_EQ(Vitrine("update --rollback 2 --channel other").second, 2);
  EXPECT_EQ(Vitrine("update --rollback 1").second, 0);
  EXPECT_TRUE(Finds("alpha"));
  EXPECT_EQ(Vitrine("update --rollback 1 --channel other").second, 0);
  EXPECT_TRUE(Finds("beta"));
  // What is newest there is older here.
  EXPECT_EQ(Vitrine("update --follow --channel other").second, 0);
  EXPECT_TRUE(Finds("gamma"));
  EXPECT_EQ(Vitrine("update").second, 0);
  EXPECT_TRUE(Finds("alpha"));
}

TEST_F(UpdateTest, TakesABundleWithoutANetwork) {
  publisher_.Release(1, Database("alpha"));
  std::ofstream(root_ / "trust.txt") << publisher_.Trust();
  ASSERT_EQ(Vitrine("trust init " + (root_ / "trust.txt").string()).second, 0);
  std::ofstream(root_ / "bundle") << publisher_.Bundle({Now(), Now(), 0});
  const auto [text, status] =
      Vitrine("update --from " + (root_ / "bundle").string());
  EXPECT_EQ(status, 0) << text;
  EXPECT_TRUE(Finds("alpha"));
  EXPECT_FALSE(std::filesystem::exists(State() / "ledger"));
}

TEST_F(UpdateTest, AFirstUpdateGoesByEarlierCheckpoints) {
  std::string trust = publisher_.Trust(900);
  const std::string line = "min-age targets 0";
  trust.replace(trust.find(line), line.size(), "min-age targets 259200");
  std::ofstream(root_ / "trust.txt") << trust;
  ASSERT_EQ(Vitrine("trust init " + (root_ / "trust.txt").string()).second, 0);
  const auto at = [](uint64_t time) { return std::vector{time, time}; };
  const std::string earliest = publisher_.Checkpoint(at(Now() - 260000));
  publisher_.Release(1, Database("alpha"));
  const std::string earlier = publisher_.Checkpoint(at(Now() - 1000));
  Publish();
  // As one that has not seen the log before.
  const auto first = [this] {
    fs::remove(State() / "update/log-view");
    return Vitrine("update");
  };
  EXPECT_THAT(first().first, HasSubstr("targets version 1 has been public"));
  std::ofstream(root_ / "site/log/checkpoint.earliest") << earliest;
  EXPECT_THAT(first().first, HasSubstr("db version 1 has been public"));
  std::ofstream(root_ / "site/log/checkpoint.earlier") << earlier;
  const auto [text, status] = first();
  EXPECT_EQ(status, 0) << text;
  EXPECT_TRUE(Finds("alpha"));
}

TEST_F(UpdateTest, KeepsTheLastFive) {
  TakeFirst();
  for (uint64_t i = 2; i <= 7; ++i) {
    publisher_.Release(i, Database("word" + std::to_string(i)));
    Publish();
    const auto [text, status] = Vitrine("update");
    ASSERT_EQ(status, 0) << text;
  }
  EXPECT_FALSE(std::filesystem::exists(State() / "update/databases/main-2"));
  EXPECT_TRUE(std::filesystem::exists(State() / "update/databases/main-3"));
  EXPECT_TRUE(Finds("word7"));
}

TEST_F(UpdateTest, AnotherPublishersNumbersAreOtherNumbers) {
  TakeFirst();
  for (uint64_t i = 2; i <= 3; ++i) {
    publisher_.Release(i, Database("beta"));
    Publish();
    ASSERT_EQ(Vitrine("update").second, 0);
  }
  publisher_ = TestPublisher(1);
  publisher_.Release(2, Database("gamma"));
  Publish();
  std::ofstream(root_ / "other.txt") << publisher_.Trust();
  const std::string init =
      "trust init --replace " + (root_ / "other.txt").string();
  ASSERT_EQ(Vitrine(init).second, 0);
  const auto [text, status] = Vitrine("update");
  EXPECT_EQ(status, 0) << text;
  EXPECT_TRUE(Finds("gamma"));
}

TEST_F(UpdateTest, TheTrustFileOnlyBecomesStricter) {
  TakeFirst();
  std::string looser = publisher_.Trust();
  looser.replace(looser.find("g 2"), 3, "g 1");
  std::ofstream(root_ / "looser.txt") << looser;
  const auto [text, status] =
      Vitrine("trust tighten " + (root_ / "looser.txt").string());
  EXPECT_EQ(status, 2);
  EXPECT_THAT(text, HasSubstr("enough now, and not before"));
  // One's own witness, which has not cosigned yet.
  const auto [added, adding] =
      Vitrine("trust add own " + tlog::TestWitness(7).verifier().Text());
  EXPECT_EQ(adding, 0) << added;
  publisher_.Release(2, Database("beta"));
  Publish();
  ExpectRefused("rule 3 (witnesses)");
  EXPECT_EQ(Vitrine("trust init " + (root_ / "trust.txt").string()).second, 2);
}

}  // namespace
}  // namespace vitrine
