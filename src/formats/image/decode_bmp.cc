// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdlib>

#include "base/byte_reader.h"
#include "formats/image/picture.h"

namespace vitrine::image {
namespace {

Error Broken() { return Error{Code::kInvalid, "broken BMP"}; }

struct Header {
  uint64_t pixels = 0;   // Where they start.
  uint64_t palette = 0;  // And where their colours.
  uint32_t width = 0;
  uint32_t height = 0;
  bool top_down = false;
  uint32_t bits = 0;
};

Result<Header> ReadHeader(const ByteReader& in) {
  constexpr auto kLittle = std::endian::little;
  const auto magic = TRY((in.Read<kLittle, uint16_t>(0)));
  const auto info = TRY((in.Read<kLittle, uint32_t>(14)));
  const auto width = TRY((in.Read<kLittle, int32_t>(18)));
  const auto height = TRY((in.Read<kLittle, int32_t>(22)));
  const auto bits = TRY((in.Read<kLittle, uint16_t>(28)));
  const auto compression = TRY((in.Read<kLittle, uint32_t>(30)));
  if (magic != 0x4d42 || info < 40 || width <= 0 || height == INT32_MIN) {
    return Broken();
  }
  if (compression != 0) return Error{Code::kInvalid, "compressed BMP"};
  Header header;
  header.pixels = TRY((in.Read<kLittle, uint32_t>(10)));
  header.palette = uint64_t{14} + info;
  header.width = static_cast<uint32_t>(width);
  header.height = static_cast<uint32_t>(std::abs(height));
  header.top_down = height < 0;
  header.bits = bits;
  TRY(CheckSize(header.width, header.height));
  return header;
}

}  // namespace

Result<Picture> DecodeBmp(Bytes file) {
  const ByteReader in(file);
  const Header header = TRY(ReadHeader(in));
  const uint32_t bits = header.bits;
  if (bits != 1 && bits != 4 && bits != 8 && bits != 24 && bits != 32) {
    return Broken();
  }
  std::array<uint8_t, 256> palette{};
  if (bits <= 8) {
    for (uint32_t i = 0; i < 1u << bits; ++i) {
      const Bytes c = Clip(file, header.palette + uint64_t{i} * 4, 4);
      if (c.size() == 4) palette[i] = Grey(c[2], c[1], c[0]);
    }
  }
  // Rows are padded to four bytes.
  const uint64_t stride = (uint64_t{header.width} * bits + 31) / 32 * 4;
  Picture picture{header.width, header.height, {}};
  picture.grey.reserve(size_t{header.width} * header.height);
  for (uint32_t y = 0; y < header.height; ++y) {
    const uint32_t line = header.top_down ? y : header.height - 1 - y;
    const Bytes row = TRY(in.At(header.pixels + line * stride, stride));
    for (uint32_t x = 0; x < header.width; ++x) {
      if (bits >= 24) {
        const size_t at = size_t{x} * (bits / 8);
        picture.grey.push_back(Grey(row[at + 2], row[at + 1], row[at]));
        continue;
      }
      const uint32_t bit = x * bits;
      const uint32_t shift = 8 - bits - bit % 8;
      const uint32_t index = row[bit / 8] >> shift & ((1u << bits) - 1);
      picture.grey.push_back(palette[index]);
    }
  }
  return picture;
}

}  // namespace vitrine::image
