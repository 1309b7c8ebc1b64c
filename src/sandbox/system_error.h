// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"

namespace vitrine::sandbox {

// "what: Operation not permitted".
std::string ErrorText(const char* what, int number);

// kDenied for what is not permitted, kNotFound for what is not there,
// kUnavailable for the rest.
Error SystemError(const char* what, int number);

}  // namespace vitrine::sandbox
