// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"

namespace vitrine::scanner {

// Prepares what will be out of reach, then shuts the cage behind this process;
// its report, as text. For main(), before the first untrusted byte.
//
// A build with sanitizers stays outside, and says so in the report: they make
// system calls that the cage forbids. Such a build is for tests alone.
Result<std::string> EnterCage();

}  // namespace vitrine::scanner
