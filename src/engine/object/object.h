// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "formats/dex/dex.h"
#include "formats/dotnet/dotnet.h"
#include "formats/elf/elf.h"
#include "formats/executable_layout.h"
#include "formats/file_type.h"
#include "formats/macho/macho.h"
#include "formats/pe/pe.h"

namespace vitrine::engine {

// One object under scan: an input, or a member of one. Holds views of its
// bytes as this or that format, each made once, when first asked for, and
// shared by ClamAV's targets and YARA's modules. Owns no bytes: they must
// outlive it. Not thread-safe; one a scan.
class Object {
 public:
  Object(Bytes bytes, FileType type) : bytes_(bytes), type_(type) {}
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

  Bytes bytes() const { return bytes_; }
  FileType type() const { return type_; }

  // Types of the containers this lies in, outermost first; empty for an input.
  std::vector<FileType> containers;

  // The view, or null where the bytes are no such thing.
  const pe::Image* Pe();
  const elf::Image* Elf();
  const macho::File* Macho();
  const dotnet::Image* Dotnet();
  const dex::File* Dex();

  // Of whichever executable format this is; null for any other.
  const ExecutableLayout* Layout();

 private:
  template <typename T>
  struct Lazy {
    bool tried = false;
    std::unique_ptr<T> value;
  };

  std::optional<ExecutableLayout> MakeLayout();

  Bytes bytes_;
  FileType type_;
  Lazy<pe::Image> pe_;
  Lazy<elf::Image> elf_;
  Lazy<macho::File> macho_;
  Lazy<dotnet::Image> dotnet_;
  Lazy<dex::File> dex_;
  Lazy<ExecutableLayout> layout_;
};

}  // namespace vitrine::engine
