// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/diagnostic.h"
#include "publisher/site/places.h"
#include "tuf/date_time.h"
#include "update/release/leaf.h"

namespace vitrine::publisher {

struct ReleaseOptions {
  tuf::Time now = 0;
  // Lines that cannot be taken are left out instead of refusing the release.
  bool allow_errors = false;
  // More new entries than this that suppress detections refuse it: they are to
  // be looked at by people.
  uint64_t allowed_most = UINT64_MAX;
  // Scans known-good files with the database at this path; an error says which
  // of them it hits. May be empty.
  std::function<Status(const std::string& database)> false_positives;
};

struct Release {
  uint64_t version = 0;  // Of the release; 0: only signed anew.
  std::optional<uint64_t> from;
  update::Leaf::Summary summary;
  uint64_t database_size = 0;
  std::vector<update::LeafFile> targets;
  Diagnostics diagnostics;
};

// Compiles SOURCES and stages the next release of its channel: database, change
// list, sources, deltas from the last kDeltasMade, and the next version of db's
// metadata, unsigned. Where the sources are those of the last release, only
// the metadata with a later expiry.
Result<Release> StageRelease(const Places& places,
                             const ReleaseOptions& options);

}  // namespace vitrine::publisher
