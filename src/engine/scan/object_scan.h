// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "engine/scan/digest_lookup.h"
#include "engine/scan/rule_runner.h"
#include "engine/scan/session.h"
#include "engine/vdb/database.h"
#include "formats/detect/detect.h"
#include "formats/file_type.h"

namespace vitrine::engine::scan {

// What all scans of one Scanner share.
struct ScanContext {
  ScanContext(const vdb::Database& database, const ScanOptions& options,
              RuleRunner& runner, bool profile);

  const vdb::Database& database;
  const ScanOptions& options;
  RuleRunner& runner;
  DigestLookup digests;
  // Some rule may hold for a normalised view.
  bool looks_at_normalised = true;
  // From the database's auxiliaries.
  std::optional<FileTypeTable> file_types;
  std::vector<Bytes> passwords;
  std::vector<Bytes> container_rules;
  std::vector<std::string_view> container_names;

  struct FormatCost {
    uint64_t nanoseconds = 0;  // Without members'.
    uint64_t times = 0;
    uint64_t bytes = 0;
  };
  bool profile = false;
  std::map<FileType, FormatCost> format_costs;
};

// Looks at one object and at all that lies in it. `type` ANY: by its bytes.
// Everything there is to say goes to `session`.
void ScanObject(ScanContext& context, Session& session, Bytes bytes,
                std::string_view path, FileType type);

// Looks once more at the object on top of the session, now only for what
// ClamAV's signatures of programs say of it.
void ScanAsProgram(ScanContext& context, Session& session, Bytes bytes);

}  // namespace vitrine::engine::scan
