// SPDX-License-Identifier: Apache-2.0
#include "formats/zip/classify.h"

#include <optional>
#include <string_view>

#include "formats/zip/directory.h"
#include "formats/zip/entry.h"
#include "formats/zip/limits.h"

namespace vitrine::zip {
namespace {

std::optional<FileType> TypeOfName(std::string_view name) {
  if (name.starts_with("word/")) return FileType::kOOXML_WORD;
  if (name.starts_with("ppt/")) return FileType::kOOXML_PPT;
  if (name.starts_with("xl/")) return FileType::kOOXML_XL;
  if (name == "Contents/content.hpf") return FileType::kOOXML_HWP;
  return std::nullopt;
}

}  // namespace

FileType Classify(Bytes archive) {
  // The directory is the dense place to look; a document without one can
  // still be told by the headers at its start.
  const auto start = FindDirectory(archive);
  uint64_t at = start.value_or(0);
  for (uint64_t i = 0; i < kClassifyMax; ++i) {
    const auto header =
        start ? ParseCentral(archive, at) : ParseLocal(archive, at);
    if (!header) break;
    if (const auto type = TypeOfName(AsText(header->name))) return *type;
    if (header->packed_size > archive.size() && !start) break;
    at = header->next + (start ? 0 : header->packed_size);
  }
  return FileType::kZIP;
}

}  // namespace vitrine::zip
