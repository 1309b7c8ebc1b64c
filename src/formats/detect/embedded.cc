// SPDX-License-Identifier: Apache-2.0
// Files inside files. One pass over all bytes for the first two bytes of every
// signature at once; the rare places where they stand are looked at closely,
// with every check that a format's header allows, since each place believed
// costs a scan.
#include "formats/detect/embedded.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string_view>

#include "base/byte_reader.h"
#include "formats/codec/checksum.h"
#include "formats/detect/detect.h"
#include "formats/detect/limits.h"
#include "formats/detect/pair_scan.h"
#include "formats/detect/table_matcher.h"

namespace vitrine {
namespace detect {
namespace {

using namespace std::string_view_literals;

// What is worth looking for in an object. Where members lie in their archive
// as they are, each would be found and scanned twice.
enum class Scope : uint8_t { kNothing, kArchives, kAll };

Scope ScopeOf(FileType outer) {
  switch (outer) {
    case FileType::kZIP:
    case FileType::kOOXML_WORD:
    case FileType::kOOXML_PPT:
    case FileType::kOOXML_XL:
    case FileType::kOOXML_HWP:
    case FileType::kGZ:
    case FileType::kOLD_TAR:
    case FileType::kPOSIX_TAR:
    case FileType::kCPIO_OLD:
    case FileType::kCPIO_ODC:
    case FileType::kCPIO_NEWC:
    case FileType::kCPIO_CRC:
    case FileType::kAR:
    case FileType::kISO9660:
    case FileType::kMP3:
      return Scope::kNothing;
    case FileType::kRAR:
    case FileType::k7Z:
    case FileType::kARJ:
    case FileType::kMSCAB:
    case FileType::kMSCHM:
    case FileType::kXAR:
    case FileType::kRPM:
    case FileType::kEGG:
    case FileType::kALZ:
    case FileType::kLHA_LZH:
    case FileType::kBZ:
    case FileType::kXZ:
    case FileType::kLZMA:
    case FileType::kZSTD:
    case FileType::kLZ4:
    case FileType::kCOMPRESS:
    case FileType::kMSSZDD:
      return Scope::kArchives;
    default:
      return Scope::kAll;
  }
}

class Finder {
 public:
  Finder(Bytes bytes, FileType outer, uint64_t max_executable)
      : bytes_(bytes),
        reader_(bytes),
        outer_(outer),
        executable_end_(
            max_executable == 0
                ? bytes.size()
                : std::min<uint64_t>(max_executable, bytes.size())) {}

  std::vector<Embedded> Run() {
    const Scope scope = ScopeOf(outer_);
    if (scope == Scope::kNothing) return {};
    if (scope == Scope::kArchives) executable_end_ = 0;
    uint64_t at = 1;
    while (found_.size() < kEmbeddedMax) {
      at = FindPair(bytes_, at);
      if (at >= bytes_.size()) break;
      if (const auto embedded = Look(at)) Report(*embedded);
      ++at;
    }
    // The start of some kinds lies before their signature.
    std::stable_sort(found_.begin(), found_.end(),
                     [](const Embedded& a, const Embedded& b) {
                       return a.offset < b.offset;
                     });
    return std::move(found_);
  }

 private:
  bool Has(uint64_t offset, std::string_view what) const {
    return AsText(Clip(bytes_, offset, what.size())) == what;
  }

  void Report(const Embedded& embedded) {
    uint64_t same = 0;
    for (const Embedded& other : found_) {
      if (other.type != embedded.type) continue;
      ++same;
      // Inside another one of its kind: that one's own scan will see it.
      if (embedded.offset - other.offset < other.size) return;
    }
    if (same < kEmbeddedKindMax) found_.push_back(embedded);
  }

  std::optional<Embedded> Look(uint64_t at) const {
    switch (bytes_[at]) {
      case 'M':
        return bytes_[at + 1] == 'Z' ? Executable(at) : Cabinet(at);
      case 'P':
        return Zip(at);
      case 'R':
        return Rar(at);
      case '7':
        return SevenZip(at);
      case 0x60:
        return Arj(at);
      case 'E':
        return Simple(at, "EGGA\0\1"sv, FileType::kEGGSFX, FileType::kEGG);
      case 0xef:
        return Nullsoft(at);
      case 0xa3:
        return AutoIt(at);
      case '%':
        return Simple(at, "%PDF-"sv, FileType::kPDF, FileType::kPDF);
      default:
        return std::nullopt;
    }
  }

  uint64_t Rest(uint64_t at) const { return bytes_.size() - at; }

  std::optional<Embedded> Simple(uint64_t at, std::string_view magic,
                                 FileType type, FileType same) const {
    if (outer_ == same || !Has(at, magic)) return std::nullopt;
    return Embedded{type, at, Rest(at)};
  }

  // How far a program's headers say that it reaches.
  std::optional<Embedded> Executable(uint64_t at) const {
    if (at >= executable_end_) return std::nullopt;
    const auto header = reader_.U32(at + 60);
    if (!header || *header < 4) return std::nullopt;
    const uint64_t pe = at + *header;
    if (reader_.U32(pe) != 0x00004550) return std::nullopt;
    const auto sections = reader_.U16(pe + 6);
    const auto optional = reader_.U16(pe + 20);
    const auto magic = reader_.U16(pe + 24);
    if (!sections || !optional || !magic) return std::nullopt;
    if (*magic != 0x10b && *magic != 0x20b) return std::nullopt;
    const uint64_t table = pe + 24 + *optional;
    uint64_t end = table + uint64_t{40} * *sections;
    for (uint64_t i = 0; i < *sections; ++i) {
      const auto size = reader_.U32(table + 40 * i + 16);
      const auto start = reader_.U32(table + 40 * i + 20);
      if (!size || !start) break;
      end = std::max(end, at + uint64_t{*start} + *size);
    }
    return Embedded{FileType::kMSEXE, at, std::min(end - at, Rest(at))};
  }

  std::optional<Embedded> Zip(uint64_t at) const {
    const auto version = reader_.U16(at + 4);
    const auto method = reader_.U16(at + 8);
    const auto name = reader_.U16(at + 26);
    const auto extra = reader_.U16(at + 28);
    if (!Has(at, "PK\3\4"sv) || !extra || (*version & 0xff) > 63 ||
        *method > 99 || *name == 0 || *name > 4096 ||
        !reader_.Contains(at + 30, uint64_t{*name} + *extra)) {
      return std::nullopt;
    }
    return Embedded{FileType::kZIPSFX, at, Rest(at)};
  }

  std::optional<Embedded> Rar(uint64_t at) const {
    if (outer_ == FileType::kRAR) return std::nullopt;
    if (!Has(at, "Rar!\x1a\7\0"sv) && !Has(at, "Rar!\x1a\7\1\0"sv)) {
      return std::nullopt;
    }
    return Embedded{FileType::kRARSFX, at, Rest(at)};
  }

  std::optional<Embedded> SevenZip(uint64_t at) const {
    if (outer_ == FileType::k7Z || !Has(at, "7z\xbc\xaf\x27\x1c\0"sv)) {
      return std::nullopt;
    }
    const auto crc = reader_.U32(at + 8);
    const auto header = reader_.At(at + 12, 20);
    if (!crc || !header.ok() || codec::Crc32(header.value()) != *crc) {
      return std::nullopt;
    }
    const uint64_t offset = *reader_.U64(at + 12);
    const uint64_t size = *reader_.U64(at + 20);
    uint64_t reach = Rest(at);
    if (offset < reach && size < reach && 32 + offset + size < reach) {
      reach = 32 + offset + size;
    }
    return Embedded{FileType::k7ZSFX, at, reach};
  }

  std::optional<Embedded> Cabinet(uint64_t at) const {
    if (outer_ == FileType::kMSCAB || !Has(at, "MSCF\0\0\0\0"sv)) {
      return std::nullopt;
    }
    const auto size = reader_.U32(at + 8);
    if (!size || *size < 36 || reader_.U16(at + 24) != 0x0103) {
      return std::nullopt;
    }
    return Embedded{FileType::kCABSFX, at, std::min<uint64_t>(*size, Rest(at))};
  }

  std::optional<Embedded> Arj(uint64_t at) const {
    if (outer_ == FileType::kARJ) return std::nullopt;
    const auto size = reader_.U16(at + 2);
    if (!size || *size < 30 || *size > 2600) return std::nullopt;
    const auto header = reader_.At(at + 4, *size);
    const auto crc = reader_.U32(at + 4 + *size);
    if (!header.ok() || !crc || codec::Crc32(header.value()) != *crc) {
      return std::nullopt;
    }
    return Embedded{FileType::kARJSFX, at, Rest(at)};
  }

  std::optional<Embedded> Nullsoft(uint64_t at) const {
    // The flags are before it.
    if (at <= 4 || outer_ == FileType::kNULSFT ||
        !Has(at, "\xef\xbe\xad\xdeNullsoftInst"sv)) {
      return std::nullopt;
    }
    return Embedded{FileType::kNULSFT, at - 4, Rest(at - 4)};
  }

  std::optional<Embedded> AutoIt(uint64_t at) const {
    if (outer_ == FileType::kAUTOIT ||
        !Has(at,
             "\xa3\x48\x4b\xbe\x98\x6c\x4a\xa9\x99\x4c\x53\x0a\x86\xd6"
             "\x48\x7d"sv) ||
        !Has(at + 16, "AU3!EA0"sv)) {
      return std::nullopt;
    }
    return Embedded{FileType::kAUTOIT, at, Rest(at)};
  }

  Bytes bytes_;
  ByteReader reader_;
  FileType outer_;
  uint64_t executable_end_;
  std::vector<Embedded> found_;
};

}  // namespace

bool IsEmbeddedKind(FileType type) {
  switch (type) {
    case FileType::kZIPSFX:
    case FileType::kRARSFX:
    case FileType::k7ZSFX:
    case FileType::kCABSFX:
    case FileType::kARJSFX:
    case FileType::kEGGSFX:
    case FileType::kNULSFT:
    case FileType::kAUTOIT:
    case FileType::kISHIELD_MSI:
      return true;
    default:
      return false;
  }
}

}  // namespace detect

std::vector<Embedded> FindEmbedded(Bytes bytes, FileType outer,
                                   uint64_t max_executable,
                                   const FileTypeTable* table) {
  if (table != nullptr) return TableMatcher(*table, bytes).FindEmbedded(outer);
  return detect::Finder(bytes, outer, max_executable).Run();
}

}  // namespace vitrine
