// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

namespace vitrine {

const char* CodeName(Code code) {
  switch (code) {
    case Code::kInvalid:
      return "invalid";
    case Code::kTruncated:
      return "truncated";
    case Code::kLimit:
      return "limit";
    case Code::kNotFound:
      return "not-found";
    case Code::kDenied:
      return "denied";
    case Code::kUnavailable:
      return "unavailable";
    case Code::kDeadline:
      return "deadline";
    case Code::kInternal:
      return "internal";
  }
  return "internal";
}

Error WithContext(Error error, const std::string& context) {
  error.message = context + ": " + error.message;
  return error;
}

}  // namespace vitrine
