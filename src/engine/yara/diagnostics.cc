// SPDX-License-Identifier: Apache-2.0
#include "engine/yara/diagnostics.h"

#include <utility>

#include "engine/yara/limits.h"

namespace vitrine::engine::yara {

uint32_t Reporter::AddFile(std::string_view name) {
  for (size_t i = 0; i < files_.size(); ++i) {
    if (files_[i] == name) return static_cast<uint32_t>(i);
  }
  files_.emplace_back(name);
  return static_cast<uint32_t>(files_.size() - 1);
}

void Reporter::Add(Severity severity, std::string_view code, Position at,
                   std::string message) {
  if (full_) return;
  std::string file = at.file < files_.size() ? files_[at.file] : std::string();
  if (++count_ > kDiagnosticsMax) {
    full_ = true;
    severity = Severity::kError;
    code = "too-many-diagnostics";
    message = "too many diagnostics: the rest of the file was not read";
  }
  out_.push_back({severity, std::string(code), std::move(file), at.line,
                  at.column, std::move(message)});
}

}  // namespace vitrine::engine::yara
