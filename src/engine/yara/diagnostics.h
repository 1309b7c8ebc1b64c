// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/diagnostic.h"

namespace vitrine::engine::yara {

// Where a token starts. `file` counts in Reporter::files.
struct Position {
  uint32_t file = 0;
  uint32_t line = 0;
  uint32_t column = 0;
};

// Collects what is wrong with one source and the files it includes.
class Reporter {
 public:
  // `errors_as`: ClamAV drops a bad rule with a warning.
  Reporter(Diagnostics& out, Severity errors_as)
      : out_(out), errors_as_(errors_as) {}

  // The number of `name`, for Position::file.
  uint32_t AddFile(std::string_view name);
  const std::string& file(uint32_t index) const { return files_[index]; }

  void Error(std::string_view code, Position at, std::string message) {
    Add(errors_as_, code, at, std::move(message));
    ++errors_;
  }
  // An error in every dialect.
  void Fatal(std::string_view code, Position at, std::string message) {
    Add(Severity::kError, code, at, std::move(message));
    ++errors_;
  }
  void Warn(std::string_view code, Position at, std::string message) {
    Add(Severity::kWarning, code, at, std::move(message));
  }

  size_t errors() const { return errors_; }
  // Too many to go on reading.
  bool full() const { return full_; }

 private:
  void Add(Severity severity, std::string_view code, Position at,
           std::string message);

  Diagnostics& out_;
  Severity errors_as_;
  std::vector<std::string> files_;
  size_t errors_ = 0;
  size_t count_ = 0;
  bool full_ = false;
};

}  // namespace vitrine::engine::yara
