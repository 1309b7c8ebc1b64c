// SPDX-License-Identifier: Apache-2.0
#include "formats/detect/detect.h"

#include "formats/detect/magic.h"
#include "formats/detect/table_matcher.h"
#include "formats/detect/text_type.h"
#include "formats/zip/classify.h"

namespace vitrine {
namespace {

FileType DetectByTable(Bytes bytes, const FileTypeTable& table) {
  const TableMatcher matcher(table, bytes);
  if (const auto type = matcher.Fixed()) return *type;
  const FileType base =
      detect::TypeByText(bytes).value_or(FileType::kBINARY_DATA);
  return matcher.Pattern(base).value_or(base);
}

}  // namespace

FileType Detect(Bytes bytes, const FileTypeTable* table) {
  if (table != nullptr) return DetectByTable(bytes, *table);
  if (const auto type = detect::TypeByStart(bytes)) {
    return *type == FileType::kZIP ? zip::Classify(bytes) : *type;
  }
  if (const auto type = detect::TypeByInside(bytes)) return *type;
  const auto text = detect::TypeByText(bytes);
  // A tag near the start makes HTML even of what is no text.
  if (text != FileType::kTEXT_ASCII && detect::StartsAsHtml(bytes)) {
    return FileType::kHTML;
  }
  if (text) {
    return detect::TypeByTextContent(bytes, *text).value_or(*text);
  }
  return FileType::kBINARY_DATA;
}

}  // namespace vitrine
