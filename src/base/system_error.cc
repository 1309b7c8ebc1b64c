// SPDX-License-Identifier: Apache-2.0
#include "base/system_error.h"

#include <cerrno>
#include <cstring>

namespace vitrine {

std::string ErrorText(std::string_view what, int number) {
  return std::string(what) + ": " + std::strerror(number);
}

Error SystemError(std::string_view what, int number) {
  Code code = Code::kUnavailable;
  if (number == EACCES || number == EPERM || number == EROFS) {
    code = Code::kDenied;
  }
  if (number == ENOENT || number == ENOTDIR) code = Code::kNotFound;
  return {code, ErrorText(what, number)};
}

Error Unavailable(std::string_view what) {
  return {Code::kUnavailable, ErrorText(what, errno)};
}

}  // namespace vitrine
