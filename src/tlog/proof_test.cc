// SPDX-License-Identifier: Apache-2.0
#include "tlog/proof.h"

#include <gtest/gtest.h>

#include "tlog/frontier.h"
#include "tlog/limits.h"
#include "tlog/test_tree.h"

namespace vitrine::tlog {
namespace {

// Sizes around every shape that a small tree can have.
constexpr uint64_t kSizes = 40;

// RFC 6962, PATH(m, D[n]).
Proof Path(const std::vector<Hash>& leaves, uint64_t index, uint64_t begin,
           uint64_t end) {
  if (end - begin == 1) return {};
  uint64_t split = 1;
  while (split * 2 < end - begin) split *= 2;
  Proof path;
  if (index < begin + split) {
    path = Path(leaves, index, begin, begin + split);
    path.push_back(PlainHash(leaves, begin + split, end));
  } else {
    path = Path(leaves, index, begin + split, end);
    path.push_back(PlainHash(leaves, begin, begin + split));
  }
  return path;
}

// RFC 6962, SUBPROOF(m, D[n], b).
Proof Subproof(const std::vector<Hash>& leaves, uint64_t old_size,
               uint64_t begin, uint64_t end, bool known) {
  if (old_size == end) {
    return known ? Proof{} : Proof{PlainHash(leaves, begin, end)};
  }
  uint64_t split = 1;
  while (split * 2 < end - begin) split *= 2;
  Proof path;
  if (old_size <= begin + split) {
    path = Subproof(leaves, old_size, begin, begin + split, known);
    path.push_back(PlainHash(leaves, begin + split, end));
  } else {
    path = Subproof(leaves, old_size, begin + split, end, false);
    path.push_back(PlainHash(leaves, begin, begin + split));
  }
  return path;
}

TEST(Frontier, HasTheRootOfEveryTree) {
  const auto leaves = TestLeaves(300);
  Frontier frontier;
  for (uint64_t size = 0;; ++size) {
    EXPECT_EQ(frontier.Root(), PlainHash(leaves, 0, size)) << size;
    EXPECT_EQ(frontier.size(), size);
    const auto again = Frontier::From(size, frontier.hashes());
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again.value(), frontier);
    const auto read = Frontier::Read(size, PlainNodes(leaves));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read.value(), frontier);
    if (size == leaves.size()) break;
    ASSERT_TRUE(frontier.Append(leaves[size]).ok());
  }
  EXPECT_FALSE(Frontier::From(3, TestLeaves(1)).ok());
  EXPECT_FALSE(Frontier::From(2, TestLeaves(2)).ok());
  EXPECT_FALSE(Frontier::From(kTreeSizeMax + 1, TestLeaves(1)).ok());
}

TEST(Frontier, EndsAtTheLargestTree) {
  auto frontier = Frontier::From(kTreeSizeMax, TestLeaves(1));
  ASSERT_TRUE(frontier.ok());
  EXPECT_EQ(frontier.value().Append(TestLeaves(1)[0]).error().code,
            Code::kLimit);
}

TEST(Inclusion, ProvesEveryEntryOfEveryTree) {
  const auto leaves = TestLeaves(kSizes);
  for (uint64_t size = 1; size <= kSizes; ++size) {
    const Hash root = PlainHash(leaves, 0, size);
    for (uint64_t index = 0; index < size; ++index) {
      const auto proof = ProveInclusion(index, size, PlainNodes(leaves));
      ASSERT_TRUE(proof.ok());
      EXPECT_EQ(proof.value(), Path(leaves, index, 0, size));
      EXPECT_TRUE(
          VerifyInclusion(leaves[index], index, size, proof.value(), root)
              .ok());
    }
    EXPECT_FALSE(ProveInclusion(size, size, PlainNodes(leaves)).ok());
  }
}

TEST(Inclusion, ShowsNothingElse) {
  const auto leaves = TestLeaves(kSizes);
  for (uint64_t size = 1; size <= kSizes; ++size) {
    const Hash root = PlainHash(leaves, 0, size);
    for (uint64_t index = 0; index < size; ++index) {
      const Proof proof = Path(leaves, index, 0, size);
      for (uint64_t other = 0; other < size + 3; ++other) {
        if (other == index) continue;
        EXPECT_FALSE(
            VerifyInclusion(leaves[index], other, size, proof, root).ok());
      }
      for (size_t i = 0; i < proof.size(); ++i) {
        Proof changed = proof;
        changed[i][31] ^= 1;
        EXPECT_FALSE(
            VerifyInclusion(leaves[index], index, size, changed, root).ok());
        changed = proof;
        changed.erase(changed.begin() + static_cast<ptrdiff_t>(i));
        EXPECT_FALSE(
            VerifyInclusion(leaves[index], index, size, changed, root).ok());
        changed = proof;
        changed.insert(changed.begin() + static_cast<ptrdiff_t>(i), root);
        EXPECT_FALSE(
            VerifyInclusion(leaves[index], index, size, changed, root).ok());
      }
      Proof longer = proof;
      longer.push_back(root);
      EXPECT_FALSE(
          VerifyInclusion(leaves[index], index, size, longer, root).ok());
    }
  }
  EXPECT_EQ(VerifyInclusion(leaves[0], 0, 0, {}, leaves[0]).error().code,
            Code::kInvalid);
}

TEST(Inclusion, RefusesAnInnerNodeAsAnEntry) {
  // The root of a tree of two is no leaf of a tree of one.
  const auto leaves = TestLeaves(2);
  ByteVector both(leaves[0].begin(), leaves[0].end());
  both.insert(both.end(), leaves[1].begin(), leaves[1].end());
  EXPECT_FALSE(
      VerifyInclusion(LeafHash(both), 0, 1, {}, NodeHash(leaves[0], leaves[1]))
          .ok());
}

TEST(Consistency, ProvesEveryPairOfTrees) {
  const auto leaves = TestLeaves(kSizes);
  for (uint64_t now = 0; now <= kSizes; ++now) {
    const Hash new_root = PlainHash(leaves, 0, now);
    for (uint64_t old = 0; old <= now; ++old) {
      const Hash old_root = PlainHash(leaves, 0, old);
      const auto proof = ProveConsistency(old, now, PlainNodes(leaves));
      ASSERT_TRUE(proof.ok());
      if (old > 0) {
        EXPECT_EQ(proof.value(), Subproof(leaves, old, 0, now, true));
      }
      EXPECT_TRUE(
          VerifyConsistency(old, old_root, now, new_root, proof.value()).ok());
    }
    EXPECT_FALSE(ProveConsistency(now + 1, now, PlainNodes(leaves)).ok());
  }
}

TEST(Consistency, ShowsNothingElse) {
  const auto leaves = TestLeaves(kSizes);
  const Hash other = LeafHash(AsBytes("other"));
  for (uint64_t now = 1; now <= kSizes; ++now) {
    const Hash new_root = PlainHash(leaves, 0, now);
    for (uint64_t old = 1; old <= now; ++old) {
      const Hash old_root = PlainHash(leaves, 0, old);
      const Proof proof = Subproof(leaves, old, 0, now, true);
      const auto holds = [&](const Hash& a, const Hash& b, const Proof& p) {
        return VerifyConsistency(old, a, now, b, p).ok();
      };
      EXPECT_FALSE(holds(other, new_root, proof));
      EXPECT_FALSE(holds(old_root, other, proof));
      EXPECT_FALSE(
          VerifyConsistency(now + 1, old_root, now, new_root, proof).ok());
      Proof changed = proof;
      changed.push_back(other);
      EXPECT_FALSE(holds(old_root, new_root, changed));
      for (size_t i = 0; i < proof.size(); ++i) {
        changed = proof;
        changed[i][0] ^= 0x80;
        EXPECT_FALSE(holds(old_root, new_root, changed));
        changed = proof;
        changed.erase(changed.begin() + static_cast<ptrdiff_t>(i));
        EXPECT_FALSE(holds(old_root, new_root, changed));
      }
    }
  }
}

TEST(Consistency, OfAnEmptyTreeNeedsItsRoot) {
  const auto leaves = TestLeaves(2);
  EXPECT_TRUE(VerifyConsistency(0, EmptyRoot(), 1, leaves[0], {}).ok());
  EXPECT_FALSE(VerifyConsistency(0, leaves[0], 1, leaves[0], {}).ok());
  EXPECT_FALSE(VerifyConsistency(0, EmptyRoot(), 1, leaves[0], leaves).ok());
}

TEST(Consistency, RefusesAForkedTree) {
  auto leaves = TestLeaves(20);
  const Hash old_root = PlainHash(leaves, 0, 9);
  leaves[4] = LeafHash(AsBytes("another"));
  for (uint64_t now = 9; now <= 20; ++now) {
    EXPECT_FALSE(VerifyConsistency(9, old_root, now, PlainHash(leaves, 0, now),
                                   Subproof(leaves, 9, 0, now, true))
                     .ok());
  }
}

TEST(Proofs, AreBoundedForTheLargestTree) {
  for (const uint64_t index :
       {uint64_t{0}, kTreeSizeMax / 3, kTreeSizeMax - 1}) {
    EXPECT_LE(InclusionRanges(index, kTreeSizeMax).size(), kInclusionProofMax);
    EXPECT_LE(ConsistencyRanges(index + 1, kTreeSizeMax).size(),
              kConsistencyProofMax);
  }
  const Proof proof(kInclusionProofMax, EmptyRoot());
  EXPECT_FALSE(VerifyInclusion(EmptyRoot(), kTreeSizeMax - 1, kTreeSizeMax,
                               proof, EmptyRoot())
                   .ok());
  EXPECT_EQ(
      VerifyInclusion(EmptyRoot(), 0, kTreeSizeMax + 1, proof, EmptyRoot())
          .error()
          .code,
      Code::kLimit);
}

TEST(HashText, HasOneSpelling) {
  const Hash hash = EmptyRoot();
  EXPECT_EQ(HashText(hash), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  EXPECT_EQ(ParseHash(HashText(hash)), hash);
  EXPECT_FALSE(ParseHash("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV="));
  EXPECT_FALSE(ParseHash("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"));
  EXPECT_FALSE(ParseHash(""));
  EXPECT_EQ(ParseNumber("0"), 0u);
  EXPECT_EQ(ParseNumber("18446744073709551615"), ~uint64_t{0});
  for (const char* wrong :
       {"", "00", "01", "+1", "-1", " 1", "1 ", "18446744073709551616", "1a"}) {
    EXPECT_FALSE(ParseNumber(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace vitrine::tlog
