// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "publisher/site/audit.h"

namespace vitrine::publisher {

struct MirrorOptions {
  std::string from;    // As OpenSite() takes it.
  std::string folder;  // FOLDER/site is the copy; any web server serves it.
  tlog::Policy policy;
  // As AuditOptions; empty: the published one, which needs its quorum and
  // becomes the copy's.
  std::string checkpoint;
};

// Copies all that the log says is public, each file verified; what is there is
// not fetched again. kDenied with the first alarm where something is not what
// the log says, or is missing: such a state is not to be cosigned.
Result<AuditReport> CopySite(const MirrorOptions& options);

// What an audit ended at, kept in a file from one time to the next.
struct AuditState {
  uint64_t size = 0;
  tlog::Hash root = {};
};
Result<AuditState> ReadAuditState(const std::string& path);
Status WriteAuditState(const std::string& path, const AuditState& state);

}  // namespace vitrine::publisher
