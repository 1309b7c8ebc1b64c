// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

namespace vitrine::http {

// What of a file goes out.
struct ServedFile {
  UniqueFd file;
  uint64_t size = 0;
  std::string tag;  // "\"…\"": changes whenever the file does.
};

// The regular file that the path of a request names below `folder` (open).
// The path is taken as it is, %HH decoded once; it may not leave the folder,
// by "..", by a link or by anything else. kNotFound for all that is not there
// or not to be had.
Result<ServedFile> OpenServed(int folder, std::string_view path);

// %HH decoded; nullopt where that is not well formed or gives a zero byte.
std::optional<std::string> DecodePath(std::string_view path);

// By the name's ending: what tlog-tiles and TUF ask for, else octets.
const char* ContentTypeOf(std::string_view path);

// What a Range field asks of a file.
struct Range {
  enum class Kind : uint8_t { kWhole, kPart, kUnsatisfiable };
  Kind kind = Kind::kWhole;
  uint64_t first = 0;
  uint64_t count = 0;
};
// One range of bytes; whatever else the field says means the whole file, as
// RFC 9110 allows.
Range ReadRange(std::string_view field, uint64_t size);

// Whether an If-None-Match field names `tag`.
bool NamesTag(std::string_view field, std::string_view tag);

}  // namespace vitrine::http
