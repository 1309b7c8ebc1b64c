// SPDX-License-Identifier: Apache-2.0
#include "update/fetch/courier_client.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/read_file.h"

namespace vitrine::update {
namespace {

namespace fs = std::filesystem;

// Programs that say what a courier should not, and one that does well.
class CourierClientTest : public ::testing::Test {
 protected:
  CourierClientTest() {
    char name[] = "/tmp/courier-client.XXXXXX";
    root_ = mkdtemp(name);
    fs::create_directories(root_ / "staging/metadata");
    fs::create_directories(root_ / "staging/targets");
  }
  ~CourierClientTest() override { fs::remove_all(root_); }

  std::unique_ptr<CourierClient> Start(const std::string& script) {
    const std::string program = (root_ / "courier").string();
    std::ofstream(program) << "#!/bin/sh\n" << script << "\n";
    fs::permissions(program, fs::perms(0755));
    auto started = CourierClient::Start(
        {program, (root_ / "root").string(), (root_ / "staging").string()});
    EXPECT_TRUE(started.ok());
    return std::move(started).value();
  }
  // Reads a job of one file, then says `answer`.
  std::unique_ptr<CourierClient> Says(const std::string& answer) {
    return Start("while read a b; do [ \"$a\" = end ] && printf '" + answer +
                 "'; done");
  }
  static Result<std::vector<wire::CourierResult>> Ask(CourierClient& client) {
    return client.Run({{}, {{"metadata/x", 10, false}}},
                      Deadline::After(std::chrono::seconds(10)));
  }

  fs::path root_;
};

TEST_F(CourierClientTest, GivesJobsAndTakesResults) {
  const auto client = Says("got metadata/x 5 1\\nend\\n");
  for (int i = 0; i < 2; ++i) {
    const auto results = Ask(*client);
    ASSERT_TRUE(results.ok()) << results.error().message;
    EXPECT_EQ(results.value()[0].size, 5u);
  }
  EXPECT_EQ(
      client->Run({{}, {{"../x", 1, false}}}, Deadline::Never()).error().code,
      Code::kInvalid);
}

TEST_F(CourierClientTest, BelievesNoOtherAnswer) {
  for (const char* answer :
       {"end\\n", "got metadata/y 5 0\\nend\\n", "got metadata/x 11 0\\nend\\n",
        "got metadata/x 1 0\\ngot metadata/x 1 0\\nend\\n", "hello\\n"}) {
    const auto client = Says(answer);
    EXPECT_EQ(Ask(*client).error().code, Code::kInvalid) << answer;
    EXPECT_EQ(Ask(*client).error().code, Code::kUnavailable);
  }
  EXPECT_EQ(Ask(*Start("yes | tr -d '\\n'")).error().code, Code::kInvalid);
}

TEST_F(CourierClientTest, OutlivesACourierThatEndsOrHangs) {
  EXPECT_EQ(Ask(*Start("exit 1")).error().code, Code::kUnavailable);
  const auto client = Start("exec sleep 100");
  EXPECT_EQ(client
                ->Run({{}, {{"metadata/x", 10, false}}},
                      Deadline::After(std::chrono::milliseconds(50)))
                .error()
                .code,
            Code::kDeadline);
  EXPECT_EQ(CourierClient::Start({"/nonexistent", "", ""}).error().code,
            Code::kNotFound);
}

TEST_F(CourierClientTest, OpensFilesOnlyAndFollowsNothing) {
  const auto client = Start("exit 0");
  const fs::path staging = root_ / "staging";
  std::ofstream(staging / "metadata/x") << "hello";
  std::ofstream(root_ / "secret") << "secret";
  const UniqueFd file = client->TakeStaged("metadata/x", 5).value();
  EXPECT_EQ(AsText(ReadFile(file.get(), 5, "x").value()), "hello");
  EXPECT_FALSE(fs::exists(staging / "metadata/x"));
  std::ofstream(staging / "metadata/x") << "hello";
  EXPECT_EQ(client->TakeStaged("metadata/x", 4).error().code, Code::kLimit);
  EXPECT_EQ(client->TakeStaged("metadata/y", 4).error().code, Code::kNotFound);
  fs::create_symlink(root_ / "secret", staging / "link");
  fs::create_directory_symlink(root_, staging / "folder");
  ASSERT_EQ(mkfifo((staging / "pipe").c_str(), 0600), 0);
  for (const char* name :
       {"link", "folder/secret", "metadata", "../secret", "pipe"}) {
    EXPECT_FALSE(client->TakeStaged(name, 100).ok()) << name;
  }
}

TEST_F(CourierClientTest, StartsTheRealOne) {
  fs::create_directories(root_ / "root/var/lib/vitrine");
  fs::permissions(root_, fs::perms(0755));
  auto started = CourierClient::Start(
      {VITRINE_BINARY_DIR "/bin/vitrine-courier", (root_ / "root").string(),
       (root_ / "root/var/lib/vitrine/staging").string()});
  ASSERT_TRUE(started.ok());
  const auto results = Ask(*started.value());
  ASSERT_TRUE(results.ok()) << results.error().message;
  EXPECT_EQ(results.value()[0].reason, "no-mirror");
}

}  // namespace
}  // namespace vitrine::update
