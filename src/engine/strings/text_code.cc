// SPDX-License-Identifier: Apache-2.0
#include "engine/strings/text_code.h"

#include "base/code.h"

// flags, [xor_min, xor_max], count, count * (is wide, counted bytes)
namespace vitrine::engine::strings {
namespace {

constexpr uint8_t kNocase = 1;
constexpr uint8_t kFullword = 2;
constexpr uint8_t kXor = 4;

}  // namespace

ByteVector Encode(const TextCode& text) {
  CodeWriter out;
  out.U8(static_cast<uint8_t>((text.nocase ? kNocase : 0) |
                              (text.fullword ? kFullword : 0) |
                              (text.is_xor ? kXor : 0)));
  if (text.is_xor) {
    out.U8(text.xor_min);
    out.U8(text.xor_max);
  }
  out.Varint(text.needles.size());
  for (const Needle& needle : text.needles) {
    out.U8(needle.wide ? 1 : 0);
    out.Counted(needle.bytes);
  }
  return out.Take();
}

std::optional<TextView> ViewText(Bytes code) {
  CodeReader in(code);
  TextView text;
  const uint8_t flags = in.U8();
  text.nocase = (flags & kNocase) != 0;
  text.fullword = (flags & kFullword) != 0;
  text.is_xor = (flags & kXor) != 0;
  if (text.is_xor) {
    text.xor_min = in.U8();
    text.xor_max = in.U8();
  }
  const uint64_t count = in.Varint();
  if (!in.ok() || count == 0 || count > kNeedlesMax) return std::nullopt;
  text.count = count;
  for (size_t i = 0; i < count; ++i) {
    text.needles[i].wide = in.U8() != 0;
    text.needles[i].bytes = in.Counted();
    if (!in.ok() || text.needles[i].bytes.empty()) return std::nullopt;
  }
  if (text.xor_min > text.xor_max || (text.is_xor && text.nocase)) {
    return std::nullopt;
  }
  return text;
}

}  // namespace vitrine::engine::strings
