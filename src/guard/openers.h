// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <string>

#include "base/unique_fd.h"

namespace vitrine::guard {

// Who opens; a seam, so that tests can say who. All of it is the kernel's word
// about a process that waits in open(2), and so cannot change under us.
class Openers {
 public:
  virtual ~Openers() = default;
  // Whether it is this guard, its supervisor, or a child that becomes a
  // scanner: a question of theirs must be answered at once, or nobody ever
  // would.
  virtual bool IsOurs(pid_t pid) const = 0;
  // Path of its program; empty if it has gone.
  virtual std::string Program(pid_t pid) const = 0;
  // The root that its paths are seen from, where it is in another mount
  // namespace than ours; else none.
  virtual UniqueFd ForeignRoot(pid_t pid) const = 0;
  // Path of an open file as its opener's namespace has it.
  virtual std::string PathOf(int descriptor) const = 0;
};

// By /proc. The guard leads a session of its own, which nobody can join but the
// children it starts: session is kinship.
class SystemOpeners : public Openers {
 public:
  // `supervisor` may change; borrowed.
  SystemOpeners(pid_t guard, const std::atomic<int32_t>& supervisor,
                pid_t session)
      : guard_(guard), supervisor_(supervisor), session_(session) {}
  bool IsOurs(pid_t pid) const override;
  std::string Program(pid_t pid) const override;
  UniqueFd ForeignRoot(pid_t pid) const override;
  std::string PathOf(int descriptor) const override;

 private:
  const pid_t guard_;
  const std::atomic<int32_t>& supervisor_;
  const pid_t session_;
};

}  // namespace vitrine::guard
