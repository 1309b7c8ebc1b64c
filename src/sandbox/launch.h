// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "sandbox/sandboxee.h"

namespace vitrine::sandbox {

class Cgroup;

// The user and group that a sandboxee becomes when root launches it.
struct Identity {
  uid_t user;
  gid_t group;
};

// `_vitrine-scan` if the system has that user, else 65534, which owns nothing.
// Reads the user database: once at start-up, not for each launch.
Identity ScannerIdentity();

// Hard limits of the process, in force before its first instruction. 0: none.
struct Limits {
  uint64_t address_space = 0;  // Bytes, database and samples mapped included.
  uint64_t data = 0;           // Bytes of memory of its own alone.
  // Seconds of CPU over the whole life of the process. A sandboxee that
  // serves many requests is better bounded by a deadline a request.
  uint64_t cpu_seconds = 0;
  uint64_t open_files = 64;  // Above the highest descriptor it may hold.
};

struct LaunchOptions {
  std::string program;                 // Path, opened by the executor.
  std::vector<std::string> arguments;  // argv, with the name as the first.
  // The only way to talk: one end of a socket pair. Becomes kChannel.
  UniqueFd channel;
  // Becomes descriptor 2, for writing only; borrowed. -1: /dev/null. What
  // comes out of it is as untrusted as an answer: hand a pipe, and spell its
  // control characters out. To a regular file nothing is written, because the
  // sandboxee's limit for file sizes is 0.
  int error_output = -1;
  Limits limits;
  // For root alone; ignored for others. ScannerIdentity() if not given.
  std::optional<Identity> identity;
  // Bounds from outside; borrowed, outlives the sandboxee. May be null.
  const Cgroup* cgroup = nullptr;
};

// Starts `program` in namespaces of its own, with an empty environment, and no
// descriptors but kChannel, the error output, and /dev/null as 0 and 1. It
// still sees the machine's files, because the loader needs them: the program
// is trusted until it calls Confine(), which it does before the first
// untrusted byte.
//
// Namespaces that the kernel or a container refuses are done without, and
// said so in the sandboxee's report. Returns when the program has been
// executed; 1 ms. kDenied or kNotFound: the program cannot be run.
//
// Thread-safe, also in a program with many threads. But the kernel kills the
// sandboxee when the *thread* that launched it ends, not only the process:
// launch from a thread that stays.
Result<Sandboxee> Launch(LaunchOptions options);

}  // namespace vitrine::sandbox
