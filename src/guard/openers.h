// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
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
  // Whether it is a file of ours that signatures may well be found in. `path`
  // is its PathOf().
  virtual bool IsOwnFile(int descriptor, const std::string& path) const = 0;
};

// By /proc. The guard leads a session of its own, which nobody can join but the
// children it starts: session is kinship. So does vitrine-tasker, whose opens
// are for scanning; it says so on the control socket.
class SystemOpeners : public Openers {
 public:
  // `supervisor` may change; borrowed. Files below `own_folders`, which nobody
  // but our own programs may write to, are ours.
  SystemOpeners(pid_t guard, const std::atomic<int32_t>& supervisor,
                pid_t session, std::vector<std::string> own_folders)
      : guard_(guard),
        supervisor_(supervisor),
        session_(session),
        own_folders_(std::move(own_folders)) {}
  bool IsOurs(pid_t pid) const override;
  std::string Program(pid_t pid) const override;
  UniqueFd ForeignRoot(pid_t pid) const override;
  std::string PathOf(int descriptor) const override;
  bool IsOwnFile(int descriptor, const std::string& path) const override;

  // Lets the session of `peer` open without being asked about, as long as it
  // lives. kDenied where it does not run `program` or leads no session. For any
  // thread.
  Status AdmitTasker(pid_t peer, const std::string& program);

 private:
  // A session and the process that leads it. While that lives its number is
  // nobody else's.
  struct Tasker {
    pid_t session = 0;
    UniqueFd leader;  // A pidfd.
  };

  const pid_t guard_;
  const std::atomic<int32_t>& supervisor_;
  const pid_t session_;
  const std::vector<std::string> own_folders_;
  mutable std::mutex mutex_;  // Guards what follows.
  std::shared_ptr<const Tasker> tasker_;
  std::atomic<pid_t> tasker_session_{0};
};

}  // namespace vitrine::guard
