// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace vitrine::doorman {

// Tells systemd, if it asked for it ($NOTIFY_SOCKET): "READY=1", "STOPPING=1".
void Notify(std::string_view state);

}  // namespace vitrine::doorman
