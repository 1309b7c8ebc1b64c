// SPDX-License-Identifier: Apache-2.0
#include "formats/codec/zstd_frame.h"

#include <zstd.h>

#include <algorithm>
#include <bit>
#include <memory>

#include "formats/codec/limits.h"

namespace vitrine::codec {
namespace {

struct Closer {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

}  // namespace

Result<ByteVector> PackFrame(Bytes bytes, Bytes prefix, int level) {
  const uint64_t reach = bytes.size() + prefix.size();
  if (reach > kFrameReachMax) {
    return Error{Code::kLimit, "too large to be compressed in one frame"};
  }
  const std::unique_ptr<ZSTD_CCtx, Closer> context(ZSTD_createCCtx());
  if (context == nullptr) return Error{Code::kUnavailable, "no memory"};
  const auto set = [&](ZSTD_cParameter parameter, int value) {
    CHECK(
        !ZSTD_isError(ZSTD_CCtx_setParameter(context.get(), parameter, value)));
  };
  set(ZSTD_c_compressionLevel, level);
  if (!prefix.empty()) {
    // All of both must stay in reach, wherever it was last seen.
    set(ZSTD_c_windowLog,
        std::max(10, static_cast<int>(std::bit_width(reach))));
    set(ZSTD_c_enableLongDistanceMatching, 1);
    CHECK(!ZSTD_isError(
        ZSTD_CCtx_refPrefix(context.get(), prefix.data(), prefix.size())));
  }
  ByteVector out(ZSTD_compressBound(bytes.size()));
  const size_t size = ZSTD_compress2(context.get(), out.data(), out.size(),
                                     bytes.data(), bytes.size());
  if (ZSTD_isError(size)) {
    return Error{Code::kUnavailable, ZSTD_getErrorName(size)};
  }
  out.resize(size);
  out.shrink_to_fit();
  return out;
}

Status UnpackFrame(Bytes frame, Bytes prefix, std::span<uint8_t> out) {
  const std::unique_ptr<ZSTD_DCtx, Closer> context(ZSTD_createDCtx());
  if (context == nullptr) return Error{Code::kUnavailable, "no memory"};
  // One frame, all of the input: several would be a second spelling.
  if (ZSTD_findFrameCompressedSize(frame.data(), frame.size()) !=
      frame.size()) {
    return Error{Code::kInvalid, "not exactly one Zstandard frame"};
  }
  if (!prefix.empty() && ZSTD_isError(ZSTD_DCtx_refPrefix(
                             context.get(), prefix.data(), prefix.size()))) {
    return Error{Code::kUnavailable, "no memory"};
  }
  const size_t size = ZSTD_decompressDCtx(context.get(), out.data(), out.size(),
                                          frame.data(), frame.size());
  if (ZSTD_isError(size) || size != out.size()) {
    return Error{Code::kInvalid, "damaged Zstandard frame"};
  }
  return Ok();
}

}  // namespace vitrine::codec
