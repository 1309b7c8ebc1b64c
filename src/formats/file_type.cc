// SPDX-License-Identifier: Apache-2.0
#include "formats/file_type.h"

#include <array>
#include <cstddef>

namespace vitrine {
namespace {

constexpr std::array kNames = {
#define VITRINE_NAME(name) std::string_view("CL_TYPE_" #name),
    VITRINE_FILE_TYPES(VITRINE_NAME)
#undef VITRINE_NAME
};

}  // namespace

std::string_view FileTypeName(FileType type) {
  const auto index = static_cast<size_t>(type);
  return index < kNames.size() ? kNames[index] : kNames[0];
}

std::optional<FileType> FileTypeFromName(std::string_view name) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<FileType>(i);
  }
  return std::nullopt;
}

int TargetOf(FileType type) {
  switch (type) {
    case FileType::kMSEXE:
      return 1;
    case FileType::kMSOLE2:
    case FileType::kHWPOLE2:
      return 2;
    case FileType::kHTML:
    case FileType::kHTML_UTF16:
      return 3;
    case FileType::kMAIL:
      return 4;
    case FileType::kGRAPHICS:
    case FileType::kGIF:
    case FileType::kPNG:
    case FileType::kJPEG:
    case FileType::kTIFF:
    case FileType::kBMP:
    case FileType::kICO:
      return 5;
    case FileType::kELF:
      return 6;
    case FileType::kTEXT_ASCII:
    case FileType::kTEXT_UTF8:
    case FileType::kTEXT_UTF16LE:
    case FileType::kTEXT_UTF16BE:
    case FileType::kSCRIPT:
      return 7;
    case FileType::kMACHO:
    case FileType::kMACHO_UNIBIN:
      return 9;
    case FileType::kPDF:
      return 10;
    case FileType::kSWF:
      return 11;
    case FileType::kJAVA:
      return 12;
    case FileType::kBINARY_DATA:
      return 14;
    default:
      return 0;
  }
}

}  // namespace vitrine
