// SPDX-License-Identifier: Apache-2.0
#include "formats/detect/magic.h"

#include <algorithm>
#include <bit>
#include <string_view>

#include "base/byte_reader.h"
#include "base/text.h"
#include "formats/detect/limits.h"
#include "formats/detect/magic_table.h"

namespace vitrine::detect {
namespace {

using namespace std::string_view_literals;

constexpr uint64_t kTarBlock = 512;

bool Has(Bytes bytes, uint64_t offset, std::string_view what) {
  return AsText(Clip(bytes, offset, what.size())) == what;
}

// Java and Mach-O share 0xcafebabe. A universal binary has a few dozen parts
// at most, where a class file's version is 45 or more.
std::optional<FileType> JavaOrUniversal(const ByteReader& reader) {
  const auto magic = reader.Peek<std::endian::big, uint32_t>(0);
  const auto next = reader.Peek<std::endian::big, uint32_t>(4);
  if (magic != 0xcafebabe || !next) return std::nullopt;
  if (*next >= 1 && *next < 45) return FileType::kMACHO_UNIBIN;
  if ((*next & 0xffff) >= 45) return FileType::kJAVA;
  return std::nullopt;
}

// Python 3's numbers: 3000 (3.0) up, followed by CR LF.
bool IsPython(const ByteReader& reader) {
  const auto magic = reader.U32(0);
  if (!magic || (*magic >> 16) != 0x0a0d) return false;
  const uint32_t version = *magic & 0xffff;
  return version >= 3000 && version < 4000;
}

// A .lzma file has no magic: plausible properties, a dictionary that encoders
// make, a size, and the zero byte that the range coder starts with.
bool IsLzma(const ByteReader& reader) {
  const auto properties = reader.U8(0);
  const auto dictionary = reader.U32(1);
  const auto size = reader.U64(5);
  if (!properties || !dictionary || !size || reader.U8(13) != 0) return false;
  if (*properties >= 9 * 5 * 5) return false;
  if (*dictionary < 4096 || *dictionary > (uint32_t{1} << 30)) return false;
  const uint32_t top = std::bit_floor(*dictionary);
  if (*dictionary != top && *dictionary != top + top / 2) return false;
  return *size == ~uint64_t{0} || (*size > 0 && *size < (uint64_t{1} << 38));
}

bool IsCompress(const ByteReader& reader) {
  const auto flags = reader.U8(2);
  return reader.U16(0) == 0x9d1f && flags && (*flags & 0x60) == 0 &&
         (*flags & 0x1f) >= 9 && (*flags & 0x1f) <= 16;
}

bool IsArj(const ByteReader& reader) {
  const auto size = reader.U16(2);
  const auto first = reader.U8(4);
  return reader.U16(0) == 0xea60 && size && first && *size >= 30 &&
         *size <= 2600 && *first >= 30 && *first <= *size;
}

bool IsLha(Bytes bytes) {
  if (bytes.size() < 21 || bytes[2] != '-' || bytes[6] != '-') return false;
  const std::string_view method = AsText(bytes.subspan(3, 3));
  return (method.starts_with("lh") &&
          (IsDigit(bytes[5]) || bytes[5] == 'd' || bytes[5] == 'x')) ||
         (method.starts_with("lz") &&
          (bytes[5] == 's' || bytes[5] == '4' || bytes[5] == '5'));
}

bool IsBmp(const ByteReader& reader) {
  // The reserved fields are zero.
  return reader.U16(0) == 0x4d42 && reader.U32(6) == 0;
}

bool IsIcon(const ByteReader& reader) {
  const auto count = reader.U16(4);
  if (reader.U32(0) != 0x00010000 || !count || *count == 0 || *count > 256) {
    return false;
  }
  // The first image: reserved byte, and lying behind the directory.
  const auto offset = reader.U32(18);
  return reader.U8(9) == 0 && offset && *offset >= 6 + 16 * uint32_t{*count};
}

// A tar header's own checksum; v7 archives have nothing else.
bool IsTarChecksum(Bytes block) {
  uint32_t said = 0;
  bool digits = false;
  for (size_t i = 148; i < 156; ++i) {
    if (block[i] == ' ' && !digits) continue;
    if (block[i] < '0' || block[i] > '7') break;
    said = said * 8 + (block[i] - uint32_t{'0'});
    digits = true;
  }
  if (!digits) return false;  // As in nearly every other file.
  uint32_t sum = 0;
  for (size_t i = 0; i < kTarBlock; ++i) {
    sum += i >= 148 && i < 156 ? uint32_t{' '} : uint32_t{block[i]};
  }
  return said == sum;
}

std::optional<FileType> Tar(Bytes bytes) {
  if (bytes.size() < kTarBlock) return std::nullopt;
  if (Has(bytes, 257, "ustar"sv)) return FileType::kPOSIX_TAR;
  if (bytes[0] != 0 && bytes[0] < 0x80 && IsTarChecksum(bytes)) {
    return FileType::kOLD_TAR;
  }
  return std::nullopt;
}

// File systems and partition tables, which lie at fixed places.
std::optional<FileType> Disk(Bytes bytes) {
  const ByteReader reader(bytes);
  if (Has(bytes, 0x8001, "CD001"sv)) return FileType::kISO9660;
  if (Has(bytes, 0x8001, "BEA01"sv)) return FileType::kUDF;
  if (bytes.size() >= 512 && Has(bytes, bytes.size() - 512, "koly\0\0\0\4"sv)) {
    return FileType::kDMG;
  }
  if (Has(bytes, 512, "EFI PART"sv)) return FileType::kGPT;
  if (Has(bytes, 0, "ER"sv) && Has(bytes, 512, "PM\0\0"sv)) {
    return FileType::kAPM;
  }
  if (Has(bytes, 1024, "H+\0\4"sv) || Has(bytes, 1024, "HX\0\5"sv)) {
    return FileType::kHFSPLUS;
  }
  if (bytes.size() > 512 && reader.U16(510) == 0xaa55) return FileType::kMBR;
  return std::nullopt;
}

constexpr std::string_view kAutoIt =
    "\xa3\x48\x4b\xbe\x98\x6c\x4a\xa9\x99\x4c\x53\x0a\x86\xd6\x48\x7d"sv;

}  // namespace

std::optional<FileType> TypeByStart(Bytes bytes) {
  if (bytes.empty()) return std::nullopt;
  const MagicTable table = Magics();
  const std::string_view text = AsText(Clip(bytes, 0, 64));
  for (size_t i = table.index[bytes[0]]; i < table.index[bytes[0] + 1]; ++i) {
    if (text.starts_with(table.entries[i].bytes)) return table.entries[i].type;
  }
  const ByteReader reader(bytes);
  if (const auto type = JavaOrUniversal(reader)) return type;
  if (IsPython(reader)) return FileType::kPYTHON_COMPILED;
  if (IsCompress(reader)) return FileType::kCOMPRESS;
  if (IsArj(reader)) return FileType::kARJ;
  if (IsLha(bytes)) return FileType::kLHA_LZH;
  if (IsBmp(reader)) return FileType::kBMP;
  if (IsIcon(reader)) return FileType::kICO;
  if (IsLzma(reader)) return FileType::kLZMA;
  return std::nullopt;
}

std::optional<FileType> TypeByInside(Bytes bytes) {
  if (const auto type = Tar(bytes)) return type;
  if (Has(bytes, 8, "\x19\x04\0\x10"sv)) return FileType::kSIS;
  if (Has(bytes, 4, "\xef\xbe\xad\xdeNullsoftInst"sv) ||
      Has(bytes, 0, "\xef\xbe\xad\xdeNullsoftInst"sv)) {
    return FileType::kNULSFT;
  }
  if (Has(bytes, 0, kAutoIt) &&
      (Has(bytes, 16, "AU3!EA05"sv) || Has(bytes, 16, "AU3!EA06"sv))) {
    return FileType::kAUTOIT;
  }
  if (const auto type = Disk(bytes)) return type;
  // Readers of PDF put up with anything before it.
  if (AsText(Clip(bytes, 0, kPrefix)).find("%PDF-") != std::string_view::npos) {
    return FileType::kPDF;
  }
  return std::nullopt;
}

}  // namespace vitrine::detect
