// SPDX-License-Identifier: Apache-2.0
#include "formats/image/broken.h"

#include <bit>
#include <cstdint>
#include <string_view>

#include "base/byte_reader.h"
#include "formats/image/limits.h"

// What is checked, and in which order, is what clamscan 1.4.6 was seen to
// check: chunks, segments and blocks must lie inside the file, no more.
namespace vitrine::image {
namespace {

// The alert's last words; empty: nothing is wrong.
using Reason = std::string_view;

Reason CheckPng(const ByteReader& in) {
  constexpr auto kBig = std::endian::big;
  uint64_t at = 8;
  for (uint32_t i = 0; i < kPiecesMax; ++i) {
    const auto length = in.Peek<kBig, uint32_t>(at);
    if (!length) return {};
    if (*length > INT32_MAX) return "PNG.InvalidChunkLength";
    const auto type = in.Peek<kBig, uint32_t>(at + 4);
    if (!type) return "PNG.EOFReadingChunkType";
    if (!in.Contains(at + 8, *length)) return "PNG.EOFReadingChunk";
    if (!in.Contains(at + 8 + *length, 4)) return "PNG.EOFReadingChunkCRC";
    if (*type == 0x49454e44) return {};  // IEND
    at += uint64_t{12} + *length;
  }
  return {};
}

// Past the sub-blocks that start at `at`; nullopt: the file ends before.
std::optional<uint64_t> SkipGifBlocks(const ByteReader& in, uint64_t at) {
  while (true) {
    const auto size = in.U8(at);
    if (!size || !in.Contains(at + 1, *size)) return std::nullopt;
    at += uint64_t{1} + *size;
    if (*size == 0) return at;
  }
}

uint64_t ColourTableSize(uint8_t flags) {
  return (flags & 0x80) != 0 ? uint64_t{6} << (flags & 7) : 0;
}

Reason CheckGif(const ByteReader& in) {
  if (!in.Contains(6, 7)) return "GIF.TruncatedScreenDescriptor";
  const uint64_t colours = ColourTableSize(*in.U8(10));
  if (!in.Contains(13, colours)) return "GIF.TruncatedGlobalColorTable";
  uint64_t at = 13 + colours;
  bool image = false;
  for (uint32_t i = 0; i < kPiecesMax; ++i) {
    const Reason missing = image ? Reason() : "GIF.MissingImageData";
    const auto label = in.U8(at++);
    if (!label) return missing;
    if (*label == 0x3b) return {};  // The trailer.
    if (*label == 0x21) {
      if (!in.U8(at)) return "GIF.TruncatedExtension";
      const auto next = SkipGifBlocks(in, at + 1);
      if (!next) return missing;
      at = *next;
    } else if (*label == 0x2c) {
      if (!in.Contains(at, 9)) return "GIF.TruncatedImageDescriptor";
      // Then the table of colours and the width of the first code.
      at += 9 + ColourTableSize(*in.U8(at + 8)) + 1;
      const auto next = SkipGifBlocks(in, at);
      if (!next) return "GIF.TruncatedImageDataBlock";
      at = *next;
      image = true;
    } else {
      return "GIF.UnknownBlockLabel";
    }
  }
  return {};
}

uint64_t TiffTypeSize(uint16_t type) {
  constexpr uint8_t kSizes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8};
  return type < sizeof(kSizes) ? kSizes[type] : 0;
}

template <std::endian kOrder>
Reason CheckTiff(const ByteReader& in) {
  const auto first = in.Peek<kOrder, uint32_t>(4);
  if (!first) return "TIFF.EOFReadingFirstIFDOffset";
  if (*first == 0) return "TIFF.InvalidIFDOffset";
  uint64_t directory = *first;
  // Directories only rise; entries lie inside the file: the file bounds both.
  while (true) {
    const auto count = in.Peek<kOrder, uint16_t>(directory);
    if (!count) return "TIFF.EOFReadingNumIFDDirectoryEntries";
    uint64_t at = directory + 2;
    for (uint16_t i = 0; i < *count; ++i, at += 12) {
      if (!in.Contains(at, 12)) return "TIFF.EOFReadingIFDEntry";
      const auto type = *in.Peek<kOrder, uint16_t>(at + 2);
      const uint64_t items = *in.Peek<kOrder, uint32_t>(at + 4);
      const uint64_t size = TiffTypeSize(type) * items;
      const auto value = *in.Peek<kOrder, uint32_t>(at + 8);
      if (size > 4 && !in.Contains(value, size)) {
        return "TIFF.OutOfBoundsAccess";
      }
    }
    const auto next = in.Peek<kOrder, uint32_t>(at);
    if (!next) return "TIFF.EOFReadingChunkCRC";
    if (*next == 0) return {};
    if (*next <= directory) return "TIFF.OutOfOrderIFDOffset";
    directory = *next;
  }
}

Reason CheckTiffOfAnyOrder(const ByteReader& in) {
  return in.U8(0) == uint8_t{'M'} ? CheckTiff<std::endian::big>(in)
                                  : CheckTiff<std::endian::little>(in);
}

class JpegCheck {
 public:
  explicit JpegCheck(const ByteReader& in) : in_(in) {}

  Reason Run() {
    uint64_t at = 2;
    for (uint32_t i = 0; i < kPiecesMax; ++i) {
      const Reason stray = FindMarker(at);
      if (!stray.empty()) return stray;
      const auto size = in_.Peek<std::endian::big, uint16_t>(at);
      if (!size) return "JPEG.CantReadSegmentSize";
      if (*size < 2) return "JPEG.InvalidSegmentSize";
      // One byte beyond the end is overlooked.
      if (at + *size > in_.size() + 1) return "JPEG.SegmentDataOutOfFile";
      if (marker_ == kScan) return {};
      // Lossless JPEG has markers of its own from here on.
      if (marker_ == kJpg7) {
        return jfif_ || exif_ || spiff_ ? "JPEG.AppMarkerBeforeJPG7" : "";
      }
      const Reason bad = CheckSegment(i, at + 2, *size);
      if (!bad.empty()) return bad;
      previous_ = marker_;
      at += *size;
    }
    return {};
  }

 private:
  static constexpr uint8_t kScan = 0xda;
  static constexpr uint8_t kComment = 0xfe;
  static constexpr uint8_t kJpg7 = 0xf7;

  // Some bytes may stand before a segment.
  Reason FindMarker(uint64_t& at) {
    constexpr int kStrayMax = 16;
    uint8_t before = 0;
    for (int i = 0; i < kStrayMax; ++i) {
      const auto byte = in_.U8(at++);
      if (!byte) return "JPEG.CantReadSegmentSize";
      if (before == 0xff && *byte != 0xff) {
        marker_ = *byte;
        return {};
      }
      before = *byte;
    }
    return "JPEG.SpuriousBytesBeforeSegment";
  }

  bool StartsWith(uint64_t at, std::string_view word) const {
    return AsText(Clip(in_.bytes(), at, word.size())) == word;
  }

  // First, or second after a comment or Exif.
  bool IsAtFront(uint32_t index) const {
    return index == 0 ||
           (index == 1 && (previous_ == kComment || previous_ == 0xe1));
  }

  Reason CheckSegment(uint32_t index, uint64_t at, uint16_t size) {
    using std::string_view_literals::operator""sv;
    switch (marker_) {
      case 0xe0:
        if (!StartsWith(at, "JFIF\0"sv)) return {};
        if (jfif_) return "JPEG.JFIFdupAppMarker";
        if (!IsAtFront(index)) return "JPEG.JFIFmarkerBadPosition";
        if (size < 16) return "JPEG.JFIFheaderTooShort";
        jfif_ = true;
        return {};
      case 0xe1:
        if (!StartsWith(at, "Exif\0\0"sv)) return {};
        if (exif_ || spiff_) return "JPEG.ExifDupAppMarker";
        if (size < 16) return "JPEG.ExifHeaderTooShort";
        exif_ = true;
        return {};
      case 0xe8:
        if (!StartsWith(at, "SPIFF\0"sv)) return {};
        if (jfif_ || exif_ || spiff_) return "JPEG.SPIFFdupAppMarker";
        if (!IsAtFront(index)) return "JPEG.SPIFFmarkerBadPosition";
        if (size < 16) return "JPEG.SPIFFheaderTooShort";
        spiff_ = true;
        return {};
      case 0xf1:
        tiles_ = true;
        return {};
      case 0xf2:
        return tiles_ ? "" : "JPEG.DTTMissingDTISegment";
      default:
        return {};
    }
  }

  const ByteReader& in_;
  uint8_t marker_ = 0;
  uint8_t previous_ = 0;
  bool jfif_ = false;
  bool exif_ = false;
  bool spiff_ = false;
  bool tiles_ = false;
};

}  // namespace

std::optional<std::string> BrokenReason(Bytes image, FileType type) {
  const ByteReader in(image);
  Reason reason;
  switch (type) {
    case FileType::kPNG:
      reason = CheckPng(in);
      break;
    case FileType::kGIF:
      reason = CheckGif(in);
      break;
    case FileType::kTIFF:
      reason = CheckTiffOfAnyOrder(in);
      break;
    case FileType::kJPEG:
      reason = JpegCheck(in).Run();
      break;
    default:
      break;
  }
  if (reason.empty()) return std::nullopt;
  return std::string(reason);
}

}  // namespace vitrine::image
