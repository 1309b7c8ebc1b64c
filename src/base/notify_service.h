// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace vitrine {

// One datagram to the service manager, as sd_notify(3) has it: "READY=1",
// "STOPPING=1". Nothing where $NOTIFY_SOCKET names none; a failure is not told.
void NotifyService(std::string_view state);

}  // namespace vitrine
