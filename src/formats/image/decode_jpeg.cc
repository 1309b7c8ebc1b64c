// SPDX-License-Identifier: Apache-2.0
#include <csetjmp>
#include <cstddef>
#include <cstdio>

// Needs the above.
#include <jpeglib.h>

#include "formats/image/limits.h"
#include "formats/image/picture.h"

namespace vitrine::image {
namespace {

// libjpeg reports errors by jumping: as in decode_png.cc, nothing that owns
// memory lives in a function that it may jump out of.
struct Reader {
  jpeg_decompress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf jump{};
  bool too_many_scans = false;
  bool created = false;

  Reader() = default;
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() {
    if (created) jpeg_destroy_decompress(&jpeg);
  }
};

[[noreturn]] void OnError(j_common_ptr common) {
  std::longjmp(static_cast<Reader*>(common->client_data)->jump, 1);
}

void OnMessage(j_common_ptr) {}

void OnProgress(j_common_ptr common) {
  auto* reader = static_cast<Reader*>(common->client_data);
  if (reader->jpeg.input_scan_number <= kJpegScansMax) return;
  reader->too_many_scans = true;
  OnError(common);
}

bool ReadHeader(Reader& reader, Bytes file) {
  if (setjmp(reader.jump) != 0) return false;
  reader.jpeg.err = jpeg_std_error(&reader.errors);
  reader.errors.error_exit = OnError;
  reader.errors.output_message = OnMessage;
  reader.jpeg.client_data = &reader;
  jpeg_create_decompress(&reader.jpeg);
  reader.created = true;
  reader.progress.progress_monitor = OnProgress;
  reader.jpeg.progress = &reader.progress;
  jpeg_mem_src(&reader.jpeg, file.data(),
               static_cast<unsigned long>(file.size()));
  jpeg_read_header(&reader.jpeg, TRUE);
  if (reader.jpeg.out_color_space != JCS_GRAYSCALE &&
      reader.jpeg.out_color_space != JCS_CMYK) {
    reader.jpeg.out_color_space = JCS_RGB;
  }
  return true;
}

bool Start(Reader& reader) {
  if (setjmp(reader.jump) != 0) return false;
  return jpeg_start_decompress(&reader.jpeg) != 0;
}

bool ReadRow(Reader& reader, uint8_t* row) {
  if (setjmp(reader.jump) != 0) return false;
  JSAMPROW rows[] = {row};
  return jpeg_read_scanlines(&reader.jpeg, rows, 1) == 1;
}

// One pixel of 1, 3 or 4 bytes. Adobe writes CMYK upside down.
uint8_t GreyOf(const uint8_t* pixel, int channels, bool inverted) {
  if (channels == 1) return pixel[0];
  if (channels == 3) return Grey(pixel[0], pixel[1], pixel[2]);
  uint32_t inks[4];
  for (int i = 0; i < 4; ++i) {
    inks[i] = inverted ? pixel[i] : 255u - pixel[i];
  }
  return Grey(inks[0] * inks[3] / 255, inks[1] * inks[3] / 255,
              inks[2] * inks[3] / 255);
}

Error Broken(const Reader& reader) {
  if (reader.too_many_scans) return Error{Code::kLimit, "too many JPEG scans"};
  return Error{Code::kInvalid, "broken JPEG"};
}

}  // namespace

Result<Picture> DecodeJpeg(Bytes file) {
  Reader reader;
  if (!ReadHeader(reader, file)) return Broken(reader);
  Picture picture;
  picture.width = reader.jpeg.image_width;
  picture.height = reader.jpeg.image_height;
  TRY(CheckSize(picture.width, picture.height));
  if (!Start(reader)) return Broken(reader);
  const int channels = reader.jpeg.output_components;
  if (channels != 1 && channels != 3 && channels != 4) return Broken(reader);
  const bool inverted = reader.jpeg.saw_Adobe_marker != 0;
  ByteVector row(static_cast<size_t>(channels) * picture.width);
  picture.grey.reserve(size_t{picture.width} * picture.height);
  for (uint32_t y = 0; y < picture.height; ++y) {
    if (!ReadRow(reader, row.data())) return Broken(reader);
    for (uint32_t x = 0; x < picture.width; ++x) {
      picture.grey.push_back(
          GreyOf(row.data() + size_t{x} * static_cast<size_t>(channels),
                 channels, inverted));
    }
  }
  // Missing data is no error to libjpeg: it paints what is missing grey.
  if (reader.errors.num_warnings > 0) return Broken(reader);
  return picture;
}

}  // namespace vitrine::image
