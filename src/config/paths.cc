// SPDX-License-Identifier: Apache-2.0
#include "config/paths.h"

#include <utility>

namespace vitrine::config {

Paths::Paths(std::string root) : root_(std::move(root)) {
  while (!root_.empty() && root_.back() == '/') root_.pop_back();
}

}  // namespace vitrine::config
