// SPDX-License-Identifier: Apache-2.0
// `vitrine quarantine` and `vitrine events` over an installation of their own.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/text.h"
#include "cli/commands.h"
#include "config/paths.h"
#include "events/store/recorder.h"
#include "quarantine/store.h"
#include "quarantine/trusted.h"

namespace vitrine::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using Verb = QuarantineArguments::Verb;

class RecordsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string folder = testing::TempDir() + "records.XXXXXX";
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    root_ = fs::canonical(folder);
    paths_ = config::Paths(root_.string());
    fs::create_directories(paths_.State());
    file_ = (root_ / "bad\x1b[31m.exe").string();
    std::ofstream(file_) << "MARKER";
    auto store = quarantine::Store::Open(
                     {paths_.Quarantine(), paths_.QuarantineKey(), 0, {}})
                     .value();
    const UniqueFd file(open(file_.c_str(), O_RDONLY | O_CLOEXEC));
    quarantine::Subject subject;
    subject.file = file.get();
    subject.rules = {"Marker"};
    const auto taken = store.Take(subject);
    ASSERT_TRUE(taken.ok()) << taken.error().message;
    id_ = ToHex(taken.value().item.id);
  }
  void TearDown() override { fs::remove_all(root_); }

  // What the command prints; its status is in status_.
  std::string Run(QuarantineArguments arguments) {
    arguments.root = root_.string();
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    status_ = RunQuarantine(arguments);
    error_ = testing::internal::GetCapturedStderr();
    return testing::internal::GetCapturedStdout();
  }
  std::string Events(EventsArguments arguments) {
    arguments.root = root_.string();
    fs::create_directories(root_ / "var/lib/vitrine/events");
    events::Recorder recorder(
        {paths_.EventSpool(), "", 0, 0},
        events::EventStore::Open(paths_.EventStore(), db::Mode::kReadWrite)
            .value());
    EXPECT_TRUE(recorder.Round().ok());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    status_ = RunEvents(arguments);
    error_ = testing::internal::GetCapturedStderr();
    return testing::internal::GetCapturedStdout();
  }
  QuarantineArguments On(Verb verb) const {
    QuarantineArguments arguments;
    arguments.verb = verb;
    arguments.items = {id_.substr(0, 8)};
    return arguments;
  }

  fs::path root_;
  config::Paths paths_;
  std::string file_;
  std::string id_;
  std::string error_;
  int status_ = -1;
};

TEST_F(RecordsTest, ListsItemsWithoutWhatATerminalObeys) {
  const std::string text = Run({});
  EXPECT_EQ(status_, 0);
  EXPECT_THAT(text, HasSubstr(id_.substr(0, 12)));
  EXPECT_THAT(text, HasSubstr("Marker"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  QuarantineArguments json;
  json.json = true;
  EXPECT_THAT(Run(json), HasSubstr("\"id\":\"" + id_ + "\""));
}

TEST_F(RecordsTest, RestoresTrustsAndTellsOfIt) {
  Run(On(Verb::kRestore));
  EXPECT_EQ(status_, 0) << error_;
  EXPECT_EQ(fs::file_size(file_), 6u);
  const auto trusted = quarantine::Trusted::Load(paths_.Trusted()).value();
  EXPECT_TRUE(trusted.Covers(crypto::Sha256(AsBytes("MARKER")), 6, {"Any"}));
  EventsArguments restored;
  restored.event_class = "file-remediation";
  EXPECT_THAT(Events(restored), HasSubstr("Restored"));
  EventsArguments json;
  json.json = true;
  EXPECT_THAT(Events(json), HasSubstr("\"reason\":\"trusted\""));
  EXPECT_EQ(Run({}), "0 items, 0 bytes\n");
}

TEST_F(RecordsTest, RestoresWithoutTrustWhenTold) {
  QuarantineArguments arguments = On(Verb::kRestore);
  arguments.no_trust = true;
  Run(arguments);
  EXPECT_EQ(status_, 0);
  EXPECT_FALSE(fs::exists(paths_.Trusted()));
}

TEST_F(RecordsTest, ExportsNeverOverAFile) {
  QuarantineArguments arguments = On(Verb::kExport);
  arguments.to = (root_ / "out").string();
  Run(arguments);
  EXPECT_EQ(status_, 0) << error_;
  EXPECT_EQ(fs::file_size(root_ / "out"), 6u);
  Run(arguments);
  EXPECT_EQ(status_, 2);
  EXPECT_THAT(error_, HasSubstr("File exists"));
}

TEST_F(RecordsTest, DeletesAndRefusesWhatIsNotThere) {
  Run(On(Verb::kDelete));
  EXPECT_EQ(status_, 0);
  Run(On(Verb::kDelete));
  EXPECT_EQ(status_, 2);
  EXPECT_THAT(error_, HasSubstr("no item in quarantine"));
  EXPECT_FALSE(fs::exists(file_));
}

TEST_F(RecordsTest, TrustsAFileByItsContentForSomeRules) {
  const std::string path = (root_ / "good").string();
  std::ofstream(path) << "good";
  QuarantineArguments arguments;
  arguments.verb = Verb::kTrust;
  arguments.items = {path};
  arguments.rules = "Heuristics.*";
  Run(arguments);
  EXPECT_EQ(status_, 0) << error_;
  const auto trusted = quarantine::Trusted::Load(paths_.Trusted()).value();
  const auto digest = crypto::Sha256(AsBytes("good"));
  EXPECT_TRUE(trusted.Covers(digest, 4, {"Heuristics.A"}));
  EXPECT_FALSE(trusted.Covers(digest, 4, {"Win.A"}));
}

TEST_F(RecordsTest, EventsRefusesWhatItCannotRead) {
  EventsArguments arguments;
  arguments.since = "yesterday";
  Events(arguments);
  EXPECT_EQ(status_, 2);
  EXPECT_THAT(error_, HasSubstr("--since: not a time"));
  arguments = {};
  arguments.verdict = "bad";
  Events(arguments);
  EXPECT_EQ(status_, 2);
}

}  // namespace
}  // namespace vitrine::cli
