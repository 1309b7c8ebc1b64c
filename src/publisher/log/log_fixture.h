// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/read_file.h"
#include "publisher/log/log_files.h"
#include "publisher/log/log_writer.h"
#include "tlog/judgement.h"
#include "tlog/proof_file.h"
#include "tlog/test_keys.h"

// For tests: a log in a temporary folder, and witnesses in this process.
namespace vitrine::publisher {

class LogFixture : public testing::Test {
 protected:
  LogFixture()
      : root_(std::filesystem::path(Memory()) /
              ("vitrine-log" + std::to_string(getpid()))) {
    std::filesystem::create_directories(root_);
    for (int i = 1; i <= 3; ++i) {
      tlog::WatchedLog log;
      log.origin = tlog::TestLog().verifier().name();
      log.keys = {tlog::TestLog().verifier()};
      watched_.emplace(i, log);
    }
  }
  ~LogFixture() override { std::filesystem::remove_all(root_); }

  // Where syncing costs nothing, if there is such a place.
  static std::string Memory() {
    return access("/dev/shm", W_OK) == 0 ? "/dev/shm" : testing::TempDir();
  }

  std::string log() const { return root_ / "log"; }
  std::string state() const { return root_ / "state"; }

  Result<LogWriter> Open(const FileHook& hook = {}) const {
    return LogWriter::Open(log(), state(), tlog::TestLog(), DurableFiles(hook));
  }

  // 2 of 3.
  static tlog::Policy Policy() {
    std::string text = "log " + tlog::TestLog().verifier().Text() + "\n";
    for (int i = 1; i <= 3; ++i) {
      const std::string number = std::to_string(i);
      text += "witness W" + number + " " +
              tlog::TestWitness(i).verifier().Text() + " http://w" + number +
              ".example.net/\n";
    }
    return tlog::ParsePolicy(text + "group Q 2 W1 W2 W3\nquorum Q\n").value();
  }

  // Answers as a witness does; those in `down_` do not.
  AskWitness Witnesses() {
    return [this](const tlog::PolicyWitness& witness,
                  const std::string& body) -> Result<WitnessAnswer> {
      const int number = witness.name.back() - '0';
      if (down_[number]) return Error{Code::kUnavailable, "down"};
      const auto request = tlog::ParseAddCheckpoint(body).value();
      tlog::WatchedLog& watched = watched_.at(number);
      const auto decision = tlog::DecideAddCheckpoint(request, &watched);
      WitnessAnswer answer;
      answer.status = static_cast<int>(decision.status);
      answer.body = decision.reason;
      if (decision.status == tlog::WitnessStatus::kConflict) {
        answer.body = tlog::FormatSize(watched.size);
      }
      if (decision.status == tlog::WitnessStatus::kCosigned) {
        watched.size = decision.checkpoint.size;
        watched.root = decision.checkpoint.root;
        answer.body = tlog::FormatSignature(
            tlog::TestWitness(number).Cosign(decision.text, now_ + 1));
      }
      return answer;
    };
  }

  Result<Publication> Publish(LogWriter& writer) {
    return writer.Publish(Policy(), Witnesses(), "", LogWriter::Force::kNo);
  }

  Result<tlog::Judgement> Published() const {
    const auto text = ReadFile(log() + "/checkpoint", 100000);
    if (!text.ok()) return text.error();
    return tlog::JudgeCheckpoint(AsText(text.value()), Policy());
  }

  // The entries of the published log from `first` on, each by its proof, and
  // the tiles whole.
  std::vector<std::string> ProvenEntries(uint64_t first = 0) const {
    const auto judged = Published().value();
    const uint64_t size = judged.opened.checkpoint.size;
    const auto tiles = TilesIn(log());
    EXPECT_TRUE(
        tlog::Edge::Read(size, judged.opened.checkpoint.root, tiles).ok());
    std::vector<std::string> out;
    for (uint64_t i = first; i < size; ++i) {
      const ByteVector entry = ReadEntry(i, size, tiles).value();
      const auto proof = ReadFile(log() + "/" + ProofPath(i), 100000);
      EXPECT_TRUE(proof.ok()) << i;
      if (!proof.ok()) continue;
      const auto proven = tlog::VerifyProofFile(
          AsText(proof.value()), tlog::LeafHash(entry), Policy());
      EXPECT_TRUE(proven.ok()) << i;
      if (!proven.ok()) continue;
      EXPECT_EQ(proven.value().index, i);
      out.emplace_back(AsText(entry));
    }
    return out;
  }

  static std::vector<Bytes> Views(const std::vector<std::string>& entries) {
    std::vector<Bytes> out;
    for (const std::string& entry : entries) out.push_back(AsBytes(entry));
    return out;
  }

  std::filesystem::path root_;
  std::map<int, tlog::WatchedLog> watched_;
  std::map<int, bool> down_;
  uint64_t now_ = 1'800'000'000;
};

}  // namespace vitrine::publisher
