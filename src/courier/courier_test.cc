// SPDX-License-Identifier: Apache-2.0
#include "courier/courier.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "courier/jobs.h"
#include "courier/ledger_log.h"
#include "courier/limits.h"
#include "courier/prepare.h"
#include "ledger/ledger_reader.h"

namespace vitrine::courier {
namespace {

namespace fs = std::filesystem;
using http::Outcome;
using std::chrono::milliseconds;
using Kind = wire::CourierResult::Kind;

// Answers by URL, one after the other; the last one stays.
class ScriptedClient : public http::Client {
 public:
  struct Step {
    Outcome outcome = Outcome::kDone;
    std::string body;
  };

  http::Answer Fetch(const http::Request& request,
                     http::BodyTaker& taker) override {
    asked.push_back(request.url.Text() +
                    (request.resume_from > 0
                         ? " from " + std::to_string(request.resume_from)
                         : ""));
    limits.push_back(request.body_max);
    auto& steps = script[request.url.Text()];
    http::Answer answer;
    answer.outcome = Outcome::kNotFound;
    if (steps.empty()) return answer;
    const Step step = steps.front();
    if (steps.size() > 1) steps.erase(steps.begin());
    answer.outcome = step.outcome;
    answer.detail = http::OutcomeName(step.outcome);
    if (!taker.Take(AsBytes(step.body))) answer.outcome = Outcome::kNotSent;
    return answer;
  }

  std::map<std::string, std::vector<Step>> script;
  std::vector<std::string> asked;
  std::vector<uint64_t> limits;
};

class CourierTest : public ::testing::Test {
 protected:
  CourierTest() {
    char name[] = "/tmp/courier.XXXXXX";
    root_ = mkdtemp(name);
    fs::create_directory(root_ / "staging");
    config_.mirrors = {"https://a/v/", "https://b/"};
  }
  ~CourierTest() override { fs::remove_all(root_); }

  std::vector<wire::CourierResult> Run(const wire::CourierJob& job) {
    auto staging = Staging::Open((root_ / "staging").string());
    EXPECT_TRUE(staging.ok());
    auto courier =
        Courier::Create(config_, client_, staging.value(),
                        [this](milliseconds time) { pauses_.push_back(time); });
    EXPECT_TRUE(courier.ok());
    std::vector<wire::CourierResult> results;
    EXPECT_TRUE(courier.value()
                    .Run(job,
                         [&](const wire::CourierResult& result) {
                           results.push_back(result);
                           return Ok();
                         })
                    .ok());
    return results;
  }
  wire::CourierResult Fetch(const std::string& name, bool immutable = false) {
    return Run({{}, {{name, 10'000'000, immutable}}})[0];
  }
  std::string Text(const std::string& name) {
    std::ostringstream text;
    text << std::ifstream(root_ / "staging" / name).rdbuf();
    return text.str();
  }

  fs::path root_;
  config::UpdateConfig config_;
  ScriptedClient client_;
  std::vector<milliseconds> pauses_;
};

TEST_F(CourierTest, LaysFilesIntoStagingUnderTheirName) {
  client_.script["https://a/v/tuf/1.root.json"] = {{Outcome::kDone, "{}"}};
  const auto result = Fetch("tuf/1.root.json");
  EXPECT_EQ(result.kind, Kind::kGot);
  EXPECT_EQ(result.size, 2u);
  EXPECT_EQ(result.mirror, 0u);
  EXPECT_EQ(Text("tuf/1.root.json"), "{}");
  EXPECT_TRUE(fs::is_empty(root_ / "staging/.parts"));
}

TEST_F(CourierTest, AsksTheNextMirrorAndStaysWithTheOneThatHasIt) {
  client_.script["https://a/v/x"] = {{Outcome::kTls, ""}};
  client_.script["https://b/x"] = {{Outcome::kDone, "x"}};
  client_.script["https://b/y"] = {{Outcome::kDone, "y"}};
  const auto results = Run({{}, {{"x", 10, false}, {"y", 10, false}}});
  EXPECT_EQ(results[0].mirror, 1u);
  EXPECT_EQ(client_.asked, (std::vector<std::string>{
                               "https://a/v/x", "https://b/x", "https://b/y"}));
  EXPECT_TRUE(pauses_.empty());
}

TEST_F(CourierTest, LeavesOutMirrorsToAvoid) {
  client_.script["https://a/v/x"] = {{Outcome::kDone, "lie"}};
  client_.script["https://b/x"] = {{Outcome::kDone, "x"}};
  EXPECT_EQ(Run({{0}, {{"x", 10, false}}})[0].mirror, 1u);
  EXPECT_EQ(Run({{0, 1}, {{"x", 10, false}}})[0].reason, "no-mirror");
  EXPECT_EQ(client_.asked, std::vector<std::string>{"https://b/x"});
}

TEST_F(CourierTest, BacksOffBetweenRoundsByChance) {
  config_.attempts = 4;
  client_.script["https://a/v/x"] = {{Outcome::kBusy, ""}};
  client_.script["https://b/x"] = {{Outcome::kUnreachable, ""}};
  const auto result = Fetch("x");
  EXPECT_EQ(result.kind, Kind::kFailed);
  EXPECT_EQ(result.reason, "unreachable");
  EXPECT_NE(result.detail.find("https://b: "), std::string::npos);
  EXPECT_EQ(client_.asked.size(), 8u);
  ASSERT_EQ(pauses_.size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    const milliseconds due = kBackOffLeast * (1 << i);
    EXPECT_GE(pauses_[i], due / 2);
    EXPECT_LE(pauses_[i], due);
  }
}

TEST_F(CourierTest, DoesNotComeBackForWhatWillNotPass) {
  for (const Outcome outcome :
       {Outcome::kTooLarge, Outcome::kTls, Outcome::kProtocol,
        Outcome::kRefused, Outcome::kRedirect, Outcome::kBadStatus}) {
    client_.script["https://a/v/x"] = {{outcome, ""}};
    client_.script["https://b/x"] = {{outcome, ""}};
    EXPECT_EQ(Fetch("x").reason, http::OutcomeName(outcome));
  }
  EXPECT_TRUE(pauses_.empty());
}

TEST_F(CourierTest, OneMirrorThatDoesNotHaveItIsEnough) {
  client_.script["https://b/x"] = {{Outcome::kUnreachable, ""}};
  EXPECT_EQ(Fetch("x").kind, Kind::kMissing);
  EXPECT_TRUE(pauses_.empty());
}

TEST_F(CourierTest, SendsNothingMoreWhenTheLedgerRefuses) {
  client_.script["https://a/v/x"] = {{Outcome::kNotSent, ""}};
  client_.script["https://b/x"] = {{Outcome::kDone, "x"}};
  EXPECT_EQ(Fetch("x").reason, "not-sent");
  EXPECT_EQ(client_.asked.size(), 1u);
}

TEST_F(CourierTest, GoesOnFromAWholeStepOfTheSameMirror) {
  const std::string half(kResumeStep + 5, 'a');
  const std::string rest(100, 'b');
  config_.attempts = 2;
  client_.script["https://a/v/x"] = {{Outcome::kTruncated, half},
                                     {Outcome::kDone, rest}};
  client_.script["https://b/x"] = {{Outcome::kUnreachable, ""}};
  const auto result = Fetch("x", true);
  EXPECT_EQ(result.kind, Kind::kGot);
  EXPECT_EQ(result.size, kResumeStep + 100);
  EXPECT_EQ(Text("x"), std::string(kResumeStep, 'a') + rest);
  EXPECT_EQ(client_.asked,
            (std::vector<std::string>{"https://a/v/x", "https://b/x",
                                      "https://a/v/x from 1048576"}));
  EXPECT_EQ(client_.limits[2], 10'000'000 - kResumeStep);
}

TEST_F(CourierTest, GoesOnInALaterJobAndStartsAnewWhereItCannot) {
  config_.attempts = 1;
  config_.mirrors = {"https://a/v/"};
  client_.script["https://a/v/x"] = {
      {Outcome::kTimeout, std::string(kResumeStep, 'a')},
      {Outcome::kNoResume, ""},
      {Outcome::kDone, "whole"}};
  EXPECT_EQ(Fetch("x", true).reason, "timeout");
  EXPECT_EQ(Fetch("x", true).kind, Kind::kGot);
  EXPECT_EQ(Text("x"), "whole");
}

TEST_F(CourierTest, NeverGoesOnWithWhatMayChange) {
  config_.attempts = 2;
  config_.mirrors = {"https://a/v/"};
  client_.script["https://a/v/x"] = {
      {Outcome::kTruncated, std::string(kResumeStep, 'a')},
      {Outcome::kDone, "new"}};
  EXPECT_EQ(Fetch("x").size, 3u);
  EXPECT_EQ(client_.asked[1], "https://a/v/x");
}

TEST_F(CourierTest, HoldsAJobToItsBytes) {
  config_.job_max_mb = 1;
  client_.script["https://a/v/x"] = {
      {Outcome::kDone, std::string(1 << 20, 'x')}};
  client_.script["https://a/v/y"] = {{Outcome::kDone, "y"}};
  const auto results = Run({{}, {{"x", UINT64_MAX, false}, {"y", 10, false}}});
  EXPECT_EQ(client_.limits, std::vector<uint64_t>{1 << 20});
  EXPECT_EQ(results[1].reason, "too-large");
}

TEST_F(CourierTest, FollowsNoLinkInItsFolder) {
  fs::create_directory(root_ / "elsewhere");
  fs::create_symlink(root_ / "elsewhere", root_ / "staging/tuf");
  client_.script["https://a/v/tuf/x"] = {{Outcome::kDone, "x"}};
  EXPECT_EQ(Fetch("tuf/x").reason, "not-kept");
  EXPECT_TRUE(fs::is_empty(root_ / "elsewhere"));
}

TEST_F(CourierTest, ServesJobsUntilNoneComes) {
  client_.script["https://a/v/x"] = {{Outcome::kDone, "x"}};
  const auto answer = [this](const std::string& text, Code* code) {
    int in[2];
    int out[2];
    EXPECT_EQ(pipe(in), 0);
    EXPECT_EQ(pipe(out), 0);
    EXPECT_EQ(write(in[1], text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
    close(in[1]);
    auto staging = Staging::Open((root_ / "staging").string());
    auto courier =
        Courier::Create(config_, client_, staging.value(), [](milliseconds) {});
    const Status status = ServeJobs(in[0], out[1], courier.value());
    if (!status.ok()) *code = status.error().code;
    close(out[1]);
    std::string said(4096, '\0');
    said.resize(static_cast<size_t>(read(out[0], said.data(), said.size())));
    close(in[0]);
    close(out[0]);
    return said;
  };
  const std::string job = "vitrine-courier 1\nfetch x 10 fresh\nend\n";
  Code code = Code::kInternal;
  EXPECT_EQ(answer(job + job, &code), "got x 1 0\nend\ngot x 1 0\nend\n");
  EXPECT_EQ(code, Code::kInternal);
  EXPECT_EQ(answer("vitrine-courier 1\nfetch x", &code), "");
  EXPECT_EQ(code, Code::kTruncated);
  EXPECT_EQ(answer("GET / HTTP/1.1\n", &code), "");
  EXPECT_EQ(code, Code::kInvalid);
  EXPECT_EQ(answer(std::string(5000, 'x'), &code), "");
  EXPECT_EQ(code, Code::kInvalid);
}

TEST_F(CourierTest, TheLedgerHasItBeforeItIsSent) {
  auto ledger = ledger::Ledger::Open({.folder = (root_ / "ledger").string()});
  ASSERT_TRUE(ledger.ok());
  LedgerLog log(*ledger.value(), "update");
  const auto number = log.Sending(
      {"https://a", "proxy:1", "GET", "/x", AsBytes("GET /x HTTP/1.1\r\n")});
  ledger::LedgerReader reader((root_ / "ledger").string());
  const auto record = reader.Next().value();
  ASSERT_TRUE(record);
  EXPECT_EQ(record->number, number.value());
  EXPECT_EQ(record->request.reason, "update");
  EXPECT_EQ(AsText(record->request.bytes), "GET /x HTTP/1.1\r\n");
  http::Answer answer;
  answer.outcome = Outcome::kNotFound;
  answer.status = 404;
  log.Ended(number.value(), answer);
  EXPECT_EQ(reader.Next().value()->result.outcome, "not-found");
}

TEST(Prepare, KnowsTheNameServices) {
  EXPECT_EQ(
      HostServices("passwd: files sss\n"
                   "hosts:  files mdns4_minimal [NOTFOUND=return] "
                   "resolve [ !UNAVAIL=return ] dns # myhostname\n"),
      (std::vector<std::string>{"files", "mdns4_minimal", "resolve", "dns"}));
  EXPECT_TRUE(HostServices("hosts: ../../evil a/b\n").empty());
}

}  // namespace
}  // namespace vitrine::courier
