// SPDX-License-Identifier: Apache-2.0
#include "scanner/file_externals.h"

#include <algorithm>

#include "base/text.h"

namespace vitrine::scanner {
namespace {

using engine::yara::Externals;

constexpr const char* kNames[] = {"filename", "filepath", "extension",
                                  "filetype", "owner"};

struct Signature {
  std::string_view start;
  std::string_view type;
};
constexpr Signature kSignatures[] = {
    {"MZ", "EXE"},
    {"\x7f"
     "ELF",
     "ELF"},
    {"\xcf\xfa\xed\xfe", "MACH-O"},
    {"\xce\xfa\xed\xfe", "MACH-O"},
    {"PK\x03\x04", "ZIP"},
    {"Rar!", "RAR"},
    {"7z\xbc\xaf\x27\x1c", "7Z"},
    {"\x1f\x8b", "GZIP"},
    {"%PDF", "PDF"},
    {"{\\rt", "RTF"},
    {"\xd0\xcf\x11\xe0", "OLE"},
    {"MDMP", "MDMP"},
    {"GIF8", "GIF"},
    {"\x89PNG", "PNG"},
    {"\xff\xd8\xff", "JPEG"},
    {"<?php", "PHP"},
};

}  // namespace

Externals FileExternals() {
  Externals externals;
  for (const char* name : kNames) externals.emplace(name, std::string());
  return externals;
}

FileExternalSetter::FileExternalSetter(const engine::vdb::Database& database,
                                       const Externals& given) {
  for (const auto& auxiliary : database.auxiliaries()) {
    if (auxiliary.kind !=
        static_cast<uint32_t>(engine::ir::Auxiliary::Kind::kExternal)) {
      continue;
    }
    const std::string name(database.Text(auxiliary.name));
    const bool ours = std::find(std::begin(kNames), std::end(kNames), name) !=
                      std::end(kNames);
    if (ours && !given.contains(name)) wanted_.push_back(name);
  }
}

bool FileExternalSetter::Wants(std::string_view name) const {
  return std::find(wanted_.begin(), wanted_.end(), name) != wanted_.end();
}

void FileExternalSetter::Set(std::string_view path, std::string_view owner,
                             Bytes bytes, engine::scan::Scanner& scanner) {
  if (wanted_.empty()) return;
  const size_t slash = path.rfind('/');
  const bool plain = slash == path.npos;
  const std::string name(plain ? path : path.substr(slash + 1));
  if (Wants("filename")) scanner.SetExternal("filename", name);
  if (Wants("filepath")) {
    scanner.SetExternal("filepath",
                        std::string(plain ? "" : path.substr(0, slash)));
  }
  if (Wants("extension")) {
    const size_t point = name.rfind('.');
    scanner.SetExternal(
        "extension", point == name.npos ? "" : ToLowerText(name.substr(point)));
  }
  if (Wants("filetype")) {
    scanner.SetExternal("filetype", std::string(LokiFileType(bytes)));
  }
  if (Wants("owner")) scanner.SetExternal("owner", std::string(owner));
}

std::string_view LokiFileType(Bytes bytes) {
  const std::string_view text = AsText(bytes);
  for (const Signature& signature : kSignatures) {
    if (text.starts_with(signature.start)) return signature.type;
  }
  return "UNKNOWN";
}

}  // namespace vitrine::scanner
