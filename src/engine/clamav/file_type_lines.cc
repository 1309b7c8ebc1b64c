// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "base/text.h"
#include "engine/body/body.h"
#include "engine/clamav/auxiliary.h"
#include "engine/clamav/fields.h"
#include "engine/clamav/lines.h"

// .ftm: magictype:offset:magicbytes:name:rtype:type[:min[:max]]
namespace vitrine::engine::clamav {
namespace {

// Places that `n,shift` may name. Beyond: known to be right, never found.
constexpr uint32_t kShiftMax = 256;

// How an offset is kept.
enum class Place : uint8_t {
  kAnywhere,
  kFixed,
  // From the end, say: that tells nothing about the start of a file. Such a
  // line is right, but never found.
  kNowhere,
};

struct Offset {
  Place place = Place::kAnywhere;
  uint32_t value = 0;
  uint32_t shift = 0;
};

Offset ParseOffset(std::string_view text) {
  if (text == "*") return {};
  const size_t comma = text.find(',');
  const auto value = Digits(text.substr(0, comma));
  const auto shift = comma == std::string_view::npos
                         ? std::optional<uint32_t>(0)
                         : Digits(text.substr(comma + 1));
  if (!value || !shift || *shift > kShiftMax || *value > UINT32_MAX - *shift) {
    return {.place = Place::kNowhere};
  }
  return {.place = Place::kFixed, .value = *value, .shift = *shift};
}

// What FileTypeTable understands; one line that it does not would cost the
// whole table.
bool IsPlain(std::string_view pattern) {
  return !pattern.empty() &&
         pattern.find_first_not_of("0123456789abcdefABCDEF?*{}-") ==
             std::string_view::npos;
}

LineResult CheckBytes(const Fields& fields, FileTypeEntry& entry) {
  const std::string_view hex = fields[2];
  entry.pattern = hex;
  if (entry.kind == FileTypeEntry::Kind::kPattern) {
    const auto compiled = body::Compile("0", hex, fields[1], {}, {});
    if (!compiled.ok()) {
      return Refuse("bad-pattern", compiled.error().message);
    }
    return kTaken;
  }
  if (!FromHex(hex)) return Refuse("bad-pattern", "the bytes are not hex");
  return kTaken;
}

}  // namespace

LineResult ReadFileType(std::string_view line, Context& context) {
  const Fields fields(line, ':');
  if (fields.size() < 6 || fields.size() > 8) {
    return Refuse("bad-field-count", "a file type has six to eight fields");
  }
  const auto fit = LevelsFit(fields[6], fields[7], fields.size() == 8);
  if (!fit) return Refuse("bad-level", "bad functionality level");
  if (!*fit) return kSkipped;
  const auto required = FileTypeFromName(fields[4]);
  const auto type = FileTypeFromName(fields[5]);
  if (!required || !type) return kSkipped;
  FileTypeEntry entry;
  const auto kind = Digits(fields[0]);
  if (!kind || (*kind != 0 && *kind != 1 && *kind != 4)) {
    return Refuse("bad-kind", "the magic type is 0, 1 or 4");
  }
  entry.kind = static_cast<FileTypeEntry::Kind>(*kind);
  const Offset offset = ParseOffset(fields[1]);
  const bool pattern = entry.kind == FileTypeEntry::Kind::kPattern;
  if (!pattern && (offset.place != Place::kFixed || offset.shift != 0)) {
    return Refuse("bad-offset", "bad offset of a file type");
  }
  if (LineResult refused = CheckBytes(fields, entry)) return refused;
  CodeWriter code;
  code.U8(static_cast<uint8_t>(entry.kind));
  code.U8(static_cast<uint8_t>(offset.place));
  code.U32(offset.value);
  code.U32(offset.shift);
  code.Counted(entry.pattern);
  // What the object was taken for so far only matters to patterns.
  code.U16(static_cast<uint16_t>(pattern ? *required : FileType::kANY));
  code.U16(static_cast<uint16_t>(*type));
  context.program.auxiliaries.push_back({ir::Auxiliary::Kind::kFileType,
                                         std::string(fields[3]), code.Take(),
                                         context.source});
  return kTaken;
}

std::vector<FileTypeEntry> ReadFileTypeEntries(std::span<const Bytes> codes) {
  std::vector<FileTypeEntry> out;
  for (const Bytes code : codes) {
    CodeReader in(code);
    FileTypeEntry entry;
    entry.kind = static_cast<FileTypeEntry::Kind>(in.U8());
    const auto place = static_cast<Place>(in.U8());
    const uint32_t offset = in.U32();
    const uint32_t shift = in.U32();
    entry.pattern = in.CountedText();
    entry.required = static_cast<FileType>(in.U16());
    entry.type = static_cast<FileType>(in.U16());
    // Partitions are only told apart inside of disk images.
    if (!in.ok() || entry.kind == FileTypeEntry::Kind::kPartition ||
        !IsPlain(entry.pattern) || shift > kShiftMax) {
      continue;
    }
    if (place == Place::kAnywhere) out.push_back(entry);
    if (place != Place::kFixed) continue;
    for (uint32_t at = 0; at <= shift; ++at) {
      entry.offset = offset + at;
      out.push_back(entry);
    }
  }
  return out;
}

}  // namespace vitrine::engine::clamav
