// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "config/schedule.h"

namespace vitrine::tasks {

// The first start by the calendar (daily, weekly, monthly) after `after`, in
// seconds since 1970 and by the time zone of the process; nullopt for other
// kinds. A time that the clock skips stands for the first moment after it; one
// that comes twice is meant once, the first time.
std::optional<int64_t> NextByCalendar(const config::Schedule& schedule,
                                      int64_t after);

}  // namespace vitrine::tasks
