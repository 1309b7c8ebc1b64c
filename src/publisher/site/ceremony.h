// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "publisher/site/places.h"
#include "tuf/date_time.h"
#include "tuf/profile.h"
#include "tuf/repository.h"
#include "tuf/signer.h"

// The beginning of a publisher: keys, the roles they stand for, and a record.
namespace vitrine::publisher {

// A new key of a person; "vendor" or "outside" is a part of it.
Result<tuf::Signer> MakePersonKey(const std::string& path, tuf::Side side);

struct CeremonyOptions {
  std::string origin;  // Of the log: its key's name.
  tuf::Time now = 0;
};

// What a ceremony made: for people, and for the log (a key-ceremony entry).
struct Ceremony {
  std::vector<std::string> record;
};

// Makes keys of the profile below KEYS (root: 3 and 3, of which 4 sign; db: 2
// and 2, of which 3 sign; snapshot, timestamp, log) and stages version 1 of
// root, targets and policy, unsigned. Between the two DIR/tlog-policy is
// written, which has the log's key. kDenied where keys are there.
Result<Ceremony> MakeKeys(const Places& places, const CeremonyOptions& options);
Status StageFirst(const Places& places, const CeremonyOptions& options);

// Stages the next version of policy: DIR/tlog-policy as it is now.
Status StagePolicy(const Places& places, tuf::Repository& repository,
                   tuf::Time now);

}  // namespace vitrine::publisher
