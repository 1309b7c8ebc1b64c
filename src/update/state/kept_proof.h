// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "config/paths.h"
#include "tlog/proof_file.h"
#include "update/release/leaf.h"
#include "update/state/state.h"
#include "update/trust/trust.h"

namespace vitrine::update {

// What was proven of a database, and by whom.
struct KeptProof {
  Trust trust;
  Leaf leaf;
  tlog::ProvenEntry entry;
};

// What lies beside a kept database proves it, by the trust file. kDenied names
// the rule.
Result<KeptProof> CheckKept(const UpdateState& state,
                            const KeptDatabase& database);

// The same of the database in use, for programs that are told to change to it.
// Not for those that start: a trust file that became stricter since must not
// leave a machine without any database. Where there is no trust file there are
// no updates, and nothing is asked. With one, kDenied also for a database that
// no update brought.
Status CheckActive(const config::Paths& paths);

}  // namespace vitrine::update
