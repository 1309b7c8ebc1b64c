// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"
#include "sandbox/cage_report.h"

namespace vitrine::sandbox {

// How a sandboxee ended. Each of them is an answer, not an error.
struct Outcome {
  enum class Kind : uint8_t {
    kExited,     // `number` is its exit status.
    kSignaled,   // `number` is the signal: a crash, or our own kill.
    kViolation,  // It made a system call that the filter forbids.
    kUnknown,    // It is somebody else's child, who knows.
  };
  Kind kind;
  int number;

  bool operator==(const Outcome&) const = default;
};
// "exited with 0", "killed by SIGSEGV", "broke the policy".
std::string Describe(const Outcome& outcome);

// A running process that must not be trusted: the handle on it of its executor,
// or of somebody whom that gave a pidfd.
// Whatever it says on its channel is untrusted input; take no descriptors
// from it (receive without a control buffer).
//
// Movable; the destructor kills and reaps. Thread-compatible.
class Sandboxee {
 public:
  Sandboxee(pid_t pid, UniqueFd pidfd, CageReport report);
  Sandboxee(Sandboxee&&) noexcept = default;
  Sandboxee& operator=(Sandboxee&&) noexcept;
  ~Sandboxee();

  // As the executor sees it; the sandboxee itself is number 1 of its own
  // namespace. Only to be shown: signals go by pidfd().
  pid_t pid() const { return pid_; }
  // Readable in poll(2) once the process has ended.
  int pidfd() const { return pidfd_.get(); }

  // The executor's rows, to be completed by AdoptConfined() with what the
  // sandboxee says when it has confined itself.
  const CageReport& report() const { return report_; }
  CageReport& report() { return report_; }

  // SIGKILL. Does not wait; harmless when it has ended already.
  void Kill();

  // Reaps it. kDeadline: still running. Asked again after its end, gives the
  // same answer.
  Result<Outcome> Wait(std::chrono::milliseconds timeout);

 private:
  void KillAndReap();

  pid_t pid_;
  UniqueFd pidfd_;
  CageReport report_;
  bool reaped_ = false;
  Outcome outcome_ = {Outcome::Kind::kExited, 0};
};

}  // namespace vitrine::sandbox
