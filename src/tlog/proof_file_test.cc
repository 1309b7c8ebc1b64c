// SPDX-License-Identifier: Apache-2.0
#include "tlog/proof_file.h"

#include <gtest/gtest.h>

#include "tlog/limits.h"
#include "tlog/test_keys.h"
#include "tlog/test_tree.h"

namespace vitrine::tlog {
namespace {

constexpr uint64_t kSize = 7;
constexpr uint64_t kIndex = 3;

class ProofFileTest : public testing::Test {
 protected:
  ProofFileTest()
      : leaves_(TestLeaves(kSize)),
        policy_(ParsePolicy("log " + TestLog().verifier().Text() +
                            "\nwitness W " + TestWitness(1).verifier().Text() +
                            "\nquorum W\n")
                    .value()) {
    Note note = SignedCheckpoint(kSize, PlainHash(leaves_, 0, kSize));
    MergeSignature(TestWitness(1).Cosign(note.text, 1000), note);
    file_.index = kIndex;
    file_.proof = ProveInclusion(kIndex, kSize, PlainNodes(leaves_)).value();
    file_.checkpoint = FormatNote(note);
  }

  std::vector<Hash> leaves_;
  Policy policy_;
  ProofFile file_;
};

TEST_F(ProofFileTest, ShowsAnEntry) {
  const std::string bytes = FormatProofFile(file_);
  EXPECT_TRUE(bytes.starts_with("c2sp.org/tlog-proof@v1\nindex 3\n"));
  const auto entry = VerifyProofFile(bytes, leaves_[kIndex], policy_);
  ASSERT_TRUE(entry.ok()) << entry.error().message;
  EXPECT_EQ(entry.value().index, kIndex);
  EXPECT_EQ(entry.value().judgement.times->fresh, 1000u);
  EXPECT_FALSE(VerifyProofFile(bytes, leaves_[2], policy_).ok());
  EXPECT_FALSE(VerifyProofFile(bytes, leaves_[kIndex], policy_, 999).ok());
  file_.index = 2;
  EXPECT_FALSE(
      VerifyProofFile(FormatProofFile(file_), leaves_[kIndex], policy_).ok());
}

TEST_F(ProofFileTest, ComesBack) {
  for (const bool extra : {false, true}) {
    if (extra) file_.extra = ByteVector{1, 2, 3};
    const auto again = ParseProofFile(FormatProofFile(file_));
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again.value(), file_);
  }
}

TEST_F(ProofFileTest, HoldsForEveryByteOrNotAtAll) {
  const std::string bytes = FormatProofFile(file_);
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(VerifyProofFile(changed, leaves_[kIndex], policy_).ok()) << i;
    EXPECT_FALSE(
        VerifyProofFile(bytes.substr(0, i), leaves_[kIndex], policy_).ok())
        << i;
  }
}

TEST_F(ProofFileTest, HasOneSpelling) {
  const std::string good = FormatProofFile(file_);
  const std::string rest = good.substr(good.find('\n') + 1);
  const std::string first = "c2sp.org/tlog-proof@v1\n";
  const std::string after_index = rest.substr(rest.find('\n') + 1);
  ASSERT_TRUE(ParseProofFile(first + "extra AQID\n" + rest).ok());
  for (const std::string& wrong :
       {rest,
        "c2sp.org/tlog-proof@v2\n" + rest,
        "c2sp.org/tlog-proof@v1\r\n" + rest,
        first + "\n" + rest,
        first + "extra \n" + rest,
        first + "extra\n" + rest,
        first + "extra AQI\n" + rest,
        first + "extra AQID\nextra AQID\n" + rest,
        first + "extra  AQID\n" + rest,
        first + "extra AQID \n" + rest,
        first + after_index,
        first + "index 03\n" + after_index,
        first + "index  3\n" + after_index,
        first + "index 3 \n" + after_index,
        first + "index -3\n" + after_index,
        first + "index\n" + after_index,
        first + "Index 3\n" + after_index,
        first + "index 3\nextra AQID\n" + after_index,
        first + "index 3\nAAAA\n" + after_index,
        good + "\n",
        good + "x"}) {
    EXPECT_FALSE(ParseProofFile(wrong).ok()) << wrong;
  }
}

TEST_F(ProofFileTest, IsBounded) {
  file_.proof.assign(kInclusionProofMax, EmptyRoot());
  EXPECT_TRUE(ParseProofFile(FormatProofFile(file_)).ok());
  file_.proof.push_back(EmptyRoot());
  EXPECT_FALSE(ParseProofFile(FormatProofFile(file_)).ok());
  file_.proof.clear();
  file_.extra = ByteVector(kExtraMax);
  EXPECT_TRUE(ParseProofFile(FormatProofFile(file_)).ok());
  file_.extra->push_back(0);
  EXPECT_EQ(ParseProofFile(FormatProofFile(file_)).error().code, Code::kLimit);
  EXPECT_EQ(
      ParseProofFile(std::string(kProofFileBytesMax + 1, 'a')).error().code,
      Code::kLimit);
}

}  // namespace
}  // namespace vitrine::tlog
