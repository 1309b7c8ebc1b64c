// SPDX-License-Identifier: Apache-2.0
#include "cli/externals.h"

#include <pwd.h>
#include <sys/types.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/text.h"

namespace vitrine::cli {
namespace {

using engine::yara::External;
using engine::yara::Externals;

constexpr const char* kNames[] = {"filename", "filepath", "extension",
                                  "filetype", "owner"};

bool IsIdentifier(std::string_view name) {
  if (name.empty() || IsDigit(static_cast<uint8_t>(name[0]))) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return IsAlnum(static_cast<uint8_t>(c)) || c == '_';
  });
}

// A sign, digits and, if `fraction`, exactly one point.
bool IsNumber(std::string_view text, bool fraction) {
  if (text.starts_with('-')) text.remove_prefix(1);
  int points = 0;
  int digits = 0;
  for (const char c : text) {
    if (c == '.') {
      ++points;
    } else if (IsDigit(static_cast<uint8_t>(c))) {
      ++digits;
    } else {
      return false;
    }
  }
  return digits > 0 && points == (fraction ? 1 : 0);
}

template <typename T>
Result<External> ParseNumber(std::string_view text) {
  T value{};
  const auto end =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size()) {
    return Error{Code::kInvalid, "the number is out of range"};
  }
  return External{value};
}

Result<External> ParseValue(std::string_view text) {
  if (IsNumber(text, false)) return ParseNumber<int64_t>(text);
  if (IsNumber(text, true)) return ParseNumber<double>(text);
  if (text == "true" || text == "false") return External{text == "true"};
  return External{std::string(text)};
}

std::string LookUpOwner(unsigned owner) {
  passwd entry;
  passwd* found = nullptr;
  char buffer[4096];
  if (getpwuid_r(owner, &entry, buffer, sizeof buffer, &found) != 0 ||
      found == nullptr) {
    return std::to_string(owner);
  }
  return found->pw_name;
}

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

Result<std::pair<std::string, External>> ParseDefine(
    std::string_view argument) {
  const size_t equals = argument.find('=');
  const std::string name(argument.substr(0, equals));
  const std::string context = "--define " + std::string(argument);
  if (equals == argument.npos || !IsIdentifier(name)) {
    return Error{Code::kInvalid, context + ": takes NAME=VALUE"};
  }
  auto value = ParseValue(argument.substr(equals + 1));
  if (!value.ok()) return WithContext(value.error(), context);
  return std::pair{name, std::move(value).value()};
}

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

const std::string& FileExternalSetter::OwnerName(unsigned owner) {
  const auto [place, is_new] = owner_names_.try_emplace(owner);
  if (is_new) place->second = LookUpOwner(owner);
  return place->second;
}

void FileExternalSetter::Set(const std::string& path, unsigned owner,
                             Bytes bytes, engine::scan::Scanner& scanner) {
  if (wanted_.empty()) return;
  const size_t slash = path.rfind('/');
  const std::string name = slash == path.npos ? path : path.substr(slash + 1);
  if (Wants("filename")) scanner.SetExternal("filename", name);
  if (Wants("filepath")) {
    scanner.SetExternal("filepath",
                        slash == path.npos ? "" : path.substr(0, slash));
  }
  if (Wants("extension")) {
    const size_t point = name.rfind('.');
    scanner.SetExternal(
        "extension", point == name.npos ? "" : ToLowerText(name.substr(point)));
  }
  if (Wants("filetype")) {
    scanner.SetExternal("filetype", std::string(LokiFileType(bytes)));
  }
  if (Wants("owner")) scanner.SetExternal("owner", OwnerName(owner));
}

std::string_view LokiFileType(Bytes bytes) {
  const std::string_view text = AsText(bytes);
  for (const Signature& signature : kSignatures) {
    if (text.starts_with(signature.start)) return signature.type;
  }
  return "UNKNOWN";
}

}  // namespace vitrine::cli
