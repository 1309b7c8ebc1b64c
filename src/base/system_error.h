// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

// Errors of system calls, as strerror(3) words them.
namespace vitrine {

// "what: Operation not permitted".
std::string ErrorText(std::string_view what, int number);

// kDenied for what is not permitted, kNotFound for what is not there,
// kUnavailable for the rest.
Error SystemError(std::string_view what, int number);

// What errno says, where the caller can only try again: kUnavailable.
Error Unavailable(std::string_view what);

}  // namespace vitrine
