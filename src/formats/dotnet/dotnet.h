// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "formats/pe/pe.h"

// .NET assemblies: the CLI header and metadata of a PE file (ECMA-335, part
// II, sections 22 to 25). Parse() finds the streams; the tables are read by
// the functions of the other headers, when somebody asks for them.
namespace vitrine::dotnet {

struct Stream {
  std::string_view name;
  uint64_t offset = 0;  // In the file.
  uint32_t size = 0;    // As claimed.
};

struct Image {
  Bytes bytes;  // The whole file.
  pe::DataDirectory resources;
  uint64_t metadata_offset = 0;  // Of "BSJB", in the file.
  std::string_view version;
  std::vector<Stream> streams;
};

// kInvalid or kTruncated where there is no CLI header and metadata root.
Result<Image> Parse(Bytes bytes, const pe::Image& pe);

}  // namespace vitrine::dotnet
