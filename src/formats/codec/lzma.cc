// SPDX-License-Identifier: Apache-2.0
#include <lzma.h>

#include <array>

#include "base/byte_reader.h"
#include "formats/codec/decode.h"
#include "formats/codec/limits.h"
#include "formats/codec/stream.h"

namespace vitrine::codec {
namespace {

End EndOf(lzma_ret result) {
  switch (result) {
    case LZMA_STREAM_END:
      return End::kWhole;
    case LZMA_MEM_ERROR:
    case LZMA_MEMLIMIT_ERROR:
      return End::kMemory;
    default:
      return End::kDamaged;
  }
}

// Feeds `header`, then input.bytes from `consumed` on.
End Run(lzma_stream& stream, Bytes header, const Input& input, Output& out,
        uint64_t& consumed) {
  stream.next_in = header.data();
  stream.avail_in = header.size();
  if (!header.empty()) {
    // The decoder moves only while there is room for output; a header makes
    // none.
    uint8_t unused = 0;
    stream.next_out = &unused;
    stream.avail_out = 1;
    const lzma_ret result = lzma_code(&stream, LZMA_RUN);
    if (result != LZMA_OK) return EndOf(result);
  }
  return RunStream(
      input, out, consumed, [&](Bytes in, std::span<uint8_t> space) {
        const bool last = consumed + in.size() == input.bytes.size();
        stream.next_in = in.data();
        stream.avail_in = in.size();
        stream.next_out = space.data();
        stream.avail_out = space.size();
        const lzma_ret result =
            lzma_code(&stream, last ? LZMA_FINISH : LZMA_RUN);
        Step step;
        step.read = in.size() - stream.avail_in;
        step.written = space.size() - stream.avail_out;
        step.ended = result != LZMA_OK && result != LZMA_BUF_ERROR;
        step.end = EndOf(result);
        return step;
      });
}

Decoded Decode(lzma_stream& stream, lzma_ret started, Bytes header,
               const Input& input, uint64_t skip) {
  Decoded decoded{Output(input.allowance), End::kWhole, skip};
  if (started != LZMA_OK) {
    decoded.end = EndOf(started);
  } else {
    decoded.out.Reserve(FirstReserve(input));
    decoded.end = Run(stream, header, input, decoded.out, decoded.consumed);
  }
  lzma_end(&stream);
  return decoded;
}

}  // namespace

Decoded Xz(const Input& input) {
  lzma_stream stream = LZMA_STREAM_INIT;
  const lzma_ret started =
      lzma_stream_decoder(&stream, kDictionaryMax, LZMA_CONCATENATED);
  Decoded decoded = Decode(stream, started, {}, input, 0);
  return decoded;
}

Decoded LzmaAlone(const Input& input) {
  lzma_stream stream = LZMA_STREAM_INIT;
  const lzma_ret started = lzma_alone_decoder(&stream, kDictionaryMax);
  return Decode(stream, started, {}, input, 0);
}

Decoded LzmaZip(const Input& input) {
  const ByteReader reader(input.bytes);
  const auto size = reader.U16(2);
  if (!size || *size != 5 || !reader.Contains(4, 5)) {
    return {Output(input.allowance),
            size && *size != 5 ? End::kDamaged : End::kTruncated, 0};
  }
  // The header of an .lzma file: the properties, then the size.
  std::array<uint8_t, 13> header;
  const uint64_t length = input.expected != 0 ? input.expected : ~uint64_t{0};
  for (size_t i = 0; i < 5; ++i) header[i] = input.bytes[4 + i];
  for (size_t i = 0; i < 8; ++i) {
    header[5 + i] = static_cast<uint8_t>(length >> (8 * i));
  }
  lzma_stream stream = LZMA_STREAM_INIT;
  const lzma_ret started = lzma_alone_decoder(&stream, kDictionaryMax);
  return Decode(stream, started, header, input, 9);
}

}  // namespace vitrine::codec
