// SPDX-License-Identifier: Apache-2.0
#include "engine/match/kernel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <iterator>
#include <random>
#include <set>
#include <vector>

#include "engine/match/gram.h"

namespace vitrine::engine::match {
namespace {

// A gram's bit, counted from the lowest of the first word.
uint32_t IndexOf(uint32_t gram, unsigned size, uint32_t bits_log2) {
  if (size == 2) return gram;
  const uint32_t index = IndexOfQuad(gram, bits_log2);
  return (index & ~31u) |
         static_cast<uint32_t>(std::countr_zero(BitInWord(index)));
}

// Straight from the definition, a set instead of a bitmap. Quads are looked at
// in every second place.
std::vector<uint32_t> Expected(const std::vector<uint8_t>& data,
                               const std::set<uint32_t>& grams, unsigned size,
                               uint32_t bits_log2) {
  std::set<uint32_t> bits;
  for (const uint32_t gram : grams) {
    bits.insert(IndexOf(gram, size, bits_log2));
  }
  std::vector<uint32_t> positions;
  for (uint32_t at = 0; at + size <= data.size(); at += size == 4 ? 2 : 1) {
    const uint32_t gram = FoldedGram(data.data() + at, size);
    if (bits.contains(IndexOf(gram, size, bits_log2))) positions.push_back(at);
  }
  return positions;
}

std::vector<uint32_t> Bitmap(const std::set<uint32_t>& grams, unsigned size,
                             uint32_t bits_log2) {
  std::vector<uint32_t> words(1u << (bits_log2 - 5));
  for (const uint32_t gram : grams) {
    const uint32_t bit = IndexOf(gram, size, bits_log2);
    words[bit / 32] |= 1u << (bit % 32);
  }
  return words;
}

class KernelTest : public testing::TestWithParam<const char*> {
 protected:
  const Kernel* kernel_ = FindKernel(GetParam());
};

TEST_P(KernelTest, FindsExactlyTheGramsOfTheBitmap) {
  if (kernel_ == nullptr) GTEST_SKIP() << "not on this processor";
  std::mt19937 random(7);
  for (int round = 0; round < 400; ++round) {
    // Few letters of either case, so that grams repeat and fold.
    std::vector<uint8_t> data(random() % 700);
    for (uint8_t& byte : data) {
      byte = static_cast<uint8_t>("aAbBzZ@[`{\0\xff"[random() % 12]);
    }
    const auto bits_log2 = static_cast<uint32_t>(6 + random() % 16);
    std::set<uint32_t> quads;
    std::set<uint32_t> pairs;
    for (int i = 0; i < 20 && data.size() >= 4; ++i) {
      const size_t at = random() % (data.size() - 3);
      quads.insert(FoldedGram(data.data() + at, 4));
      if (i < 5) pairs.insert(FoldedGram(data.data() + at, 2));
    }
    std::vector<uint32_t> out(data.size() + kPositionsSlack);
    const auto quad_words = Bitmap(quads, 4, bits_log2);
    const auto pair_words = Bitmap(pairs, 2, 16);
    if (data.size() >= 4) {
      const size_t count =
          kernel_->quads(data.data(), 0, static_cast<uint32_t>(data.size() - 3),
                         {quad_words.data(), bits_log2}, out.data());
      EXPECT_EQ(
          std::vector(out.begin(), out.begin() + static_cast<ptrdiff_t>(count)),
          Expected(data, quads, 4, bits_log2));
    }
    if (data.size() >= 4) {
      // MD5 goes by whole blocks; two bytes behind the last are looked at.
      const auto to = static_cast<uint32_t>((data.size() - 3) & ~size_t{63});
      crypto::Md5State md5 = crypto::kMd5Start;
      const size_t count = kernel_->md5_quads(
          data.data(), to, {quad_words.data(), bits_log2}, out.data(), md5);
      std::vector<uint32_t> expected = Expected(data, quads, 4, bits_log2);
      std::erase_if(expected, [&](uint32_t at) { return at >= to; });
      EXPECT_EQ(
          std::vector(out.begin(), out.begin() + static_cast<ptrdiff_t>(count)),
          expected);
      EXPECT_EQ(crypto::Md5Finish(md5, Bytes(data).subspan(to), data.size()),
                crypto::Md5(data));
    }
    if (data.size() >= 2) {
      const size_t count =
          kernel_->pairs(data.data(), 0, static_cast<uint32_t>(data.size() - 1),
                         MakePairSet(pair_words.data()), out.data());
      EXPECT_EQ(
          std::vector(out.begin(), out.begin() + static_cast<ptrdiff_t>(count)),
          Expected(data, pairs, 2, 16));
    }
  }
}

TEST_P(KernelTest, FoldsLettersAndNothingElse) {
  if (kernel_ == nullptr) GTEST_SKIP() << "not on this processor";
  for (unsigned byte = 0; byte < 256; ++byte) {
    std::vector<uint8_t> data(200, static_cast<uint8_t>(byte));
    const uint32_t gram = FoldedGram(data.data(), 2);
    const auto words = Bitmap({gram}, 2, 16);
    std::vector<uint32_t> out(data.size());
    EXPECT_EQ(kernel_->pairs(data.data(), 0, 199, MakePairSet(words.data()),
                             out.data()),
              199u);
    const auto other = Bitmap({gram ^ 1}, 2, 16);
    EXPECT_EQ(kernel_->pairs(data.data(), 0, 199, MakePairSet(other.data()),
                             out.data()),
              0u);
  }
}

INSTANTIATE_TEST_SUITE_P(Every, KernelTest,
                         testing::Values("scalar", "avx2", "avx512"));

TEST(Gram, FoldsFourLettersAsOneByOne) {
  for (unsigned at = 0; at < 4; ++at) {
    for (unsigned byte = 0; byte < 256; ++byte) {
      for (const unsigned other : {0x00u, 0x41u, 0x5au, 0x5bu, 0xc1u, 0xffu}) {
        uint8_t quad[4];
        std::fill(std::begin(quad), std::end(quad),
                  static_cast<uint8_t>(other));
        quad[at] = static_cast<uint8_t>(byte);
        ASSERT_EQ(FoldedQuad(quad), FoldedGram(quad, 4)) << byte;
      }
    }
  }
}

TEST(Gram, KnowsAQuadWhoseFirstByteMayBeAny) {
  const uint8_t quad[4] = {'x', 'Y', 0, 0xff};
  const uint32_t gram = FoldedQuad(quad);
  for (unsigned first = 0; first < 256; ++first) {
    const uint8_t bytes[4] = {static_cast<uint8_t>(first), 'y', 0, 0xff};
    const uint32_t other = FoldedQuad(bytes);
    EXPECT_EQ(IndexOfTriple(other), IndexOfTriple(gram));
    EXPECT_EQ(AnyFirst(other), AnyFirst(gram));
    EXPECT_NE(AnyFirst(other), other);
  }
}

TEST(Gram, ChecksTheThreeBytesFarthestFromTheGram) {
  const uint8_t quad[4] = {'A', 'b', 'C', '?'};
  EXPECT_EQ(CheckOf(quad, 5), 0x3f636205u);
  EXPECT_EQ(CheckOf(quad, -2), 0x636261feu);
  EXPECT_EQ(CheckDistance(CheckOf(quad, 5)), 5);
  EXPECT_EQ(CheckDistance(CheckOf(quad, -2)), -2);
}

TEST(BestKernel, IsOneThatExists) {
  EXPECT_EQ(FindKernel(BestKernel().name), &BestKernel());
  EXPECT_EQ(FindKernel("no such"), nullptr);
}

}  // namespace
}  // namespace vitrine::engine::match
