// SPDX-License-Identifier: Apache-2.0
#include "crypto/md5_blocks.h"

#include "base/check.h"

namespace vitrine::crypto {

void Md5Blocks(Md5State& state, Bytes bytes) {
  CHECK(bytes.size() % kMd5BlockSize == 0);
  Md5State s = state;
  for (size_t at = 0; at < bytes.size(); at += kMd5BlockSize) {
    const uint8_t* const block = bytes.data() + at;
    const Md5State before = s;
    Md5EightSteps<0>(s, block);
    Md5EightSteps<8>(s, block);
    Md5EightSteps<16>(s, block);
    Md5EightSteps<24>(s, block);
    Md5EightSteps<32>(s, block);
    Md5EightSteps<40>(s, block);
    Md5EightSteps<48>(s, block);
    Md5EightSteps<56>(s, block);
    Md5EndBlock(s, before);
  }
  state = s;
}

Md5Digest Md5Finish(Md5State state, Bytes rest, uint64_t total) {
  const size_t whole = rest.size() - rest.size() % kMd5BlockSize;
  Md5Blocks(state, rest.first(whole));
  rest = rest.subspan(whole);
  // A one bit, zeros, and the number of bits in the last eight bytes.
  std::array<uint8_t, 2 * kMd5BlockSize> end = {};
  if (!rest.empty()) std::memcpy(end.data(), rest.data(), rest.size());
  end[rest.size()] = 0x80;
  const size_t size =
      rest.size() + 9 <= kMd5BlockSize ? kMd5BlockSize : 2 * kMd5BlockSize;
  for (size_t i = 0; i < 8; ++i) {
    end[size - 8 + i] = static_cast<uint8_t>((total << 3) >> (8 * i));
  }
  Md5Blocks(state, Bytes(end).first(size));
  Md5Digest digest;
  for (size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<uint8_t>(state[i / 4] >> (8 * (i % 4)));
  }
  return digest;
}

}  // namespace vitrine::crypto
