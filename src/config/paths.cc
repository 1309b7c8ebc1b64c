// SPDX-License-Identifier: Apache-2.0
#include "config/paths.h"

#include <algorithm>
#include <utility>

namespace vitrine::config {

Paths::Paths(std::string root) : root_(std::move(root)) {
  while (!root_.empty() && root_.back() == '/') root_.pop_back();
}

std::string Paths::ScannerGroup(const std::string& program) const {
  // A file name has 255 bytes at most; the end of a root tells most.
  constexpr size_t kRootMax = 150;
  std::string end =
      root_.substr(root_.size() - std::min(root_.size(), kRootMax));
  std::replace(end.begin(), end.end(), '/', '-');
  return program + end + "-scanners";
}

}  // namespace vitrine::config
