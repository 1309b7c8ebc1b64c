// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <linux/sched.h>
#include <sys/types.h>

#include <cstdint>

#include "base/result.h"
#include "sandbox/launch.h"

namespace vitrine::sandbox {

// All that the child does between clone and exec, decided before: it may be
// the copy of one thread of many, so it must not touch the heap or a lock.
struct ChildPlan {
  int program;             // Opened O_PATH.
  char* const* arguments;  // Ends with a null pointer.
  int channel;
  int error_output;  // -1: `null`.
  int null;
  int go;        // A byte: go on. The end: give up, the executor has gone.
  int go_write;  // The executor's end, closed in the child.
  int failures;  // Where a ChildFailure is written; closed by exec.
  Limits limits;
  bool become;
  Identity identity;  // As numbered in the child's user namespace.
  // Without a user namespace, capabilities are needed to enter the empty root
  // after exec.
  bool keep_mount_rights;
};

enum class ChildStep : uint8_t {
  kWait,
  kIdentity,
  kDescriptors,
  kLimits,
  kExecute,
};
const char* ChildStepName(ChildStep step);

struct ChildFailure {
  ChildStep step;
  int number;  // errno.
};

struct Child {
  pid_t pid;
  int pidfd;  // Owned by whoever gets it.
};

// Clones the caller into new `namespaces` (CLONE_NEW…) and lets the copy run
// the plan. An error is the kernel's refusal of these namespaces.
Result<Child> StartChild(uint64_t namespaces, const ChildPlan& plan);

}  // namespace vitrine::sandbox
