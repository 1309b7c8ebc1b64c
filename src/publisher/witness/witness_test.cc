// SPDX-License-Identifier: Apache-2.0
#include "publisher/witness/witness.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/text.h"
#include "crypto/digest.h"
#include "http/client.h"
#include "publisher/witness/watched_logs.h"
#include "tlog/test_keys.h"
#include "tlog/test_tree.h"

namespace vitrine::publisher {
namespace {

namespace fs = std::filesystem;
using Step = Witness::Step;

constexpr uint64_t kNow = 1'790'000'000;

// Two histories of one log: the second has another last entry.
std::vector<tlog::Hash> Leaves(uint64_t size, bool fork) {
  auto leaves = tlog::TestLeaves(size);
  if (fork && size > 0) leaves[size - 1] = tlog::LeafHash(AsBytes("other"));
  return leaves;
}

std::string Request(uint64_t old_size, uint64_t size, bool fork = false) {
  const auto leaves = Leaves(size, fork);
  tlog::AddCheckpoint request;
  request.old_size = old_size;
  request.checkpoint = tlog::FormatNote(
      tlog::SignedCheckpoint(size, tlog::PlainHash(leaves, 0, size)));
  if (old_size > 0 && old_size < size) {
    request.proof =
        tlog::ProveConsistency(old_size, size, tlog::PlainNodes(leaves))
            .value();
  }
  return tlog::FormatAddCheckpoint(request);
}

class WitnessTest : public ::testing::Test {
 protected:
  WitnessTest() {
    char name[] = "/tmp/witness.XXXXXX";
    root_ = mkdtemp(name);
    options_.folder = (root_ / "w").string();
    options_.clock = [this] { return now_; };
  }
  ~WitnessTest() override { fs::remove_all(root_); }

  Result<std::unique_ptr<Witness>> Open() {
    auto logs = ParseWatchedLogs(tlog::TestLog().verifier().Text() + "\n");
    return Witness::Open(options_, tlog::TestWitness(1),
                         std::move(logs).value());
  }
  std::unique_ptr<Witness> Opened() {
    auto opened = Open();
    EXPECT_TRUE(opened.ok()) << opened.error().message;
    return std::move(opened).value();
  }
  // Whether the answer is our cosignature of what was asked.
  static bool Cosigns(const http::Reply& reply, const std::string& request) {
    if (reply.status != 200) return false;
    auto note =
        tlog::ParseNote(tlog::ParseAddCheckpoint(request).value().checkpoint);
    const auto time = tlog::TakeCosignature(
        reply.body, tlog::TestWitness(1).verifier(), note.value());
    return time.ok() && time.value() == kNow;
  }
  std::string StatePath() const {
    return options_.folder + "/state/" +
           ToHex(crypto::Sha256(AsBytes("updates.example.org/log1")));
  }

  fs::path root_;
  Witness::Options options_;
  uint64_t now_ = kNow;
};

TEST_F(WitnessTest, CosignsAHistoryThatGrows) {
  const auto witness = Opened();
  uint64_t old_size = 0;
  for (const uint64_t size : {0u, 1u, 1u, 5u, 5u, 300u}) {
    const std::string request = Request(old_size, size);
    EXPECT_TRUE(Cosigns(witness->AddCheckpoint(request), request)) << size;
    old_size = size;
  }
}

TEST_F(WitnessTest, AnswersAsTheSpecificationSays) {
  const auto witness = Opened();
  const auto status = [&](const std::string& body) {
    return witness->AddCheckpoint(body).status;
  };
  ASSERT_EQ(status(Request(0, 5)), 200);
  // Not a request; one that goes backwards.
  EXPECT_EQ(status(""), 400);
  EXPECT_EQ(status("old 5\n\nnonsense"), 400);
  EXPECT_EQ(status("old 05" + Request(5, 7).substr(5)), 400);
  EXPECT_EQ(status("old 9" + Request(5, 7).substr(5)), 400);
  // Another size was cosigned last.
  const http::Reply conflict = witness->AddCheckpoint(Request(3, 7));
  EXPECT_EQ(conflict.status, 409);
  EXPECT_EQ(conflict.content_type, "text/x.tlog.size");
  EXPECT_EQ(conflict.body, "5\n");
  EXPECT_EQ(status(Request(0, 5)), 409);
  // The same size with another root; a tree that is no continuation.
  EXPECT_EQ(status(Request(5, 5, true)), 422);
  std::string wrong = Request(5, 7);
  const std::string other = Request(4, 7);
  const auto proof_of = [](const std::string& request) {
    return request.substr(6, request.find("\n\n") - 6);
  };
  wrong.replace(6, proof_of(wrong).size(), proof_of(other));
  EXPECT_EQ(status(wrong), 422);
  // A log that is not known; a checkpoint that it has not signed.
  tlog::Note note;
  note.text = tlog::FormatCheckpoint({"example.org/other", 1, {}, {}});
  note.signatures = {tlog::TestLog().Sign(note.text)};
  EXPECT_EQ(status("old 0\n\n" + tlog::FormatNote(note)), 404);
  note = tlog::SignedCheckpoint(7, {});
  note.signatures = {
      tlog::TestSigner("updates.example.org/log1", tlog::KeyKind::kLog, 9)
          .Sign(note.text)};
  EXPECT_EQ(status("old 5\n\n" + tlog::FormatNote(note)), 403);
  note = tlog::SignedCheckpoint(7, {});
  note.signatures[0].bytes[0] ^= 1;
  EXPECT_EQ(status("old 5\n\n" + tlog::FormatNote(note)), 403);
  // None of this has moved it.
  EXPECT_EQ(status(Request(5, 7)), 200);
}

TEST_F(WitnessTest, AnEmptyTreeIsEmpty) {
  tlog::Note note = tlog::SignedCheckpoint(0, tlog::LeafHash({}));
  EXPECT_EQ(
      Opened()->AddCheckpoint("old 0\n\n" + tlog::FormatNote(note)).status,
      422);
}

TEST_F(WitnessTest, GoesOnWhereAnotherOneWas) {
  EXPECT_EQ(Opened()->AddCheckpoint(Request(0, 5)).status, 200);
  const auto witness = Opened();
  EXPECT_EQ(witness->AddCheckpoint(Request(0, 5, true)).status, 409);
  EXPECT_EQ(witness->AddCheckpoint(Request(5, 5, true)).status, 422);
  EXPECT_EQ(witness->AddCheckpoint(Request(5, 8)).status, 200);
}

TEST_F(WitnessTest, IsAloneOnItsFolder) {
  const auto witness = Opened();
  EXPECT_EQ(Open().error().code, Code::kUnavailable);
}

TEST_F(WitnessTest, DoesNotGuessWhatItCosigned) {
  Opened()->AddCheckpoint(Request(0, 5));
  for (const std::string& text :
       {std::string(), std::string("updates.example.org/log1\n5\n"),
        tlog::FormatCheckpoint({"example.org/other", 5, {}, {}})}) {
    std::ofstream(StatePath()) << text;
    EXPECT_EQ(Open().error().code, Code::kInvalid) << text;
  }
}

TEST_F(WitnessTest, DoesNotVouchForATimeThatWasNeverSet) {
  const auto witness = Opened();
  now_ = 3600;
  EXPECT_EQ(witness->AddCheckpoint(Request(0, 5)).status, 503);
  now_ = kNow;
  EXPECT_EQ(witness->AddCheckpoint(Request(0, 5)).status, 200);
}

TEST_F(WitnessTest, WhatCannotBeKeptIsNotCosigned) {
  const auto witness = Opened();
  fs::rename(options_.folder + "/state", options_.folder + "/gone");
  EXPECT_EQ(witness->AddCheckpoint(Request(0, 5)).status, 500);
  fs::rename(options_.folder + "/gone", options_.folder + "/state");
  EXPECT_EQ(witness->AddCheckpoint(Request(0, 5, true)).status, 200);
}

TEST_F(WitnessTest, ShowsReadersWhatItCosigned) {
  const auto witness = Opened();
  witness->AddCheckpoint(Request(0, 5));
  std::ostringstream text;
  text << std::ifstream(
              witness->PublicFolder() + "/" +
              ToHex(crypto::Sha256(AsBytes("updates.example.org/log1"))) +
              "/checkpoint")
              .rdbuf();
  const auto note = tlog::ParseNote(text.str());
  ASSERT_TRUE(note.ok());
  EXPECT_EQ(note.value().signatures.size(), 2u);
}

// At each step the process is killed; whichever history was cosigned, the other
// one is not any more.
TEST_F(WitnessTest, KilledAtAnyStepItNeverCosignsTwoHistories) {
  for (const Step killed :
       {Step::kDecided, Step::kStored, Step::kCosigned, Step::kPublished}) {
    fs::remove_all(options_.folder);
    options_.hook = {};
    ASSERT_EQ(Opened()->AddCheckpoint(Request(0, 3)).status, 200);
    const pid_t child = fork();
    if (child == 0) {
      options_.hook = [killed](Step step) {
        if (step == killed) kill(getpid(), SIGKILL);
      };
      Opened()->AddCheckpoint(Request(3, 5));
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    const auto witness = Opened();
    const int other = witness->AddCheckpoint(Request(3, 5, true)).status;
    // Nothing could have left before it was stored.
    EXPECT_EQ(other, killed == Step::kDecided ? 200 : 409);
    EXPECT_EQ(witness->AddCheckpoint(Request(5, 5)).status,
              killed == Step::kDecided ? 422 : 200);
  }
}

TEST_F(WitnessTest, SpeaksHttp) {
  const auto witness = Opened();
  auto server = http::Server::Create({}).value();
  ASSERT_TRUE(AttachWitness(*witness, "/w", *server).ok());
  std::thread serving([&] { server->Run(); });
  http::NoSendLog log;
  const auto client = http::MakeClient({}, log).value();
  http::TextTaker taker;
  http::Request request;
  const std::string url =
      "http://127.0.0.1:" + std::to_string(server->port()) + "/w/";
  request.url = http::ParseUrl(url + "add-checkpoint").value();
  request.method = http::Method::kPost;
  const auto post = [&](const std::string& body) {
    taker.text.clear();
    request.body.assign(body.begin(), body.end());
    return client->Fetch(request, taker);
  };
  EXPECT_EQ(post(Request(0, 5)).outcome, http::Outcome::kDone);
  EXPECT_TRUE(Cosigns({.status = 200, .body = taker.text}, Request(0, 5)));
  const http::Answer conflict = post(Request(0, 7));
  EXPECT_EQ(conflict.status, 409);
  EXPECT_EQ(conflict.content_type, "text/x.tlog.size");
  EXPECT_EQ(tlog::ParseSize(conflict.error_body).value(), 5u);
  request = {};
  request.url =
      http::ParseUrl(
          url + ToHex(crypto::Sha256(AsBytes("updates.example.org/log1"))) +
          "/checkpoint")
          .value();
  taker.text.clear();
  EXPECT_EQ(client->Fetch(request, taker).outcome, http::Outcome::kDone);
  EXPECT_TRUE(tlog::ParseNote(taker.text).ok());
  server->Stop();
  serving.join();
}

TEST(WatchedLogs, AreLinesOfKeys) {
  const std::string key = tlog::TestLog().verifier().Text();
  const auto logs = ParseWatchedLogs("# ours\n" + key + "\n\n" + key +
                                     " example.org/old # another name\n");
  ASSERT_TRUE(logs.ok()) << logs.error().message;
  ASSERT_EQ(logs.value().size(), 2u);
  EXPECT_EQ(logs.value()[0].origin, "updates.example.org/log1");
  EXPECT_EQ(logs.value()[1].origin, "example.org/old");
  EXPECT_EQ(ParseWatchedLogs(key + "\nnonsense\n").error().message.substr(0, 6),
            "line 2");
  EXPECT_FALSE(
      ParseWatchedLogs(tlog::TestWitness(1).verifier().Text() + "\n").ok());
}

}  // namespace
}  // namespace vitrine::publisher
