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

// `n` or `*`, or nothing that detection could use.
bool ParseOffset(std::string_view text, std::optional<uint32_t>& out) {
  if (text == "*") return true;
  const auto value = Digits(text);
  if (!value) return false;
  out = *value;
  return true;
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
  const bool usable = ParseOffset(fields[1], entry.offset);
  const bool pattern = entry.kind == FileTypeEntry::Kind::kPattern;
  if (!pattern && (!usable || !entry.offset)) {
    return Refuse("bad-offset", "bad offset of a file type");
  }
  if (LineResult refused = CheckBytes(fields, entry)) return refused;
  CodeWriter code;
  code.U8(static_cast<uint8_t>(entry.kind));
  // An offset from the end says nothing about the start of a file: known to
  // be right, kept as a line, never found.
  code.U8(!usable ? 2 : entry.offset ? 1 : 0);
  code.U32(entry.offset.value_or(0));
  code.Counted(entry.pattern);
  code.U16(static_cast<uint16_t>(*required));
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
    const uint8_t offset_form = in.U8();
    const uint32_t offset = in.U32();
    if (offset_form == 1) entry.offset = offset;
    entry.pattern = in.CountedText();
    entry.required = static_cast<FileType>(in.U16());
    entry.type = static_cast<FileType>(in.U16());
    if (in.ok() && offset_form != 2) out.push_back(std::move(entry));
  }
  return out;
}

}  // namespace vitrine::engine::clamav
