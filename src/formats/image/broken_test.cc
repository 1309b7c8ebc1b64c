// SPDX-License-Identifier: Apache-2.0
#include "formats/image/broken.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace vitrine::image {
namespace {

using std::string_view_literals::operator""sv;

std::string Sample(const std::string& name) {
  std::ifstream file(VITRINE_SOURCE_DIR "/fuzz/corpus/image_fuzz/" + name,
                     std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// "" where nothing is wrong.
std::string Reason(std::string_view file, FileType type) {
  const auto reason = BrokenReason(AsBytes(file), type);
  return reason.value_or("");
}

struct Cut {
  size_t size;
  const char* reason;
};

void ExpectCuts(const char* name, FileType type,
                std::initializer_list<Cut> cuts) {
  const std::string file = Sample(name);
  ASSERT_FALSE(file.empty());
  EXPECT_EQ(Reason(file, type), "");
  for (const Cut& cut : cuts) {
    EXPECT_EQ(Reason(std::string_view(file).substr(0, cut.size), type),
              cut.reason)
        << name << " cut to " << cut.size;
  }
}

// The alerts of clamscan 1.4.6 for the same cuts.
TEST(BrokenReason, NamesWhatACutFileLacks) {
  ExpectCuts("rgb.png", FileType::kPNG,
             {{11, ""},
              {12, "PNG.EOFReadingChunkType"},
              {16, "PNG.EOFReadingChunk"},
              {29, "PNG.EOFReadingChunkCRC"},
              {33, ""}});
  ExpectCuts("palette.gif", FileType::kGIF,
             {{12, "GIF.TruncatedScreenDescriptor"},
              {13, "GIF.TruncatedGlobalColorTable"},
              {61, "GIF.MissingImageData"},
              {62, "GIF.TruncatedImageDescriptor"},
              {71, "GIF.TruncatedImageDataBlock"},
              {205, ""}});
  ExpectCuts("grey.jpg", FileType::kJPEG,
             {{18, "JPEG.SegmentDataOutOfFile"},
              {19, "JPEG.CantReadSegmentSize"},
              {24, "JPEG.SegmentDataOutOfFile"},
              {327, ""}});
  ExpectCuts("rgb.tiff", FileType::kTIFF,
             {{7, "TIFF.EOFReadingFirstIFDOffset"},
              {9, "TIFF.EOFReadingNumIFDDirectoryEntries"},
              {10, "TIFF.EOFReadingIFDEntry"},
              {46, "TIFF.OutOfBoundsAccess"},
              {140, ""}});
}

TEST(BrokenReason, KnowsWhereJpegHeadersBelong) {
  const std::string jfif(
      "\xff\xe0\0\x10JFIF\0"
      "123456789"sv);
  const std::string exif(
      "\xff\xe1\0\x10"
      "Exif\0\0"
      "12345678"sv);
  const std::string other(
      "\xff\xdb\0\x04"
      "ab"sv);
  const std::string lossless(
      "\xff\xf7\0\x04"
      "ab"sv);
  const std::string scan("\xff\xda\0\x02"sv);
  const auto of = [&](const std::string& segments) {
    return Reason("\xff\xd8" + segments + scan, FileType::kJPEG);
  };
  EXPECT_EQ(of(jfif + exif + other), "");
  EXPECT_EQ(of(exif + jfif), "");
  EXPECT_EQ(of(jfif + jfif), "JPEG.JFIFdupAppMarker");
  EXPECT_EQ(of(exif + exif), "JPEG.ExifDupAppMarker");
  EXPECT_EQ(of(other + jfif), "JPEG.JFIFmarkerBadPosition");
  EXPECT_EQ(of(jfif + lossless), "JPEG.AppMarkerBeforeJPG7");
  EXPECT_EQ(of(lossless + jfif), "");
  EXPECT_EQ(of(jfif + std::string(14, 'x') + other), "");
  EXPECT_EQ(of(jfif + std::string(15, 'x') + other),
            "JPEG.SpuriousBytesBeforeSegment");
  EXPECT_EQ(of(jfif + std::string("\xff\xdb\0\0"sv)),
            "JPEG.InvalidSegmentSize");
}

TEST(BrokenReason, LeavesOtherTypesAlone) {
  EXPECT_EQ(Reason("anything", FileType::kBMP), "");
}

}  // namespace
}  // namespace vitrine::image
