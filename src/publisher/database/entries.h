// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/vdb/database.h"
#include "update/archive/archive.h"
#include "update/release/changes.h"

namespace vitrine::publisher {

// Something that a release can add, remove or change: docs/spec/changes.md.
struct Entry {
  update::Change::What what = update::Change::What::kRule;
  std::string_view file;  // Of the sources.
  std::string_view name;  // For people.
  std::string identity;   // Of which entry it is the new state.
  std::string content;    // Its state: what differs when it was changed.
};

// All entries of a database, which was made from the sources `members`, in the
// order of their files and lines. Views refer to both.
std::vector<Entry> EntriesOf(const engine::vdb::Database& database,
                             const std::vector<update::ArchiveMember>& members);

}  // namespace vitrine::publisher
