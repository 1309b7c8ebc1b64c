// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "publisher/sources/source_tree.h"

// What others publish, as files of a source tree. The same input gives the same
// files. What cannot be taken is left out and said, with file and line.
namespace vitrine::publisher {

struct Imported {
  std::vector<SourceTree::File> files;
  size_t entries = 0;   // Digests or files taken.
  size_t left_out = 0;  // Things that were not.
  std::string origin;   // "main.cvd version 62 of ...", for the manifest.
  // "FILE:LINE: what"; the first kImportMessagesMax of them.
  std::vector<std::string> messages;

  void LeaveOut(const std::string& where, const std::string& what);
};

// A folder as clamscan takes it: .cvd, .cld, .cud are opened (their own digests
// must hold; who signed them is not asked), signature files taken as they are.
Result<Imported> ImportClamav(const std::string& folder);

// The .yar and .yara files below a folder, and what they may include.
Result<Imported> ImportYara(const std::string& folder);

// Lists of digests. `name`: for entries that have none.
Result<Imported> ImportCsv(const std::string& path, const std::string& name);
Result<Imported> ImportMisp(const std::string& path, const std::string& name);
Result<Imported> ImportStix(const std::string& path, const std::string& name);

}  // namespace vitrine::publisher
