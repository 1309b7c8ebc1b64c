// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "config/config.h"

namespace vitrine::guard {

using config::Access;

// One thing the kernel told.
struct KernelEvent {
  enum class Kind : uint8_t {
    kOpen,      // Somebody opens: waits for Answer().
    kExecute,   // Somebody executes: waits for Answer().
    kWritten,   // The last writer of a description has closed.
    kOverflow,  // Events were lost.
  };
  Kind kind = Kind::kOpen;
  pid_t pid = 0;
  // The object, opened for reading without raising events. The number names the
  // question: keep it open until it is answered.
  UniqueFd descriptor;
};

enum class Group : uint8_t {
  kPermission,  // kOpen and kExecute; its queue has no bound, since the kernel
                // lets through what does not fit.
  kNotice,      // kWritten and kOverflow.
};

// One fanotify group, one method a thing the kernel can be asked for; see
// fanotify(7). Everything above goes through this, so that tests can stand in
// for the kernel. Thread-safe as the kernel is; owns the descriptor.
class Fanotify {
 public:
  virtual ~Fanotify() = default;

  // Readable when there is something to Read(); hand it to poll(2).
  virtual int descriptor() const = 0;
  // Appends what waits, at most kEventsPerRead; never blocks. An event that the
  // kernel could not give a descriptor for is answered (denied) by itself.
  virtual Status Read(std::vector<KernelEvent>& events) = 0;
  // Answers the question that came with `descriptor`.
  virtual Status Answer(int descriptor, Access access) = 0;

  // Watches the whole file system that `place` lies in, open by O_PATH.
  virtual Status Watch(int place) = 0;
  virtual Status Unwatch(int place) = 0;
  // No more questions about the file until it is written to or closed by a
  // writer; executing still asks where `execute` is false.
  virtual Status Ignore(int file, bool execute) = 0;
  virtual Status Unignore(int file) = 0;
  // Never a question nor notice about this file, or the files in this folder.
  virtual Status Exclude(const std::string& path) = 0;
  // Forgets every Ignore() and Exclude(); marks of file systems stay.
  virtual Status ForgetFiles() = 0;
};

// The kernel's. kDenied without CAP_SYS_ADMIN, kUnavailable where the kernel
// has no permission events.
Result<std::unique_ptr<Fanotify>> OpenFanotify(Group group);
// Goes on with a group that another process opened.
std::unique_ptr<Fanotify> AdoptFanotify(Group group, UniqueFd descriptor);

}  // namespace vitrine::guard
