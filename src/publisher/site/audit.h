// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "publisher/site/site_source.h"
#include "tlog/hash.h"
#include "tlog/policy.h"

// Looks at everything that a publisher has made public, from its log down, as
// somebody who does not believe it.
namespace vitrine::publisher {

struct AuditOptions {
  tlog::Policy policy;
  // A signed note to look at instead of the published checkpoint: what a mirror
  // is asked to cosign. It needs no quorum then.
  std::string checkpoint;
  // So many entries have been looked at before, and had this root: the log must
  // begin with them, and their files are not fetched again. All entries are
  // read all the same.
  uint64_t known_size = 0;
  tlog::Hash known_root = {};
  // Whether databases are made again from their sources and compared.
  bool rebuild = false;
  std::string scratch;  // A folder for that alone; it is removed.
  // Is given every file that was verified. May be empty.
  std::function<Status(const std::string& path, Bytes bytes)> keep;
};

struct AuditReport {
  uint64_t size = 0;
  tlog::Hash root = {};
  std::string checkpoint;  // As it was looked at.
  // Those that are shown of kEarlierNames, as they were looked at.
  std::map<std::string, std::string> earlier;
  std::vector<std::string> lines;  // What was looked at.
  // What is not explained: anything in the log that is not what it should be,
  // or that is named there and cannot be had.
  std::vector<std::string> alarms;
};

// Fails where the log itself cannot be read (kUnavailable, kNotFound) or is not
// one history (kDenied: evidence, which the caller keeps). All else is an
// alarm.
Result<AuditReport> Audit(SiteSource& source, const AuditOptions& options);

}  // namespace vitrine::publisher
