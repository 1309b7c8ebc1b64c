// SPDX-License-Identifier: Apache-2.0
#include "tlog/checkpoint.h"

#include "base/text.h"
#include "tlog/limits.h"
#include "tlog/note.h"

namespace vitrine::tlog {

Result<Checkpoint> ParseCheckpoint(std::string_view text) {
  const Error wrong = {Code::kInvalid, "no checkpoint: ORIGIN, SIZE, ROOT"};
  if (text.size() > kNoteBytesMax) {
    return Error{Code::kLimit, "checkpoint too long"};
  }
  if (!IsNoteText(text) || !text.ends_with('\n')) return wrong;
  text.remove_suffix(1);
  const auto lines = Split(text, '\n');
  if (lines.size() < 3) return wrong;
  if (lines.size() > 3 + kExtensionsMax || lines[0].size() > kOriginMax) {
    return Error{Code::kLimit, "checkpoint too long"};
  }
  for (const std::string_view line : lines) {
    if (line.empty()) return wrong;
  }
  const auto size = ParseNumber(lines[1]);
  const auto root = ParseHash(lines[2]);
  if (!size || !root) return wrong;
  if (*size > kTreeSizeMax) return Error{Code::kLimit, "tree too large"};
  return Checkpoint{
      std::string(lines[0]), *size, *root, {lines.begin() + 3, lines.end()}};
}

std::string FormatCheckpoint(const Checkpoint& checkpoint) {
  std::string text = checkpoint.origin + "\n";
  text += std::to_string(checkpoint.size) + "\n";
  text += HashText(checkpoint.root) + "\n";
  for (const std::string& line : checkpoint.extensions) text += line + "\n";
  return text;
}

}  // namespace vitrine::tlog
