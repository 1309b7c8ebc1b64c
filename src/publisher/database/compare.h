// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "publisher/database/entries.h"
#include "publisher/sources/manifest.h"
#include "update/release/changes.h"

namespace vitrine::publisher {

// What differs between two releases' entries, by who answers for it; for
// entries that were removed the new manifest says so first, then the old one.
// Depends on its arguments alone.
update::ChangeList CompareEntries(const std::vector<Entry>& before,
                                  const Manifest& old_manifest,
                                  const std::vector<Entry>& after,
                                  const Manifest& manifest);

// The list of a first release: its entries by file, but those that suppress
// detections one by one.
update::ChangeList ListFirst(const std::vector<Entry>& entries,
                             const Manifest& manifest);

}  // namespace vitrine::publisher
