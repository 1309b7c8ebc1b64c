// SPDX-License-Identifier: Apache-2.0
#include "tlog/note.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/base64.h"
#include "base/byte_reader.h"
#include "base/utf8.h"
#include "tlog/limits.h"

namespace vitrine::tlog {
namespace {

constexpr std::string_view kDash = "\xe2\x80\x94 ";  // U+2014, space

// Unicode's White_Space.
bool IsUnicodeSpace(uint32_t c) {
  return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
         c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

Result<NoteSignature> ParseSignature(std::string_view line) {
  const Error wrong = {Code::kInvalid, "no signature line of a note"};
  if (!line.starts_with(kDash)) return wrong;
  line.remove_prefix(kDash.size());
  const size_t space = line.find(' ');
  if (space == line.npos || !IsKeyName(line.substr(0, space))) return wrong;
  NoteSignature signature;
  signature.name = line.substr(0, space);
  const std::string_view spelt = line.substr(space + 1);
  if (spelt.size() / 4 * 3 > kSignatureBytesMax + sizeof(uint32_t) + 2) {
    return Error{Code::kLimit, "signature too long"};
  }
  const auto bytes = FromBase64(spelt);
  if (!bytes || bytes->size() <= sizeof(uint32_t)) return wrong;
  signature.key_id =
      ByteReader(*bytes).Peek<std::endian::big, uint32_t>(0).value_or(0);
  signature.bytes.assign(bytes->begin() + sizeof(uint32_t), bytes->end());
  return signature;
}

}  // namespace

bool IsKeyName(std::string_view name) {
  if (name.empty() || name.size() > kKeyNameMax) return false;
  while (!name.empty()) {
    const Utf8Character c = DecodeUtf8(name);
    if (c.size == 0 || c.code_point < 0x20 || c.code_point == '+' ||
        IsUnicodeSpace(c.code_point)) {
      return false;
    }
    name.remove_prefix(c.size);
  }
  return true;
}

bool IsNoteText(std::string_view text) {
  return IsUtf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<uint8_t>(c) < 0x20 && c != '\n';
         });
}

Result<std::vector<NoteSignature>> ParseSignatures(std::string_view lines) {
  if (!lines.ends_with('\n')) {
    return Error{Code::kInvalid, "signatures end with a line end"};
  }
  std::vector<NoteSignature> signatures;
  while (!lines.empty()) {
    if (signatures.size() == kSignaturesMax) {
      return Error{Code::kLimit, "too many signatures"};
    }
    const size_t end = lines.find('\n');
    signatures.push_back(TRY(ParseSignature(lines.substr(0, end))));
    lines.remove_prefix(end + 1);
  }
  return signatures;
}

Result<Note> ParseNote(std::string_view bytes) {
  if (bytes.size() > kNoteBytesMax) return Error{Code::kLimit, "note too long"};
  if (!IsNoteText(bytes)) {
    return Error{Code::kInvalid, "a note is UTF-8 without control characters"};
  }
  // The last empty line is the border.
  const size_t border = bytes.rfind("\n\n");
  if (border == bytes.npos) {
    return Error{Code::kInvalid, "a note has an empty line before signatures"};
  }
  Note note;
  note.text = bytes.substr(0, border + 1);
  note.signatures = TRY(ParseSignatures(bytes.substr(border + 2)));
  return note;
}

std::string FormatSignature(const NoteSignature& signature) {
  ByteVector bytes;
  for (const int shift : {24, 16, 8, 0}) {
    bytes.push_back(static_cast<uint8_t>(signature.key_id >> shift));
  }
  bytes.insert(bytes.end(), signature.bytes.begin(), signature.bytes.end());
  std::string line(kDash);
  line += signature.name;
  line += ' ';
  line += ToBase64(bytes);
  line += '\n';
  return line;
}

std::string FormatNote(const Note& note) {
  std::string bytes = note.text + "\n";
  for (const NoteSignature& signature : note.signatures) {
    bytes += FormatSignature(signature);
  }
  return bytes;
}

void MergeSignature(NoteSignature signature, Note& note) {
  for (NoteSignature& old : note.signatures) {
    if (old.name == signature.name && old.key_id == signature.key_id) {
      old = std::move(signature);
      return;
    }
  }
  note.signatures.push_back(std::move(signature));
}

}  // namespace vitrine::tlog
