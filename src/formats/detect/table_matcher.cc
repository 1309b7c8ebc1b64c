// SPDX-License-Identifier: Apache-2.0
#include "formats/detect/table_matcher.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "base/text.h"
#include "formats/detect/embedded.h"
#include "formats/detect/limits.h"

namespace vitrine {
namespace {

using detect::kTableLinesMax;
using detect::kTablePartsMax;
using detect::kTablePatternMax;

Error BadPattern() {
  return {Code::kInvalid, "file type pattern is malformed"};
}

// "{n}", "{n-m}", "{-m}", "{n-}" at the start of `text`.
struct Gap {
  uint32_t min = 0;
  uint32_t max = 0;
};

Result<Gap> ParseGap(std::string_view text) {
  const size_t dash = text.find('-');
  const auto number = [](std::string_view digits,
                         uint32_t otherwise) -> Result<uint32_t> {
    if (digits.empty()) return otherwise;
    const auto value = ParseDecimal(digits);
    if (!value || *value > kTablePatternMax) return BadPattern();
    return static_cast<uint32_t>(*value);
  };
  if (dash == std::string_view::npos && text.empty()) return BadPattern();
  const auto min = TRY(number(text.substr(0, dash), 0));
  const auto max = dash == std::string_view::npos
                       ? min
                       : TRY(number(text.substr(dash + 1), UINT32_MAX));
  if (max < min) return BadPattern();
  return Gap{min, max};
}

// Two characters of a pattern: a byte, of which either half may be "?".
bool ParseByte(char high, char low, ByteVector& value, ByteVector& mask) {
  uint8_t byte = 0;
  uint8_t care = 0;
  for (const char c : {high, low}) {
    const int digit = HexDigit(static_cast<uint8_t>(c));
    if (digit < 0 && c != '?') return false;
    byte = static_cast<uint8_t>(byte << 4 | (digit < 0 ? 0 : digit));
    care = static_cast<uint8_t>(care << 4 | (digit < 0 ? 0 : 15));
  }
  value.push_back(byte);
  mask.push_back(care);
  return true;
}

}  // namespace

Result<FileTypeTable> FileTypeTable::Create(
    std::span<const FileTypeEntry> entries) {
  if (entries.size() > kTableLinesMax) {
    return Error{Code::kLimit, "too many file types"};
  }
  FileTypeTable table;
  for (const FileTypeEntry& entry : entries) {
    Line line{entry.kind, entry.offset, {}, entry.required, entry.type};
    line.parts.emplace_back();
    std::string_view text = entry.pattern;
    if (text.size() > 2 * kTablePatternMax) return BadPattern();
    while (!text.empty()) {
      if (text[0] == '*' || text[0] == '{') {
        Gap gap{0, UINT32_MAX};
        size_t used = 1;
        if (text[0] == '{') {
          const size_t end = text.find('}');
          if (end == std::string_view::npos) return BadPattern();
          gap = TRY(ParseGap(text.substr(1, end - 1)));
          used = end + 1;
        }
        if (line.parts.back().value.empty()) return BadPattern();
        if (line.parts.size() == kTablePartsMax) return BadPattern();
        line.parts.emplace_back();
        line.parts.back().gap_min = gap.min;
        line.parts.back().gap_max = gap.max;
        text.remove_prefix(used);
        continue;
      }
      Part& part = line.parts.back();
      if (text.size() < 2 ||
          !ParseByte(text[0], text[1], part.value, part.mask)) {
        return BadPattern();
      }
      text.remove_prefix(2);
    }
    if (line.parts.back().value.empty()) return BadPattern();
    table.lines_.push_back(std::move(line));
  }
  return table;
}

bool TableMatcher::Requires(const Line& line, FileType base) const {
  return line.required == FileType::kANY || line.required == base;
}

bool TableMatcher::MatchAt(const Line& line, uint64_t offset) const {
  // Each part is put at the first place that it fits: enough for patterns of
  // fixed gaps, and for open ones no later place could help.
  uint64_t from = offset;
  uint64_t to = offset;
  for (const FileTypeTable::Part& part : line.parts) {
    if (&part != &line.parts.front()) {
      to = part.gap_max > bytes_.size() ? bytes_.size() : from + part.gap_max;
      from += part.gap_min;
    }
    bool found = false;
    for (; !found && from <= to; ++from) {
      const Bytes here = Clip(bytes_, from, part.value.size());
      if (here.size() < part.value.size()) return false;
      found = true;
      for (size_t i = 0; i < here.size() && found; ++i) {
        found = ((here[i] ^ part.value[i]) & part.mask[i]) == 0;
      }
      if (found) break;
    }
    if (!found) return false;
    from += part.value.size();
  }
  return true;
}

std::optional<uint64_t> TableMatcher::Match(const Line& line, uint64_t from,
                                            uint64_t to) const {
  to = std::min<uint64_t>(to, bytes_.size());
  if (line.offset) {
    const bool inside = *line.offset >= from && *line.offset < to;
    if (inside && MatchAt(line, *line.offset)) return *line.offset;
    return std::nullopt;
  }
  const FileTypeTable::Part& first = line.parts.front();
  for (; from < to; ++from) {
    if (first.mask[0] == 0xff) {
      const void* found =
          std::memchr(bytes_.data() + from, first.value[0], to - from);
      if (found == nullptr) return std::nullopt;
      from = static_cast<uint64_t>(static_cast<const uint8_t*>(found) -
                                   bytes_.data());
    }
    if (MatchAt(line, from)) return from;
  }
  return std::nullopt;
}

std::optional<FileType> TableMatcher::Fixed() const {
  for (const Line& line : table_.lines_) {
    if (line.kind == FileTypeEntry::Kind::kPattern) continue;
    if (!Requires(line, FileType::kANY)) continue;
    const uint64_t offset = line.offset.value_or(0);
    if (MatchAt(line, offset)) return line.type;
  }
  return std::nullopt;
}

std::optional<FileType> TableMatcher::Pattern(FileType base) const {
  for (const Line& line : table_.lines_) {
    if (line.kind != FileTypeEntry::Kind::kPattern) continue;
    if (!Requires(line, base) || detect::IsEmbeddedKind(line.type)) continue;
    const uint64_t to = line.offset ? bytes_.size() : detect::kPrefix;
    if (Match(line, 0, to)) return line.type;
  }
  return std::nullopt;
}

std::vector<Embedded> TableMatcher::FindEmbedded(FileType outer) const {
  std::vector<Embedded> found;
  for (const Line& line : table_.lines_) {
    if (line.kind != FileTypeEntry::Kind::kPattern) continue;
    if (!detect::IsEmbeddedKind(line.type) || !Requires(line, outer)) continue;
    if (found.size() == detect::kEmbeddedMax) break;
    if (const auto offset = Match(line, 1, bytes_.size())) {
      found.push_back({line.type, *offset, bytes_.size() - *offset});
    }
  }
  std::sort(
      found.begin(), found.end(),
      [](const Embedded& a, const Embedded& b) { return a.offset < b.offset; });
  return found;
}

}  // namespace vitrine
