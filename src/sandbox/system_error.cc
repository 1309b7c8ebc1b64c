// SPDX-License-Identifier: Apache-2.0
#include "sandbox/system_error.h"

#include <cerrno>
#include <cstring>

namespace vitrine::sandbox {

std::string ErrorText(const char* what, int number) {
  return std::string(what) + ": " + std::strerror(number);
}

Error SystemError(const char* what, int number) {
  Code code = Code::kUnavailable;
  if (number == EACCES || number == EPERM) code = Code::kDenied;
  if (number == ENOENT || number == ENOTDIR) code = Code::kNotFound;
  return {code, ErrorText(what, number)};
}

}  // namespace vitrine::sandbox
