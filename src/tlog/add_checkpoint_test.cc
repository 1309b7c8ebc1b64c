// SPDX-License-Identifier: Apache-2.0
#include "tlog/add_checkpoint.h"

#include <gtest/gtest.h>

#include "tlog/limits.h"
#include "tlog/test_keys.h"
#include "tlog/test_tree.h"

namespace vitrine::tlog {
namespace {

class AddCheckpointTest : public testing::Test {
 protected:
  AddCheckpointTest() : leaves_(TestLeaves(20)) {
    log_.origin = "updates.example.org/log1";
    log_.keys = {TestLog().verifier()};
    log_.size = 9;
    log_.root = Root(9);
  }

  Hash Root(uint64_t size) const { return PlainHash(leaves_, 0, size); }

  AddCheckpoint Request(uint64_t old_size, uint64_t size) const {
    return {old_size,
            ProveConsistency(old_size, size, PlainNodes(leaves_)).value(),
            FormatNote(SignedCheckpoint(size, Root(size)))};
  }

  WitnessStatus Decide(const AddCheckpoint& request) const {
    return DecideAddCheckpoint(request, &log_).status;
  }

  std::vector<Hash> leaves_;
  WatchedLog log_;
};

TEST_F(AddCheckpointTest, RequestComesBack) {
  for (const AddCheckpoint& request : {Request(0, 7), Request(9, 20)}) {
    const std::string body = FormatAddCheckpoint(request);
    const auto again = ParseAddCheckpoint(body);
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again.value(), request);
    EXPECT_EQ(OriginOf(again.value()).value(), log_.origin);
    for (size_t i = 0; i < body.size(); ++i) {
      EXPECT_FALSE(ParseAddCheckpoint(body.substr(0, i)).ok()) << i;
    }
  }
  EXPECT_TRUE(FormatAddCheckpoint(Request(0, 7))
                  .starts_with("old 0\n\nupdates.example.org/log1\n7\n"));
}

TEST_F(AddCheckpointTest, RequestHasOneSpelling) {
  const std::string note = Request(0, 7).checkpoint;
  for (const std::string& wrong :
       {"\n" + note, "old\n\n" + note, "old \n\n" + note, "old 00\n\n" + note,
        "old 1 \n\n" + note, "old  1\n\n" + note, "Old 1\n\n" + note,
        "old 1\r\n\n" + note, "old 1\n" + note, "old 1\nAAAA\n\n" + note,
        "old 1\n\n\n" + note, "old 1\n\n" + note + "\n",
        std::string("old 1\n\ntext\n\n") + note.substr(note.find("\xe2"))}) {
    EXPECT_FALSE(ParseAddCheckpoint(wrong).ok()) << wrong;
  }
  AddCheckpoint request = Request(0, 7);
  request.proof.assign(kConsistencyProofMax, EmptyRoot());
  EXPECT_TRUE(ParseAddCheckpoint(FormatAddCheckpoint(request)).ok());
  request.proof.push_back(EmptyRoot());
  EXPECT_FALSE(ParseAddCheckpoint(FormatAddCheckpoint(request)).ok());
  EXPECT_EQ(ParseAddCheckpoint(std::string(kAddCheckpointBytesMax + 1, 'o'))
                .error()
                .code,
            Code::kLimit);
}

TEST_F(AddCheckpointTest, CosignsWhatIsConsistent) {
  const auto decision = DecideAddCheckpoint(Request(9, 20), &log_);
  ASSERT_EQ(decision.status, WitnessStatus::kCosigned);
  EXPECT_EQ(decision.checkpoint.size, 20u);
  EXPECT_EQ(decision.checkpoint.root, Root(20));
  EXPECT_EQ(decision.text, SignedCheckpoint(20, Root(20)).text);
  EXPECT_EQ(Decide(Request(9, 9)), WitnessStatus::kCosigned);
  log_.size = 0;
  log_.root = EmptyRoot();
  EXPECT_EQ(Decide(Request(0, 20)), WitnessStatus::kCosigned);
  EXPECT_EQ(Decide(Request(0, 0)), WitnessStatus::kCosigned);
}

TEST_F(AddCheckpointTest, AnswersWhatTheSpecificationSays) {
  EXPECT_EQ(DecideAddCheckpoint(Request(9, 20), nullptr).status,
            WitnessStatus::kUnknownLog);
  EXPECT_EQ(Decide(Request(8, 20)), WitnessStatus::kConflict);
  EXPECT_EQ(Decide(Request(0, 20)), WitnessStatus::kConflict);
  AddCheckpoint above = Request(9, 20);
  above.old_size = 21;
  EXPECT_EQ(Decide(above), WitnessStatus::kBadRequest);
  AddCheckpoint bad_proof = Request(9, 20);
  bad_proof.proof[1][0] ^= 1;
  EXPECT_EQ(Decide(bad_proof), WitnessStatus::kUnprocessable);
  bad_proof.proof.clear();
  EXPECT_EQ(Decide(bad_proof), WitnessStatus::kUnprocessable);
  AddCheckpoint garbage = Request(9, 20);
  garbage.checkpoint = "x";
  EXPECT_EQ(Decide(garbage), WitnessStatus::kBadRequest);
  // The same size, another root.
  AddCheckpoint fork = Request(9, 9);
  fork.checkpoint = FormatNote(SignedCheckpoint(9, Root(8)));
  EXPECT_EQ(Decide(fork), WitnessStatus::kUnprocessable);
}

TEST_F(AddCheckpointTest, RefusesEmptyTreesThatAreNot) {
  log_.size = 0;
  log_.root = EmptyRoot();
  AddCheckpoint request = Request(0, 0);
  request.checkpoint = FormatNote(SignedCheckpoint(0, Root(1)));
  EXPECT_EQ(Decide(request), WitnessStatus::kUnprocessable);
  request = Request(0, 5);
  request.proof = {Root(1)};
  EXPECT_EQ(Decide(request), WitnessStatus::kUnprocessable);
}

TEST_F(AddCheckpointTest, CosignsForTheLogOnly) {
  AddCheckpoint request = Request(9, 20);
  Note note = ParseNote(request.checkpoint).value();
  const NoteSignature good = note.signatures[0];
  // Strangers' signatures beside the log's do not matter; a bad one does.
  note.signatures.push_back(
      TestSigner("stranger", KeyKind::kLog, 77).Sign("x\n"));
  request.checkpoint = FormatNote(note);
  EXPECT_EQ(Decide(request), WitnessStatus::kCosigned);
  note.signatures[0].bytes[3] ^= 1;
  request.checkpoint = FormatNote(note);
  EXPECT_EQ(Decide(request), WitnessStatus::kForbidden);
  note.signatures.erase(note.signatures.begin());
  request.checkpoint = FormatNote(note);
  EXPECT_EQ(Decide(request), WitnessStatus::kForbidden);
  note.signatures = {good, good};
  request.checkpoint = FormatNote(note);
  EXPECT_EQ(Decide(request), WitnessStatus::kForbidden);
  // After a change of keys, both are taken until the old one is forgotten.
  log_.keys.push_back(TestSigner(log_.origin, KeyKind::kLog, 2).verifier());
  note.signatures = {TestSigner(log_.origin, KeyKind::kLog, 2).Sign(note.text)};
  request.checkpoint = FormatNote(note);
  EXPECT_EQ(Decide(request), WitnessStatus::kCosigned);
}

TEST_F(AddCheckpointTest, TheLogTakesTheCosignature) {
  Note note = ParseNote(Request(9, 20).checkpoint).value();
  const auto witness = TestWitness(1);
  const std::string body =
      FormatSignature(TestWitness(2).Cosign("other\n", 3)) +
      FormatSignature(witness.Cosign(note.text, 42));
  const auto time = TakeCosignature(body, witness.verifier(), note);
  ASSERT_TRUE(time.ok());
  EXPECT_EQ(time.value(), 42u);
  EXPECT_EQ(note.signatures.size(), 2u);
  Note other = note;
  EXPECT_FALSE(TakeCosignature(body, TestWitness(3).verifier(), other).ok());
  EXPECT_FALSE(TakeCosignature(body, TestWitness(2).verifier(), other).ok());
  EXPECT_FALSE(TakeCosignature("", witness.verifier(), other).ok());
  EXPECT_FALSE(TakeCosignature(body + "x", witness.verifier(), other).ok());
  EXPECT_EQ(TakeCosignature(std::string(kAddCheckpointReplyMax + 1, 'a'),
                            witness.verifier(), other)
                .error()
                .code,
            Code::kLimit);
  EXPECT_EQ(other, note);
}

TEST(ConflictBody, HasOneSpelling) {
  EXPECT_EQ(FormatSize(123), "123\n");
  EXPECT_EQ(ParseSize("123\n").value(), 123u);
  for (const char* wrong : {"", "\n", "123", "0123\n", "123\n\n", " 123\n",
                            "9999999999999999999\n"}) {
    EXPECT_FALSE(ParseSize(wrong).ok()) << wrong;
  }
}

}  // namespace
}  // namespace vitrine::tlog
