// SPDX-License-Identifier: Apache-2.0
#include "crypto/md5_blocks.h"

#include <gtest/gtest.h>

#include <random>

namespace vitrine::crypto {
namespace {

TEST(Md5Blocks, SaysWhatOpenSslSaysWhereverTheBytesAreCut) {
  std::mt19937 random(11);
  for (size_t size = 0; size < 400; ++size) {
    ByteVector bytes(size);
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
    const Bytes all(bytes);
    for (size_t cut = 0; cut <= size; cut += kMd5BlockSize) {
      Md5State state = kMd5Start;
      Md5Blocks(state, all.first(cut));
      EXPECT_EQ(Md5Finish(state, all.subspan(cut), size), Md5(all)) << size;
    }
  }
}

}  // namespace
}  // namespace vitrine::crypto
