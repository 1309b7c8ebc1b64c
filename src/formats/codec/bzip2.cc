// SPDX-License-Identifier: Apache-2.0
#include <bzlib.h>

#include "formats/codec/decode.h"
#include "formats/codec/limits.h"
#include "formats/codec/stream.h"

namespace vitrine::codec {
namespace {

End OneStream(const Input& input, Output& out, uint64_t& consumed) {
  bz_stream stream = {};
  if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) return End::kMemory;
  const End end =
      RunStream(input, out, consumed, [&](Bytes in, std::span<uint8_t> space) {
        stream.next_in =
            reinterpret_cast<char*>(const_cast<uint8_t*>(in.data()));
        stream.avail_in = static_cast<unsigned>(in.size());
        stream.next_out = reinterpret_cast<char*>(space.data());
        stream.avail_out = static_cast<unsigned>(space.size());
        const int result = BZ2_bzDecompress(&stream);
        Step step;
        step.read = in.size() - stream.avail_in;
        step.written = space.size() - stream.avail_out;
        step.ended = result != BZ_OK;
        if (result == BZ_MEM_ERROR) {
          step.end = End::kMemory;
        } else if (result != BZ_STREAM_END) {
          step.end = End::kDamaged;
        }
        return step;
      });
  BZ2_bzDecompressEnd(&stream);
  return end;
}

bool IsStream(Bytes bytes) {
  return bytes.size() >= 4 && AsText(bytes).starts_with("BZh") &&
         bytes[3] >= '1' && bytes[3] <= '9';
}

}  // namespace

Decoded Bzip2(const Input& input) {
  Decoded decoded{Output(input.allowance), End::kWhole, 0};
  decoded.out.Reserve(FirstReserve(input));
  if (!IsStream(input.bytes)) decoded.end = End::kDamaged;
  while (decoded.end == End::kWhole &&
         IsStream(input.bytes.subspan(decoded.consumed))) {
    decoded.end = OneStream(input, decoded.out, decoded.consumed);
  }
  return decoded;
}

}  // namespace vitrine::codec
