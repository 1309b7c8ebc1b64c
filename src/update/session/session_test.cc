// SPDX-License-Identifier: Apache-2.0
#include "update/session/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tlog/test_keys.h"

namespace vitrine::update {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// Updates by a verifier that says what it likes.
class SessionTest : public testing::Test {
 protected:
  SessionTest() {
    std::string pattern = testing::TempDir() + "sessionXXXXXX";
    root_ = mkdtemp(pattern.data());
    fs::permissions(root_, fs::perms(0755));
    options_.paths = config::Paths(root_);
    options_.bundle = root_ + "/bundle";
    options_.verifier = root_ + "/verifier";
    fs::copy_file(VITRINE_BINARY_DIR "/bin/vitrine-verifier-lying",
                  options_.verifier);
    auto state = UpdateState::Open(options_.paths);
    EXPECT_TRUE(state.ok());
    state_ = std::make_unique<UpdateState>(std::move(state).value());
    std::ofstream(state_->TrustFile())
        << "vitrine/trust/v1\nroot 1 sha256:" << std::string(64, 'a')
        << "\nmax-stale 86400\npolicy\nlog "
        << tlog::TestLog().verifier().Text() << "\nquorum none\n";
  }
  ~SessionTest() override { fs::remove_all(root_); }

  // A database in use.
  void Use(uint64_t release) {
    ASSERT_TRUE(state_->MakeRoom(1).ok());
    ASSERT_TRUE(state_->Keep("held", AsBytes("db 1\n")).ok());
    ASSERT_TRUE(state_->Activate("main", release).ok());
  }

  // The end of an update whose verifier posts these letters.
  Error Ends(const std::string& letters) {
    std::ofstream(options_.verifier + ".letters") << letters;
    result_ = {};
    const Status done = RunSession(*state_, options_, result_);
    EXPECT_FALSE(done.ok());
    return done.ok() ? Error{Code::kInternal, "taken"} : done.error();
  }

  std::string root_;
  SessionOptions options_;
  std::unique_ptr<UpdateState> state_;
  SessionResult result_;
};

TEST_F(SessionTest, TakesNoReleaseThatItDidNotAskFor) {
  Use(3);
  for (const char* release : {"2", "3"}) {
    const Error error =
        Ends(std::string("verdict taken ") + release + " 0 1 1 full\n");
    EXPECT_EQ(error.code, Code::kDenied);
    EXPECT_THAT(error.message, HasSubstr("rule 8 (no way back)"));
  }
  options_.pin = 2;
  EXPECT_THAT(Ends("verdict taken 4 0 1 1 full\n").message,
              HasSubstr("rule 8 (no way back)"));
  options_.pin = 0;
  options_.look = true;
  EXPECT_EQ(Ends("verdict taken 4 0 1 1 full\n").code, Code::kInvalid);
  EXPECT_EQ(state_->Active()->release, 3u);
}

TEST_F(SessionTest, HearsSoMuchAndNoMore) {
  std::string letters;
  for (int i = 0; i < 100; ++i) {
    letters += "alert\t" + std::to_string(i) + std::string(5000, '\x01') + '\n';
  }
  const Error error =
      Ends(letters + "refused denied\t" + std::string(20'000, 'x') + '\n');
  EXPECT_EQ(error.code, Code::kDenied);
  EXPECT_EQ(error.message, std::string(4096, 'x'));
  ASSERT_EQ(result_.alerts.size(), 80u);
  for (const std::string& alert : result_.alerts) {
    EXPECT_LE(alert.size(), 4 * 1024u);  // Each byte is spelled by four.
  }
}

TEST_F(SessionTest, HandsOutAndKeepsSoMuchAndNoMore) {
  const std::string large = '\t' + std::string((5 << 20) + 1, 'x') + '\n';
  const std::string letters[] = {"room 1073741825\n",
                                 "room x\n",
                                 "load choice\n",
                                 "load metadata/../trust\n",
                                 "keep vdb\n",
                                 "open it\n",
                                 "want metadata/x 536870913 fresh\n",
                                 "evidence" + large,
                                 "save log-view" + large,
                                 "save metadata/db.json" + large};
  for (const std::string& letter : letters) {
    const Error error = Ends(letter);
    EXPECT_EQ(error.code, Code::kInvalid);
    EXPECT_THAT(error.message, HasSubstr("asked for what it may not"));
  }
  EXPECT_TRUE(fs::is_empty(state_->Folder() + "/evidence"));
  EXPECT_TRUE(fs::is_empty(state_->Folder() + "/metadata"));
}

TEST_F(SessionTest, SavesMetadataOfSoManyRolesAndNoMore) {
  std::string letters;
  for (int i = 0; i < 200; ++i) {
    letters += "save metadata/r" + std::to_string(i) + ".json\tx\n";
  }
  EXPECT_EQ(Ends(letters).code, Code::kLimit);
  const fs::directory_iterator files(state_->Folder() + "/metadata");
  EXPECT_EQ(std::distance(files, {}), 128);
  // One that is there is saved still.
  EXPECT_EQ(Ends("save metadata/r0.json\ty\nrefused denied\tno\n").message,
            "no");
}

}  // namespace
}  // namespace vitrine::update
