// SPDX-License-Identifier: Apache-2.0
#include "formats/pe/pe.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "formats/pe/limits.h"

namespace vitrine::pe {
namespace {

constexpr uint64_t kDosHeaderSize = 64;
constexpr uint64_t kFileHeaderSize = 24;  // With the signature before it.
constexpr uint64_t kOptionalHeaderSize32 = 224;
constexpr uint64_t kOptionalHeaderSize64 = 240;
constexpr uint64_t kSectionHeaderSize = 40;
constexpr uint16_t kMagic64 = 0x20b;

// Reads fields of a header that is known to lie inside the file.
class Fields {
 public:
  Fields(Bytes bytes, uint64_t base) : reader_(bytes), base_(base) {}

  uint8_t U8(uint64_t at) const { return reader_.U8(base_ + at).value_or(0); }
  uint16_t U16(uint64_t at) const {
    return reader_.U16(base_ + at).value_or(0);
  }
  uint32_t U32(uint64_t at) const {
    return reader_.U32(base_ + at).value_or(0);
  }
  uint64_t U64(uint64_t at) const {
    return reader_.U64(base_ + at).value_or(0);
  }
  Version Words(uint64_t at) const { return {U16(at), U16(at + 2)}; }

 private:
  ByteReader reader_;
  uint64_t base_;
};

void ReadFileHeader(Image& image) {
  const Fields header(image.bytes, image.header_offset + 4);
  image.machine = header.U16(0);
  image.section_count = header.U16(2);
  image.timestamp = header.U32(4);
  image.symbols_offset = header.U32(8);
  image.symbol_count = header.U32(12);
  image.optional_header_size = header.U16(16);
  image.characteristics = header.U16(18);
}

// The part of the optional header that both kinds have at the same place.
void ReadCommonFields(Image& image, const Fields& header) {
  image.linker_version = {header.U8(2), header.U8(3)};
  image.code_size = header.U32(4);
  image.initialized_data_size = header.U32(8);
  image.uninitialized_data_size = header.U32(12);
  image.entry_point = header.U32(16);
  image.code_base = header.U32(20);
  image.section_alignment = header.U32(32);
  image.file_alignment = header.U32(36);
  image.os_version = header.Words(40);
  image.image_version = header.Words(44);
  image.subsystem_version = header.Words(48);
  image.win32_version = header.U32(52);
  image.image_size = header.U32(56);
  image.headers_size = header.U32(60);
  image.checksum = header.U32(64);
  image.subsystem = header.U16(68);
  image.dll_characteristics = header.U16(70);
}

void ReadOptionalHeader(Image& image) {
  const Fields header(image.bytes, image.header_offset + kFileHeaderSize);
  image.magic = header.U16(0);
  ReadCommonFields(image, header);
  uint64_t tail = 88;
  if (image.is_64) {
    image.image_base = header.U64(24);
    image.stack_reserve = header.U64(72);
    image.stack_commit = header.U64(80);
    image.heap_reserve = header.U64(88);
    image.heap_commit = header.U64(96);
    tail = 104;
  } else {
    image.data_base = header.U32(24);
    image.image_base = header.U32(28);
    image.stack_reserve = header.U32(72);
    image.stack_commit = header.U32(76);
    image.heap_reserve = header.U32(80);
    image.heap_commit = header.U32(84);
  }
  image.loader_flags = header.U32(tail);
  image.directory_count = header.U32(tail + 4);
  for (uint32_t i = 0; i < kDirectoryCount; ++i) {
    const uint64_t at = tail + 8 + uint64_t{i} * 8;
    image.directories.push_back({header.U32(at), header.U32(at + 4)});
  }
}

void ReadSections(Image& image) {
  const ByteReader reader(image.bytes);
  for (uint32_t i = 0; i < image.section_count; ++i) {
    const uint64_t at = image.sections_offset + i * kSectionHeaderSize;
    if (!reader.Contains(at, kSectionHeaderSize)) return;
    const Fields header(image.bytes, at);
    const std::string_view name = AsText(image.bytes.subspan(at, 8));
    image.sections.push_back({
        .name = name.substr(0, name.find_last_not_of('\0') + 1),
        .virtual_size = header.U32(8),
        .virtual_address = header.U32(12),
        .raw_size = header.U32(16),
        .raw_offset = header.U32(20),
        .relocations_offset = header.U32(24),
        .line_numbers_offset = header.U32(28),
        .relocation_count = header.U16(32),
        .line_number_count = header.U16(34),
        .characteristics = header.U32(36),
    });
  }
}

}  // namespace

Result<Image> Parse(Bytes bytes) {
  const ByteReader reader(bytes);
  TRY(reader.At(0, kDosHeaderSize));
  if (bytes[0] != 'M' || bytes[1] != 'Z') {
    return Error{Code::kInvalid, "no MZ signature"};
  }
  Image image;
  image.bytes = bytes;
  image.header_offset = reader.U32(0x3c).value_or(0);
  const Bytes signature = TRY(reader.At(image.header_offset, 4));
  if (AsText(signature) != std::string_view("PE\0\0", 4)) {
    return Error{Code::kInvalid, "no PE signature"};
  }
  const uint64_t optional = image.header_offset + kFileHeaderSize;
  TRY(reader.At(optional, kOptionalHeaderSize32));
  image.is_64 = reader.U16(optional) == kMagic64;
  if (image.is_64) TRY(reader.At(optional, kOptionalHeaderSize64));
  ReadFileHeader(image);
  ReadOptionalHeader(image);
  image.sections_offset = optional + image.optional_header_size;
  ReadSections(image);
  return image;
}

DataDirectory Image::directory(Directory which) const {
  const auto index = static_cast<size_t>(which);
  return index < directories.size() ? directories[index] : DataDirectory{};
}

std::span<const Section> Image::mapped_sections() const {
  return std::span(sections).first(
      std::min<size_t>(sections.size(), kMappedSectionCountMax));
}

}  // namespace vitrine::pe
