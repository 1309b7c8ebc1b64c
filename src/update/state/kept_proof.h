// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "config/paths.h"
#include "update/state/state.h"

namespace vitrine::update {

// Whether what lies beside a kept database proves it, by the trust file.
// kDenied names the rule.
Status CheckKept(const UpdateState& state, const KeptDatabase& database);

// The same of the database in use, for programs that are about to load it.
// Where there is no trust file there are no updates, and nothing is asked. With
// one, kDenied also for a database that no update brought.
Status CheckActive(const config::Paths& paths);

}  // namespace vitrine::update
