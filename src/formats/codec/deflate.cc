// SPDX-License-Identifier: Apache-2.0
// DEFLATE and its wrappings. libdeflate is two to three times faster than zlib
// but wants the whole output at once and says nothing of what it made when the
// data is bad; so it has the first try and zlib the hard cases.
#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <memory>

#include "base/byte_reader.h"
#include "formats/codec/decode.h"
#include "formats/codec/gzip_header.h"
#include "formats/codec/limits.h"
#include "formats/codec/stream.h"

namespace vitrine::codec {
namespace {

struct Closer {
  void operator()(libdeflate_decompressor* d) const {
    libdeflate_free_decompressor(d);
  }
};
using Decompressor = std::unique_ptr<libdeflate_decompressor, Closer>;

// True when it worked; otherwise nothing has happened.
bool TryWhole(libdeflate_decompressor* decompressor, Bytes in, uint64_t room,
              Output& out, uint64_t& consumed) {
  out.Reserve(out.size() + room);
  const std::span<uint8_t> space = out.Space();
  if (space.empty()) return false;
  size_t read = 0;
  size_t written = 0;
  const libdeflate_result result = libdeflate_deflate_decompress_ex(
      decompressor, in.data(), in.size(), space.data(), space.size(), &read,
      &written);
  if (result != LIBDEFLATE_SUCCESS) return false;
  out.Commit(written);
  consumed += read;
  return true;
}

// `window_bits` as inflateInit2() takes them.
End Stream(const Input& input, int window_bits, Output& out,
           uint64_t& consumed) {
  z_stream stream = {};
  if (inflateInit2(&stream, window_bits) != Z_OK) return End::kMemory;
  const End end =
      RunStream(input, out, consumed, [&](Bytes in, std::span<uint8_t> space) {
        stream.next_in = const_cast<Bytef*>(in.data());
        stream.avail_in = static_cast<uInt>(in.size());
        stream.next_out = space.data();
        stream.avail_out = static_cast<uInt>(space.size());
        const int result = inflate(&stream, Z_NO_FLUSH);
        Step step;
        step.read = in.size() - stream.avail_in;
        step.written = space.size() - stream.avail_out;
        step.ended = result != Z_OK && result != Z_BUF_ERROR;
        if (step.ended && result != Z_STREAM_END) step.end = End::kDamaged;
        return step;
      });
  inflateEnd(&stream);
  return end;
}

// One bare stream at input.bytes[consumed], appended to `out`.
End Inflate(const Input& input, libdeflate_decompressor* decompressor,
            Output& out, uint64_t& consumed) {
  const Bytes in = input.bytes.subspan(consumed);
  const uint64_t possible =
      kDeflateRatioMax * static_cast<uint64_t>(in.size()) + kFirstOutput;
  const uint64_t room =
      input.expected != 0 && input.expected <= possible
          ? input.expected
          : std::min(possible, 4 * static_cast<uint64_t>(in.size()));
  if (decompressor != nullptr && !input.deadline.Passed() &&
      room <= input.allowance &&
      TryWhole(decompressor, in, room, out, consumed)) {
    return out.overflowed() ? End::kCut : End::kWhole;
  }
  return Stream(input, -MAX_WBITS, out, consumed);
}

}  // namespace

Decoded Deflate(const Input& input) {
  Decoded decoded{Output(input.allowance), End::kWhole, 0};
  const Decompressor decompressor(libdeflate_alloc_decompressor());
  decoded.end =
      Inflate(input, decompressor.get(), decoded.out, decoded.consumed);
  return decoded;
}

Decoded Zlib(const Input& input) {
  Decoded decoded{Output(input.allowance), End::kWhole, 0};
  decoded.out.Reserve(FirstReserve(input));
  decoded.end = Stream(input, MAX_WBITS, decoded.out, decoded.consumed);
  return decoded;
}

Decoded Gzip(const Input& input) {
  Decoded decoded{Output(input.allowance), End::kWhole, 0};
  const Decompressor decompressor(libdeflate_alloc_decompressor());
  const ByteReader reader(input.bytes);
  Input member = input;
  if (member.expected == 0 && input.bytes.size() >= 18) {
    member.expected = reader.U32(input.bytes.size() - 4).value_or(0);
  }
  bool damaged = false;
  for (uint32_t i = 0; decoded.end == End::kWhole; ++i) {
    const auto header = ParseGzipHeader(input.bytes, decoded.consumed);
    if (!header.ok()) {
      // Whatever follows the first member and is no member is not ours.
      if (i == 0) decoded.end = End::kTruncated;
      break;
    }
    if (i % kMembersPerLook == kMembersPerLook - 1 && input.deadline.Passed()) {
      decoded.end = End::kDeadline;
      break;
    }
    uint64_t consumed = decoded.consumed + header.value().size;
    const uint64_t before = decoded.out.size();
    member.allowance = input.allowance - before;
    decoded.end = Inflate(member, decompressor.get(), decoded.out, consumed);
    decoded.consumed = consumed;
    if (decoded.end != End::kWhole) break;
    const auto crc = reader.U32(consumed);
    if (!crc || !reader.Contains(consumed, 8)) {
      decoded.end = End::kTruncated;
      break;
    }
    const Bytes made = decoded.out.bytes().subspan(before);
    damaged |= libdeflate_crc32(0, made.data(), made.size()) != *crc;
    decoded.consumed += 8;
  }
  if (damaged && decoded.end == End::kWhole) decoded.end = End::kDamaged;
  return decoded;
}

}  // namespace vitrine::codec
