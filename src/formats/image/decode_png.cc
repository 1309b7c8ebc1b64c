// SPDX-License-Identifier: Apache-2.0
#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstring>
#include <utility>

#include "formats/image/picture.h"

namespace vitrine::image {
namespace {

// libpng reports errors by jumping. So nothing that owns memory lives in a
// function that it may jump out of: the buffers are the caller's.
struct Source {
  Bytes file;
  size_t at = 0;
};

void ReadSource(png_structp png, png_bytep to, png_size_t size) {
  auto* source = static_cast<Source*>(png_get_io_ptr(png));
  if (size > source->file.size() - source->at) png_error(png, "truncated");
  std::memcpy(to, source->file.data() + source->at, size);
  source->at += size;
}

void OnError(png_structp png, png_const_charp) { png_longjmp(png, 1); }
void OnWarning(png_structp, png_const_charp) {}

struct Reader {
  png_structp png = nullptr;
  png_infop info = nullptr;
  Source source;

  ~Reader() { png_destroy_read_struct(&png, &info, nullptr); }
};

// Colours in 8 bits each, no alpha, palettes looked up.
bool ReadHeader(Reader& reader) {
  if (setjmp(png_jmpbuf(reader.png)) != 0) return false;
  png_set_user_limits(reader.png, 0x7fffffff, 0x7fffffff);
  png_set_read_fn(reader.png, &reader.source, ReadSource);
  png_set_crc_action(reader.png, PNG_CRC_DEFAULT, PNG_CRC_QUIET_USE);
  png_read_info(reader.png, reader.info);
  return true;
}

bool Prepare(Reader& reader) {
  if (setjmp(png_jmpbuf(reader.png)) != 0) return false;
  png_set_expand(reader.png);
  png_set_scale_16(reader.png);
  png_set_strip_alpha(reader.png);
  png_set_interlace_handling(reader.png);
  png_read_update_info(reader.png, reader.info);
  return true;
}

bool ReadRows(Reader& reader, png_bytepp rows) {
  if (setjmp(png_jmpbuf(reader.png)) != 0) return false;
  png_read_image(reader.png, rows);
  return true;
}

Error Broken() { return Error{Code::kInvalid, "broken PNG"}; }

}  // namespace

Result<Picture> DecodePng(Bytes file) {
  Reader reader;
  reader.source.file = file;
  reader.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, nullptr, OnError,
                                      OnWarning);
  if (reader.png == nullptr) return Error{Code::kInternal, "no PNG reader"};
  reader.info = png_create_info_struct(reader.png);
  if (reader.info == nullptr) return Error{Code::kInternal, "no PNG reader"};
  if (!ReadHeader(reader)) return Broken();
  Picture picture;
  picture.width = png_get_image_width(reader.png, reader.info);
  picture.height = png_get_image_height(reader.png, reader.info);
  TRY(CheckSize(picture.width, picture.height));
  if (!Prepare(reader)) return Broken();
  const size_t row = png_get_rowbytes(reader.png, reader.info);
  const size_t channels = png_get_channels(reader.png, reader.info);
  if (channels != 1 && channels != 3) return Broken();
  if (row != channels * picture.width) return Broken();
  ByteVector pixels(row * picture.height);
  std::vector<png_bytep> rows(picture.height);
  for (size_t y = 0; y < rows.size(); ++y) rows[y] = pixels.data() + y * row;
  if (!ReadRows(reader, rows.data())) return Broken();
  if (channels == 1) {
    picture.grey = std::move(pixels);
    return picture;
  }
  picture.grey.resize(pixels.size() / 3);
  for (size_t i = 0; i < picture.grey.size(); ++i) {
    picture.grey[i] = Grey(pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]);
  }
  return picture;
}

}  // namespace vitrine::image
