// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "publisher/site/places.h"
#include "publisher/site/publish.h"
#include "publisher/site/release.h"

// What several commands do, told to the person on stdout.
namespace vitrine::cli::publish {

struct CompileChoices {
  bool allow_errors = false;
  uint64_t allowed_most = UINT64_MAX;
  std::vector<std::string> known_good;
};
Status CompileStep(const publisher::Places& places,
                   const CompileChoices& choices);

// Signs with each of the key files; kDenied where one is of no use.
Status SignStep(const publisher::Places& places,
                const std::vector<std::string>& keys);

struct LogChoices {
  std::string cosignatures;  // A file of lines; "": none.
  bool force = false;
};
// The record of the ceremony, where there is one, is an entry too.
Status LogStep(const publisher::Places& places, const LogChoices& choices);

// Scans `paths` with the database by the program beside this one; kDenied
// where it finds something in them.
Status ScanKnownGood(const std::string& database,
                     const std::vector<std::string>& paths);

}  // namespace vitrine::cli::publish
