// SPDX-License-Identifier: Apache-2.0
#include <zstd.h>
#include <zstd_errors.h>

#include <memory>

#include "formats/codec/decode.h"
#include "formats/codec/limits.h"
#include "formats/codec/stream.h"

namespace vitrine::codec {
namespace {

struct Closer {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

bool IsFrame(Bytes bytes) {
  if (bytes.size() < 4) return false;
  const bool skippable = (bytes[0] & 0xf0) == 0x50 && bytes[1] == 0x2a &&
                         bytes[2] == 0x4d && bytes[3] == 0x18;
  return skippable || (bytes[0] == 0x28 && bytes[1] == 0xb5 &&
                       bytes[2] == 0x2f && bytes[3] == 0xfd);
}

End OneFrame(ZSTD_DCtx* context, const Input& input, Output& out,
             uint64_t& consumed) {
  return RunStream(
      input, out, consumed, [&](Bytes in, std::span<uint8_t> space) {
        ZSTD_inBuffer from = {in.data(), in.size(), 0};
        ZSTD_outBuffer to = {space.data(), space.size(), 0};
        const size_t result = ZSTD_decompressStream(context, &to, &from);
        Step step;
        step.read = from.pos;
        step.written = to.pos;
        step.ended = result == 0 || ZSTD_isError(result);
        if (ZSTD_isError(result)) {
          const ZSTD_ErrorCode code = ZSTD_getErrorCode(result);
          const bool memory =
              code == ZSTD_error_frameParameter_windowTooLarge ||
              code == ZSTD_error_memory_allocation;
          step.end = memory ? End::kMemory : End::kDamaged;
        }
        return step;
      });
}

}  // namespace

Decoded Zstd(const Input& input) {
  Decoded decoded{Output(input.allowance), End::kWhole, 0};
  const std::unique_ptr<ZSTD_DCtx, Closer> context(ZSTD_createDCtx());
  if (context == nullptr) {
    decoded.end = End::kMemory;
    return decoded;
  }
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kZstdWindowLogMax);
  decoded.out.Reserve(FirstReserve(input));
  if (!IsFrame(input.bytes)) decoded.end = End::kDamaged;
  while (decoded.end == End::kWhole &&
         IsFrame(input.bytes.subspan(decoded.consumed))) {
    decoded.end = OneFrame(context.get(), input, decoded.out, decoded.consumed);
  }
  return decoded;
}

}  // namespace vitrine::codec
