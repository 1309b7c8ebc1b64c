// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <linux/io_uring.h>

#include <optional>

#include "base/unique_fd.h"

namespace vitrine::probe {

// The smallest use of io_uring(7): one request at a time, by system calls
// alone.
class IoRing {
 public:
  // nullopt where the kernel has none, or forbids it.
  static std::optional<IoRing> Create();
  IoRing(IoRing&&) = default;

  // Submits one request and waits for it: its result, a negative errno if it
  // failed.
  int Do(const io_uring_sqe& request);

 private:
  IoRing() = default;

  UniqueFd ring_;
  io_uring_params facts_ = {};
  char* submissions_ = nullptr;  // Mappings; they go with the process.
  char* completions_ = nullptr;
  io_uring_sqe* entries_ = nullptr;
};

}  // namespace vitrine::probe
