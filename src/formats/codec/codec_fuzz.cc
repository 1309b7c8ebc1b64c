// SPDX-License-Identifier: Apache-2.0
// The first byte says which decoder, the second the allowance.
#include <array>
#include <cstddef>
#include <cstdint>

#include "formats/codec/decode.h"

using vitrine::Bytes;
namespace codec = vitrine::codec;

namespace {

codec::Decoded ImplodeSmall(const codec::Input& input) {
  return codec::Implode(input, {false, false});
}
codec::Decoded ImplodeLarge(const codec::Input& input) {
  return codec::Implode(input, {true, true});
}

constexpr std::array<codec::Decoded (*)(const codec::Input&), 15> kDecoders = {
    codec::Deflate, codec::Zlib,  codec::Gzip,      codec::Deflate64,
    codec::Bzip2,   codec::Xz,    codec::LzmaAlone, codec::LzmaZip,
    codec::Zstd,    codec::Lz4,   codec::Compress,  codec::Szdd,
    codec::Shrink,  ImplodeSmall, ImplodeLarge};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  codec::Input input;
  input.bytes = Bytes(data + 2, size - 2);
  input.allowance = uint64_t{data[1]} * 1024;
  // What a container claims is not what is there.
  input.expected = data[0] & 0x80 ? input.allowance / 2 + data[1] : 0;
  const codec::Decoded decoded =
      kDecoders[(data[0] & 0x7f) % kDecoders.size()](input);
  if (decoded.out.size() > input.allowance) __builtin_trap();
  if (decoded.consumed > input.bytes.size()) __builtin_trap();
  uint8_t sum = 0;  // Reads it all: what was handed over must be there.
  for (const uint8_t byte : decoded.out.bytes()) {
    sum = static_cast<uint8_t>(sum + byte);
  }
  volatile uint8_t sink = sum;
  static_cast<void>(sink);
  return 0;
}
