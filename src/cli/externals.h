// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"
#include "engine/scan/scanner.h"
#include "engine/vdb/database.h"
#include "engine/yara/yara.h"

namespace vitrine::cli {

// "NAME=VALUE" with the value typed as yara types it: an integer, a decimal
// fraction, true or false, and text for all else.
Result<std::pair<std::string, engine::yara::External>> ParseDefine(
    std::string_view argument);

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

  // For the input at `path`, owned by `owner`, with these bytes.
  void Set(const std::string& path, unsigned owner, Bytes bytes,
           engine::scan::Scanner& scanner);

 private:
  bool Wants(std::string_view name) const;
  const std::string& OwnerName(unsigned owner);

  std::vector<std::string> wanted_;
  // A look-up reads /etc/passwd; files of one owner come in rows.
  std::map<unsigned, std::string> owner_names_;
};

// Loki's word for what the first bytes are: "EXE", "ELF", "ZIP"; "UNKNOWN".
std::string_view LokiFileType(Bytes bytes);

}  // namespace vitrine::cli
