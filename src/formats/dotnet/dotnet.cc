// SPDX-License-Identifier: Apache-2.0
#include "formats/dotnet/dotnet.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "formats/dotnet/limits.h"

namespace vitrine::dotnet {
namespace {

constexpr uint64_t kCliHeaderSize = 72;
constexpr uint32_t kMetadataMagic = 0x424a5342;  // "BSJB"

void ReadStreams(const ByteReader& file, uint64_t at, uint32_t count,
                 Image& image) {
  for (uint32_t i = 0; i < count; ++i) {
    const auto offset = file.U32(at);
    const auto size = file.U32(at + 4);
    if (!offset || !size) return;
    const std::string_view rest =
        AsText(Clip(file.bytes(), at + 8, kStreamNameSizeMax));
    const size_t name_size = rest.find('\0');
    if (name_size == std::string_view::npos) return;
    image.streams.push_back(
        {rest.substr(0, name_size), image.metadata_offset + *offset, *size});
    // Padded with one to four NULs.
    at += 8 + (name_size / 4 + 1) * 4;
  }
}

}  // namespace

Result<Image> Parse(Bytes bytes, const pe::Image& pe) {
  const pe::DataDirectory directory =
      pe.directory(pe::Directory::kComDescriptor);
  const auto header = pe::RvaToOffset(pe, directory.address);
  if (directory.address == 0 || !header) {
    return Error{Code::kInvalid, "no CLI header"};
  }
  const ByteReader file(bytes);
  TRY(file.At(*header, kCliHeaderSize));
  if (file.U32(*header) != kCliHeaderSize) {
    return Error{Code::kInvalid, "no CLI header"};
  }
  Image image;
  image.bytes = bytes;
  const auto root = pe::RvaToOffset(pe, *file.U32(*header + 8));
  if (!root || file.U32(*root) != kMetadataMagic) {
    return Error{Code::kInvalid, "no metadata root"};
  }
  image.metadata_offset = *root;
  image.resources = {*file.U32(*header + 24), *file.U32(*header + 28)};
  const uint32_t version_size = file.U32(*root + 12).value_or(0);
  if (version_size == 0 || version_size > kVersionSizeMax ||
      version_size % 4 != 0) {
    return Error{Code::kInvalid, "metadata root without version"};
  }
  const Bytes version = TRY(file.At(*root + 16, version_size));
  const std::string_view text = AsText(version);
  image.version = text.substr(0, text.find('\0'));
  const uint64_t counts = *root + 16 + version_size;
  const auto count = file.U16(counts + 2);
  if (!count) return Error{Code::kTruncated, "metadata root ends early"};
  ReadStreams(file, counts + 4, std::min<uint32_t>(*count, kStreamCountMax),
              image);
  return image;
}

}  // namespace vitrine::dotnet
