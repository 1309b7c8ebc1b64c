// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "base/result.h"

namespace vitrine::control {

// Asks whoever listens at `path` one line, and returns the whole answer, of at
// most `most` bytes. `name` is for messages: "guard". kNotFound where nobody
// listens, kDeadline where no piece of the answer comes within `patience`.
Result<std::string> Ask(const std::string& path, const std::string& request,
                        const std::string& name,
                        std::chrono::milliseconds patience, size_t most);

}  // namespace vitrine::control
