// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "publisher/site/places.h"
#include "tuf/date_time.h"

namespace vitrine::publisher {

// Stages the next version of "root", "targets" or "policy", unsigned: as it is
// published, but valid from `now` on for as long as the first was. The policy
// is DIR/tlog-policy as it is now. kInvalid for other roles (db is renewed by
// StageRelease()); kNotFound where there is no first version.
Status Renew(const Places& places, const std::string& role, tuf::Time now);

}  // namespace vitrine::publisher
