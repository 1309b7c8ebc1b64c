// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "engine/scan/scanner.h"
#include "engine/vdb/database.h"
#include "engine/yara/yara.h"

namespace vitrine::scanner {

// The variables that Loki and THOR set for each file, and that public rule sets
// expect to exist: filename, filepath, extension, filetype, owner. All text,
// empty until a file is scanned.
engine::yara::Externals FileExternals();

// Sets those of them that the database knows. Thread-compatible.
class FileExternalSetter {
 public:
  // `database` and `given` (what the user defined: that stands) need not
  // outlive the object.
  FileExternalSetter(const engine::vdb::Database& database,
                     const engine::yara::Externals& given);

  // For the sample called `path`, of the user `owner`, with these bytes.
  void Set(std::string_view path, std::string_view owner, Bytes bytes,
           engine::scan::Scanner& scanner);

 private:
  bool Wants(std::string_view name) const;

  std::vector<std::string> wanted_;
};

// Loki's word for what the first bytes are: "EXE", "ELF", "ZIP"; "UNKNOWN".
std::string_view LokiFileType(Bytes bytes);

}  // namespace vitrine::scanner
