// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "base/byte_reader.h"
#include "formats/image/limits.h"
#include "formats/image/picture.h"

// GIF89a; the pixels by LZW with codes of up to 12 bits.
namespace vitrine::image {
namespace {

Error Broken() { return Error{Code::kInvalid, "broken GIF"}; }

using Palette = std::array<uint8_t, 256>;  // Shades of grey.

class Decoder {
 public:
  explicit Decoder(Bytes file) : in_(file) {}

  Result<Picture> Decode();

 private:
  // A byte, or 0 with `ok_` false.
  uint8_t U8() {
    const auto value = in_.U8(at_++);
    ok_ = ok_ && value;
    return value.value_or(0);
  }
  uint16_t U16() {
    const uint32_t low = U8();
    return static_cast<uint16_t>(low | uint32_t{U8()} << 8);
  }
  void ReadPalette(uint8_t flags);
  // Sub-blocks up to the empty one.
  ByteVector ReadBlocks();
  Status ReadFrame(Picture& picture);
  static ByteVector Inflate(Bytes codes, uint8_t bits, size_t size);

  ByteReader in_;
  uint64_t at_ = 0;
  bool ok_ = true;
  Palette palette_{};
};

void Decoder::ReadPalette(uint8_t flags) {
  if ((flags & 0x80) == 0) return;
  const size_t count = size_t{2} << (flags & 7);
  for (size_t i = 0; i < count; ++i) {
    const uint8_t red = U8();
    const uint8_t green = U8();
    palette_[i] = Grey(red, green, U8());
  }
}

ByteVector Decoder::ReadBlocks() {
  ByteVector out;
  while (ok_) {
    const uint8_t size = U8();
    if (size == 0) break;
    const Bytes block = Clip(in_.bytes(), at_, size);
    out.insert(out.end(), block.begin(), block.end());
    at_ += size;
    ok_ = ok_ && block.size() == size;
  }
  return out;
}

// At most `size` indices. A broken code ends it.
ByteVector Decoder::Inflate(Bytes codes, uint8_t bits, size_t size) {
  constexpr uint32_t kCodes = 4096;
  std::array<uint16_t, kCodes> prefix{};
  std::array<uint8_t, kCodes> last{};
  std::array<uint8_t, kCodes> stack{};
  const uint32_t clear = 1u << bits;
  uint32_t next = clear + 2;
  uint32_t width = bits + 1u;
  uint32_t window = 0;
  uint32_t have = 0;
  uint32_t previous = kCodes;
  uint8_t first = 0;
  ByteVector out;
  for (size_t at = 0; out.size() < size;) {
    while (have < width && at < codes.size()) {
      window |= uint32_t{codes[at++]} << have;
      have += 8;
    }
    if (have < width) break;
    const uint32_t code = window & ((1u << width) - 1);
    window >>= width;
    have -= width;
    if (code == clear) {
      next = clear + 2;
      width = bits + 1u;
      previous = kCodes;
      continue;
    }
    if (code == clear + 1 || code > next ||
        (code == next && previous == kCodes)) {
      break;
    }
    // The string of a code, back to front.
    size_t depth = 0;
    uint32_t walk = code;
    if (code == next) {
      stack[depth++] = first;
      walk = previous;
    }
    for (; walk >= clear && depth + 1 < kCodes; walk = prefix[walk]) {
      stack[depth++] = last[walk];
    }
    first = static_cast<uint8_t>(walk);
    stack[depth++] = first;
    while (depth > 0 && out.size() < size) out.push_back(stack[--depth]);
    if (previous != kCodes && next < kCodes) {
      prefix[next] = static_cast<uint16_t>(previous);
      last[next] = first;
      ++next;
      if (next == 1u << width && width < 12) ++width;
    }
    previous = code;
  }
  return out;
}

Status Decoder::ReadFrame(Picture& picture) {
  const uint32_t left = U16();
  const uint32_t top = U16();
  const uint32_t width = U16();
  const uint32_t height = U16();
  const uint8_t flags = U8();
  ReadPalette(flags);
  const uint8_t bits = U8();
  if (!ok_ || bits == 0 || bits > 8) return Broken();
  TRY(CheckSize(width, height));
  const ByteVector codes = ReadBlocks();
  const size_t size = size_t{width} * height;
  const ByteVector indices = Inflate(codes, bits, size);
  if (indices.size() < size) return Broken();
  // Interlaced rows come in four passes.
  std::vector<uint32_t> rows;
  if ((flags & 0x40) != 0) {
    constexpr std::pair<uint32_t, uint32_t> kPasses[] = {
        {0, 8}, {4, 8}, {2, 4}, {1, 2}};
    for (const auto& [start, step] : kPasses) {
      for (uint32_t y = start; y < height; y += step) rows.push_back(y);
    }
  } else {
    for (uint32_t y = 0; y < height; ++y) rows.push_back(y);
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    const uint32_t y = top + rows[i];
    if (y >= picture.height) continue;
    for (uint32_t x = 0; x < width && left + x < picture.width; ++x) {
      picture.grey[size_t{y} * picture.width + left + x] =
          palette_[indices[i * width + x]];
    }
  }
  return Ok();
}

Result<Picture> Decoder::Decode() {
  const std::string_view magic = AsText(Clip(in_.bytes(), 0, 6));
  if (magic != "GIF87a" && magic != "GIF89a") return Broken();
  at_ = 6;
  Picture picture;
  picture.width = U16();
  picture.height = U16();
  const uint8_t flags = U8();
  at_ += 2;
  if (!ok_) return Broken();
  TRY(CheckSize(picture.width, picture.height));
  ReadPalette(flags);
  for (uint32_t i = 0; i < kPiecesMax && ok_; ++i) {
    switch (U8()) {
      case 0x21:  // An extension, with a label.
        U8();
        ReadBlocks();
        break;
      case 0x2c:
        picture.grey.resize(size_t{picture.width} * picture.height);
        TRY(ReadFrame(picture));
        return picture;
      default:
        return Broken();
    }
  }
  return Broken();
}

}  // namespace

Result<Picture> DecodeGif(Bytes file) { return Decoder(file).Decode(); }

}  // namespace vitrine::image
