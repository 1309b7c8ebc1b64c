// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "tlog/add_checkpoint.h"

namespace vitrine::publisher {

// The logs that a witness watches, as a file of lines: "VKEY" or "VKEY ORIGIN",
// where the key's name is not the log's origin; several lines of one origin are
// several keys. '#' and what follows is a remark. kInvalid, with the line, for
// anything else; kLimit beyond limits.h. Sizes are 0.
Result<std::vector<tlog::WatchedLog>> ParseWatchedLogs(std::string_view text);

}  // namespace vitrine::publisher
