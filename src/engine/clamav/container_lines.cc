// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "base/text.h"
#include "engine/clamav/auxiliary.h"
#include "engine/clamav/fields.h"
#include "engine/clamav/lines.h"
#include "engine/clamav/pcre.h"
#include "engine/clamav/posix_pattern.h"

// .cdb: Name:ContainerType:ContainerSize:FileNameRE:SizeInContainer:SizeReal:
//       IsEncrypted:FilePos:Res1:Res2[:min[:max]]
namespace vitrine::engine::clamav {
namespace {

// Of one search in one member name. Names are short, so generous.
constexpr PcreLimits kNameLimits{100'000, 2'000};

std::optional<uint64_t> PlainNumber(std::string_view text) {
  if (text.empty()) return 0;
  return ParseDecimal(text);
}

// `*`, `n` or `n-m`.
bool ParseSizes(std::string_view text, SizeRange& out) {
  if (text == "*") return true;
  const size_t dash = text.find('-');
  if (dash == std::string_view::npos) {
    const auto value = PlainNumber(text);
    if (!value) return false;
    out = {*value, *value};
    return true;
  }
  std::string_view rest;
  const auto min = LeadingNumber(text, &rest);
  if (!min || !rest.starts_with('-')) return false;
  const auto max = LeadingNumber(rest.substr(1));  // And whatever follows.
  if (!max) return false;
  out = {static_cast<uint64_t>(*min), static_cast<uint64_t>(*max)};
  return true;
}

void WriteRange(const SizeRange& range, CodeWriter& out) {
  out.U64(range.min);
  out.U64(range.max);
}

SizeRange ReadRange(CodeReader& in) {
  const uint64_t min = in.U64();
  return SizeRange{min, in.U64()};
}

// Everything but name and levels.
LineResult ParseRule(const Fields& fields, ContainerRule& rule) {
  if (fields[1] != "*" && fields[1] != "CL_TYPE_ANY") {
    rule.type = FileTypeFromName(fields[1]);
    if (!rule.type) {
      return Refuse("unknown-type",
                    "no container type " + std::string(fields[1]));
    }
  }
  if (!ParseSizes(fields[2], rule.container_size) ||
      !ParseSizes(fields[4], rule.packed_size) ||
      !ParseSizes(fields[5], rule.size) ||
      !ParseSizes(fields[7], rule.position)) {
    return Refuse("bad-size", "bad number or range in a container signature");
  }
  if (fields[6] == "0" || fields[6] == "1") {
    rule.encrypted = fields[6] == "1";
  } else if (fields[6] != "*") {
    return Refuse("bad-flag", "IsEncrypted is 0, 1 or *");
  }
  if (fields[3].empty()) {
    return Refuse("bad-regular-expression", "no expression for the file name");
  }
  if (fields[3] != "*") {
    rule.name_expression = PosixToPerl(fields[3]);
    const auto compiled = Pcre::Compile(rule.name_expression, 0);
    if (!compiled.ok()) {
      return Refuse("bad-regular-expression", compiled.error().message);
    }
  }
  return kTaken;
}

}  // namespace

LineResult ReadContainer(std::string_view line, Context& context) {
  const Fields fields(line, ':');
  if (fields.size() < 10 || fields.size() > 12) {
    return Refuse("bad-field-count",
                  "a container signature has ten to twelve fields");
  }
  const auto fit = LevelsFit(fields[10], fields[11], fields.size() == 12);
  if (!fit) return Refuse("bad-level", "bad functionality level");
  if (!*fit || context.Ignores(fields[0])) return kSkipped;
  if (fields[0].empty()) {
    return Refuse("bad-name", "signature without a name");
  }
  ContainerRule rule;
  if (LineResult refused = ParseRule(fields, rule)) return refused;
  CodeWriter code;
  WriteContainerRule(rule, code);
  context.program.auxiliaries.push_back({ir::Auxiliary::Kind::kContainer,
                                         std::string(fields[0]), code.Take(),
                                         context.source});
  return kTaken;
}

void WriteContainerRule(const ContainerRule& rule, CodeWriter& out) {
  out.U8(rule.type ? 1 : 0);
  out.U16(rule.type ? static_cast<uint16_t>(*rule.type) : 0);
  WriteRange(rule.container_size, out);
  out.Counted(rule.name_expression);
  WriteRange(rule.packed_size, out);
  WriteRange(rule.size, out);
  out.U8(rule.encrypted ? (*rule.encrypted ? 2 : 1) : 0);
  WriteRange(rule.position, out);
}

Result<ContainerRule> ReadContainerRule(Bytes code) {
  CodeReader in(code);
  ContainerRule rule;
  const bool has_type = in.U8() != 0;
  const uint16_t type = in.U16();
  if (has_type) rule.type = static_cast<FileType>(type);
  rule.container_size = ReadRange(in);
  rule.name_expression = in.CountedText();
  rule.packed_size = ReadRange(in);
  rule.size = ReadRange(in);
  const uint8_t encrypted = in.U8();
  if (encrypted != 0) rule.encrypted = encrypted == 2;
  rule.position = ReadRange(in);
  if (!in.ok()) return Error{Code::kInvalid, "bad container signature code"};
  return rule;
}

namespace {

// Whether what is inside are files with entries of their own: a stream that
// was merely packed has none.
bool HasEntries(FileType type) {
  switch (type) {
    case FileType::kGZ:
    case FileType::kBZ:
    case FileType::kXZ:
    case FileType::kLZMA:
    case FileType::kZSTD:
    case FileType::kLZ4:
    case FileType::kCOMPRESS:
    case FileType::kMSSZDD:
      return false;
    default:
      return true;
  }
}

// clamscan counts the files of most containers from 1, of these from 0.
uint64_t FirstPosition(FileType type) {
  return type == FileType::k7Z || type == FileType::kMSCAB ? 0 : 1;
}

}  // namespace

std::vector<size_t> MatchContainer(std::span<const Bytes> codes, FileType type,
                                   uint64_t container_size,
                                   const Member& member) {
  static thread_local PcreCache regexes;
  std::vector<size_t> out;
  if (!HasEntries(type)) return out;
  const uint64_t position = member.position - 1 + FirstPosition(type);
  for (size_t i = 0; i < codes.size(); ++i) {
    const Result<ContainerRule> read = ReadContainerRule(codes[i]);
    if (!read.ok()) continue;
    const ContainerRule& rule = read.value();
    if ((rule.type && *rule.type != type) ||
        !rule.container_size.Contains(container_size) ||
        !rule.packed_size.Contains(member.packed_size) ||
        !rule.size.Contains(member.size) ||
        (rule.encrypted && *rule.encrypted != member.encrypted) ||
        !rule.position.Contains(position)) {
      continue;
    }
    if (!rule.name_expression.empty()) {
      const Result<Pcre*> compiled = regexes.Get(rule.name_expression, 0);
      if (!compiled.ok()) continue;
      const auto found =
          compiled.value()->Search(AsBytes(member.name), 0, false, kNameLimits);
      if (!found.ok() || !found.value()) continue;
    }
    out.push_back(i);
  }
  return out;
}

}  // namespace vitrine::engine::clamav
