// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "engine/clamav/reader.h"
#include "engine/sources/sources.h"

namespace vitrine::engine::sources {

// One Load() at work: adds path after path to a program.
class Loader {
 public:
  explicit Loader(const LoadOptions& options) : options_(options) {}

  // False: a strict load has failed; there is no point in going on.
  bool Add(const std::string& path);
  Loaded Finish();

 private:
  void AddFolder(const std::string& path);
  // `root`: what YARA includes may be taken from.
  void AddFile(const std::string& path, const std::string& root);
  void AddText(const clamav::Extension& extension, const std::string& path,
               std::string_view text, const std::string& root);
  void AddYara(const std::string& path, std::string_view text,
               const std::string& root);
  void AddContainer(const std::string& path, Bytes bytes);
  // Whether somebody we know vouches for the container, or the caller does.
  bool Vouched(const std::string& path, Bytes bytes);

  void Report(Severity severity, const char* code, const std::string& path,
              std::string message);
  void Fail(const char* code, const std::string& path, std::string message) {
    Report(Severity::kError, code, path, std::move(message));
    failed_ = true;
  }
  bool Stopped() const { return options_.strict && failed_; }
  size_t Entries() const;

  const LoadOptions& options_;
  Loaded out_;
  clamav::ReadState state_;
  bool failed_ = false;
  size_t files_ = 0;
};

}  // namespace vitrine::engine::sources
