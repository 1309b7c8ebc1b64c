// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/digest.h"
#include "tlog/frontier.h"

// What a client remembers of a log, from one update to the next. Pure.
namespace vitrine::update {

// A version of a role's metadata that the log has.
struct LoggedVersion {
  uint64_t version = 0;
  uint64_t index = 0;  // Of its entry.
  uint64_t size = 0;
  crypto::Sha256Digest sha256 = {};
  // By this time of witnesses it was public; 0 where no witnesses are asked.
  uint64_t public_by = 0;

  bool operator==(const LoggedVersion&) const = default;
};

// All of it. A value. Nothing in it ever becomes smaller.
struct LogView {
  // The latest time that a quorum of witnesses has signed (T), seconds.
  uint64_t time = 0;
  tlog::Frontier frontier;
  // The signed checkpoint of the frontier; empty before the first.
  std::string checkpoint;
  // By role, by rising version, the newest kLogVersionsMax.
  std::map<std::string, std::vector<LoggedVersion>, std::less<>> roles;
  // By type and role ("tuf db"), the last entry that named both.
  std::map<std::string, uint64_t, std::less<>> last;

  // Null where the log is not known to have it.
  const LoggedVersion* Find(std::string_view role, uint64_t version) const;
  const LoggedVersion* Newest(std::string_view role) const;

  bool operator==(const LogView&) const = default;
};

// docs/spec/update.md. kInvalid for what FormatLogView() would not have written
// and where the checkpoint is not of the frontier; kLimit.
Result<LogView> ParseLogView(std::string_view text);
std::string FormatLogView(const LogView& view);

}  // namespace vitrine::update
