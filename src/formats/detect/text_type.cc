// SPDX-License-Identifier: Apache-2.0
#include "formats/detect/text_type.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "base/byte_reader.h"
#include "base/text.h"
#include "formats/detect/limits.h"

namespace vitrine::detect {
namespace {

// Bell, backspace, tab, line feed, form feed, carriage return, escape, what is
// printable, and everything that is not ASCII.
constexpr auto kIsText = [] {
  std::array<uint8_t, 256> is_text = {};
  for (const size_t c : {7U, 8U, 9U, 10U, 12U, 13U, 27U}) is_text[c] = 1;
  for (size_t c = 32; c < 256; ++c) is_text[c] = c != 127;
  return is_text;
}();

bool IsAscii(Bytes bytes) {
  uint8_t all = 1;
  for (const uint8_t byte : bytes) all &= kIsText[byte];
  return all != 0;
}

// The first two bytes are not looked at: they may be a byte order mark, and
// big-endian it is where they are none.
std::optional<FileType> Utf16(Bytes bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const bool little = bytes[0] == 0xff && bytes[1] == 0xfe;
  for (size_t i = 2; i + 1 < bytes.size(); i += 2) {
    const uint32_t high = bytes[little ? i + 1 : i];
    const uint32_t low = bytes[little ? i : i + 1];
    const uint32_t unit = high << 8 | low;
    if (unit == 0xfffe || (unit < 128 && kIsText[unit] == 0)) {
      return std::nullopt;
    }
  }
  return little ? FileType::kTEXT_UTF16LE : FileType::kTEXT_UTF16BE;
}

// Whether `text` starts with `lower`, ASCII letters being equal in both cases.
bool StartsWith(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) return false;
  for (size_t i = 0; i < lower.size(); ++i) {
    if (ToLower(static_cast<uint8_t>(text[i])) !=
        static_cast<uint8_t>(lower[i])) {
      return false;
    }
  }
  return true;
}

// Whether `text`, which starts behind a "<", is a tag that makes it HTML.
bool IsTag(std::string_view text) {
  if (text.empty()) return false;
  switch (ToLower(static_cast<uint8_t>(text[0]))) {
    case 'a': {
      if (text.size() < 2 || !IsSpace(static_cast<uint8_t>(text[1]))) {
        return false;
      }
      // Among the attributes, anywhere in the tag.
      const std::string_view tag = text.substr(0, text.find_first_of("<>"));
      for (size_t at = 2; at < tag.size(); ++at) {
        if (StartsWith(tag.substr(at), "href")) return true;
      }
      return false;
    }
    case 'h':
      return StartsWith(text, "html>") || StartsWith(text, "head>");
    case 'i':
      return StartsWith(text, "iframe") || StartsWith(text, "img");
    case 'o':
      return StartsWith(text, "object");
    case 's':
      return StartsWith(text, "script");
    case 't':
      return StartsWith(text, "table");
    default:
      return false;
  }
}

bool IsHtml(Bytes bytes) {
  std::string_view text = AsText(Clip(bytes, 0, kHtmlSearchMax));
  for (size_t at = text.find('<'); at != std::string_view::npos;
       at = text.find('<', at + 1)) {
    if (IsTag(text.substr(at + 1))) return true;
  }
  return false;
}

// The same in UTF-16 of either order: only the tag's own bytes are narrowed.
bool IsHtml16(Bytes bytes) {
  const std::string_view text = AsText(Clip(bytes, 0, kHtmlSearchMax));
  for (size_t at = text.find('<'); at != std::string_view::npos;
       at = text.find('<', at + 1)) {
    // Low byte first or second: the next letter is two bytes on in both.
    std::array<char, 24> tag;
    size_t size = 0;
    for (size_t i = at + 2; i < text.size() && size < tag.size(); i += 2) {
      tag[size++] = text[i];
    }
    if (IsTag(std::string_view(tag.data(), size))) return true;
  }
  return false;
}

// A line of a mail's header that hardly any other text has two of.
bool IsMailHeader(std::string_view line) {
  constexpr std::array<std::string_view, 9> kNames = {
      "from:",         "to:",          "subject:",
      "date:",         "message-id:",  "received:",
      "mime-version:", "return-path:", "content-type:"};
  return std::any_of(kNames.begin(), kNames.end(), [&](std::string_view name) {
    return StartsWith(line, name);
  });
}

// Nothing but header lines from the start on, among them two of a mail's.
bool IsMail(Bytes bytes) {
  std::string_view text = AsText(Clip(bytes, 0, 8 * kPrefix));
  int known = 0;
  for (int i = 0; i < kMailLinesMax && !text.empty(); ++i) {
    const size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line == "\r") break;
    if (i > 0 && (line[0] == ' ' || line[0] == '\t')) continue;  // Folded.
    const size_t colon = line.find(':');
    if (colon == 0 || colon == std::string_view::npos || colon > 64) {
      return false;
    }
    if (!std::all_of(line.begin(), line.begin() + static_cast<ptrdiff_t>(colon),
                     [](char c) {
                       return c == '-' || c == '_' ||
                              IsAlnum(static_cast<uint8_t>(c));
                     })) {
      return false;
    }
    known += IsMailHeader(line) ? 1 : 0;
  }
  return known >= 2;
}

// Mail that starts in the middle of something else.
bool HasMimePart(std::string_view text) {
  const size_t version = text.find("\nMIME-Version: 1.0");
  return version != std::string_view::npos &&
         text.find("\nContent-Type: ", version) != std::string_view::npos;
}

std::optional<FileType> Xml(std::string_view text) {
  const auto has = [&](std::string_view what) {
    return text.find(what) != std::string_view::npos;
  };
  if (has("<xdp:xdp ")) return FileType::kXDP;
  if (!has("<?xml")) return std::nullopt;
  if (has("<w:wordDocument") || has("progid=\"Word.Document\"")) {
    return FileType::kXML_WORD;
  }
  if (has("urn:schemas-microsoft-com:office:spreadsheet") ||
      has("progid=\"Excel.Sheet\"")) {
    return FileType::kXML_XL;
  }
  if (has("<HWPML ")) return FileType::kXML_HWP;
  return std::nullopt;
}

}  // namespace

std::optional<FileType> TypeByText(Bytes bytes) {
  const Bytes prefix = Clip(bytes, 0, kPrefix);
  if (prefix.empty()) return std::nullopt;
  if (IsAscii(prefix)) return FileType::kTEXT_ASCII;
  return Utf16(prefix);
}

bool StartsAsHtml(Bytes bytes) { return IsHtml(Clip(bytes, 0, kPrefix)); }

std::optional<FileType> TypeByTextContent(Bytes bytes, FileType text) {
  if (text != FileType::kTEXT_ASCII) {
    // Without a mark, most of what is called UTF-16 is not; a mark, or zeros
    // where the high bytes of Latin letters are, make it worth the search.
    const bool marked =
        bytes.size() > 1 && ((bytes[0] ^ bytes[1]) == 1) && bytes[0] >= 0xfe;
    const Bytes prefix = Clip(bytes, 0, kPrefix);
    const auto zeros = static_cast<size_t>(
        std::count(prefix.begin(), prefix.end(), uint8_t{0}));
    if ((marked || zeros >= prefix.size() / 4) && IsHtml16(bytes)) {
      return FileType::kHTML_UTF16;
    }
    return std::nullopt;
  }
  const std::string_view prefix = AsText(Clip(bytes, 0, kPrefix));
  if (IsMail(bytes) || HasMimePart(prefix)) return FileType::kMAIL;
  if (const auto type = Xml(prefix)) return type;
  if (IsHtml(bytes)) return FileType::kHTML;
  return std::nullopt;
}

}  // namespace vitrine::detect
