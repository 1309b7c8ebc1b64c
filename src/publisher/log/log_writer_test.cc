// SPDX-License-Identifier: Apache-2.0
#include "publisher/log/log_writer.h"

#include "base/read_file.h"
#include "publisher/log/log_fixture.h"

namespace vitrine::publisher {
namespace {

TEST_F(LogFixture, PublishesWhatItAppends) {
  {
    LogWriter writer = Open().value();
    EXPECT_EQ(writer.Append(Views({"a", "b"})).value(),
              (std::vector<uint64_t>{0, 1}));
    EXPECT_TRUE(Publish(writer).value().has_quorum);
  }
  LogWriter writer = Open().value();
  EXPECT_EQ(writer.size(), 2u);
  EXPECT_EQ(writer.Append(Views({"c"})).value(), std::vector<uint64_t>{2});
  const Publication published = Publish(writer).value();
  EXPECT_EQ(published.cosigned.size(), 3u);
  EXPECT_EQ(ProvenEntries(), (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(LogFixture, AppendsNothingTwice) {
  LogWriter writer = Open().value();
  EXPECT_EQ(writer.Append(Views({"a", "b", "a"})).value(),
            (std::vector<uint64_t>{0, 1, 0}));
  EXPECT_EQ(writer.Append(Views({"b", "c"})).value(),
            (std::vector<uint64_t>{1, 2}));
  EXPECT_EQ(writer.size(), 3u);
  EXPECT_EQ(writer.Find(AsBytes("b")), 1u);
  EXPECT_FALSE(writer.Find(AsBytes("x")));
}

TEST_F(LogFixture, GrowsOverTilesOneByOneAndAtOnce) {
  std::vector<std::string> all;
  for (int i = 0; i < 560; ++i) all.push_back("entry " + std::to_string(i));
  {
    LogWriter writer = Open().value();
    for (int i = 0; i < 20; ++i) {
      ASSERT_TRUE(writer.Append(Views({all[static_cast<size_t>(i)]})).ok());
    }
  }
  LogWriter writer = Open().value();
  ASSERT_TRUE(writer.Append(Views(all)).ok());
  ASSERT_TRUE(Publish(writer).value().has_quorum);
  EXPECT_EQ(ProvenEntries(), all);
}

TEST_F(LogFixture, PublishesNothingWithoutAQuorum) {
  LogWriter writer = Open().value();
  ASSERT_TRUE(writer.Append(Views({"a"})).ok());
  down_[1] = down_[2] = true;
  const Publication failed = Publish(writer).value();
  EXPECT_FALSE(failed.has_quorum);
  EXPECT_EQ(failed.failed, (std::vector<std::string>{"W1: down", "W2: down"}));
  EXPECT_FALSE(Published().ok());
  down_[1] = false;
  EXPECT_TRUE(Publish(writer).value().has_quorum);
  EXPECT_TRUE(Published().ok());
}

TEST_F(LogFixture, IsPublishedWithoutAQuorumWhenToldSo) {
  LogWriter writer = Open().value();
  ASSERT_TRUE(writer.Append(Views({"a"})).ok());
  down_[1] = down_[2] = true;
  EXPECT_FALSE(writer.Publish(Policy(), Witnesses(), "", LogWriter::Force::kYes)
                   .value()
                   .has_quorum);
  EXPECT_TRUE(ReadFile(log() + "/checkpoint", 100000).ok());
  EXPECT_FALSE(Published().ok());
}

TEST_F(LogFixture, TakesCosignaturesThatWereMadeElsewhere) {
  LogWriter writer = Open().value();
  ASSERT_TRUE(writer.Append(Views({"a"})).ok());
  down_[1] = down_[2] = true;
  const auto note = tlog::ParseNote(writer.signed_note()).value();
  const std::string line =
      tlog::FormatSignature(tlog::TestWitness(1).Cosign(note.text, now_));
  EXPECT_TRUE(writer.Publish(Policy(), Witnesses(), line, LogWriter::Force::kNo)
                  .value()
                  .has_quorum);
}

TEST_F(LogFixture, CatchesUpWithAWitnessThatWasAway) {
  LogWriter writer = Open().value();
  ASSERT_TRUE(writer.Append(Views({"a"})).ok());
  ASSERT_TRUE(Publish(writer).ok());
  down_[3] = true;
  ASSERT_TRUE(writer.Append(Views({"b", "c"})).ok());
  ASSERT_TRUE(Publish(writer).ok());
  // We have forgotten what it knows.
  std::filesystem::remove_all(state() + "/witness");
  down_[3] = false;
  ASSERT_TRUE(writer.Append(Views({"d"})).ok());
  EXPECT_EQ(Publish(writer).value().cosigned.size(), 3u);
}

TEST_F(LogFixture, RenewsCosignaturesOfAnUnchangedTree) {
  LogWriter writer = Open().value();
  ASSERT_TRUE(writer.Append(Views({"a"})).ok());
  ASSERT_TRUE(Publish(writer).ok());
  const uint64_t before = Published().value().times->fresh;
  now_ += 3600;
  ASSERT_TRUE(Publish(writer).ok());
  EXPECT_EQ(Published().value().times->fresh, before + 3600);
  // The proof keeps the first.
  const auto proof = ReadFile(log() + "/" + ProofPath(0), 100000).value();
  EXPECT_EQ(tlog::VerifyProofFile(AsText(proof), tlog::LeafHash(AsBytes("a")),
                                  Policy())
                .value()
                .judgement.times->public_by,
            before);
}

TEST_F(LogFixture, HasOneWriter) {
  const LogWriter writer = Open().value();
  EXPECT_EQ(Open().error().code, Code::kUnavailable);
}

TEST_F(LogFixture, DoesNotBeginAnewBesideALog) {
  {
    LogWriter writer = Open().value();
    ASSERT_TRUE(writer.Append(Views({"a"})).ok());
    ASSERT_TRUE(Publish(writer).ok());
  }
  std::filesystem::remove(state() + "/signed");
  EXPECT_EQ(Open().error().code, Code::kDenied);
  // Nor beside one that cannot be read.
  std::filesystem::resize_file(log() + "/checkpoint", tlog::kNoteBytesMax + 1);
  EXPECT_EQ(Open().error().code, Code::kDenied);
}

TEST_F(LogFixture, DoesNotGoOnFromTilesThatWereChanged) {
  {
    LogWriter writer = Open().value();
    ASSERT_TRUE(writer.Append(Views({"a", "b"})).ok());
  }
  const std::string tile = log() + "/tile/entries/000.p/2";
  ByteVector bytes = ReadFile(tile, 1000).value();
  bytes.back() ^= 1;
  ASSERT_TRUE(DurableFiles().Write(tile, bytes).ok());
  EXPECT_FALSE(Open().ok());
}

TEST_F(LogFixture, DoesNotGoOnWithAnotherKey) {
  {
    LogWriter writer = Open().value();
    ASSERT_TRUE(writer.Append(Views({"a"})).ok());
  }
  const auto other = tlog::TestSigner(tlog::TestLog().verifier().name(),
                                      tlog::KeyKind::kLog, 99);
  EXPECT_FALSE(LogWriter::Open(log(), state(), other, {}).ok());
}

}  // namespace
}  // namespace vitrine::publisher
