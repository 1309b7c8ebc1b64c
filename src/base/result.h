// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/check.h"

namespace vitrine {

// What the caller can do about a failure; not where it happened.
enum class Code : uint8_t {
  kInvalid,      // The input is wrong and always will be.
  kTruncated,    // The input ended early; more bytes might help.
  kLimit,        // A limit of ours was reached; the input may be fine.
  kNotFound,     // The thing asked for does not exist.
  kDenied,       // Not permitted, or not proven.
  kUnavailable,  // Try again later.
  kDeadline,     // The time given was used up.
  kInternal,     // A bug of ours. Logged once, where it is made.
};

// The spelling used in diagnostics and JSON: "invalid", "truncated", ...
const char* CodeName(Code code);

struct Error {
  Code code;
  std::string message;
};

// A T or an Error. Errors are values: nothing of ours throws.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }

  T& value() & {
    CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    CHECK(ok());
    return std::move(*std::get_if<0>(&state_));
  }

  const Error& error() const& {
    CHECK(!ok());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    CHECK(!ok());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, Error> state_;
};

struct Nothing {};

// Success without a value, or an Error.
using Status = Result<Nothing>;

inline Status Ok() { return Nothing{}; }

// `error` with "context: " before its message; for the one layer where a
// person would need to know what was being tried.
Error WithContext(Error error, const std::string& context);

}  // namespace vitrine

// The value of `expr`, or returns its error from the enclosing function. One a
// line: nesting it shadows, and -Wshadow is an error.
#define TRY(expr)                                                 \
  __extension__({                                                 \
    auto try_result_ = (expr);                                    \
    if (!try_result_.ok()) return std::move(try_result_).error(); \
    std::move(try_result_).value();                               \
  })
