// SPDX-License-Identifier: Apache-2.0
#include "guard/fanotify.h"

#include <fcntl.h>
#include <sys/fanotify.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "guard/limits.h"

namespace vitrine::guard {
namespace {

constexpr uint64_t kQuestions = FAN_OPEN_PERM | FAN_OPEN_EXEC_PERM;

Error Failure(const char* what) {
  const int error = errno;
  const bool denied = error == EPERM || error == EACCES;
  return {denied ? Code::kDenied : Code::kUnavailable,
          std::string(what) + ": " + std::strerror(error)};
}

uint64_t MaskOf(Group group) {
  return group == Group::kPermission ? kQuestions : uint64_t{FAN_CLOSE_WRITE};
}

// fanotify_mark(2) takes no O_PATH descriptor, but it follows this link to one.
std::string LinkTo(int place) {
  return "/proc/self/fd/" + std::to_string(place);
}

class KernelFanotify : public Fanotify {
 public:
  KernelFanotify(Group group, UniqueFd descriptor)
      : group_(group), descriptor_(std::move(descriptor)) {}

  int descriptor() const override { return descriptor_.get(); }

  Status Read(std::vector<KernelEvent>& events) override {
    alignas(fanotify_event_metadata) char
        buffer[kEventsPerRead * sizeof(fanotify_event_metadata)];
    const ssize_t got = read(descriptor_.get(), buffer, sizeof buffer);
    if (got < 0) {
      if (errno == EAGAIN || errno == EINTR) return Ok();
      return Failure("reading events");
    }
    auto left = static_cast<size_t>(got);
    const auto* event =
        reinterpret_cast<const fanotify_event_metadata*>(buffer);
    while (FAN_EVENT_OK(event, left)) {
      if (event->vers != FANOTIFY_METADATA_VERSION) {
        return Error{Code::kUnavailable, "the kernel speaks another fanotify"};
      }
      events.push_back(Of(*event));
      event = FAN_EVENT_NEXT(event, left);
    }
    return Ok();
  }

  Status Answer(int file, Access access) override {
    const fanotify_response response = {
        file, access == Access::kDeny ? uint32_t{FAN_DENY} : FAN_ALLOW};
    if (write(descriptor_.get(), &response, sizeof response) < 0) {
      return Failure("answering");
    }
    return Ok();
  }

  Status Watch(int place) override {
    return Mark(FAN_MARK_ADD | FAN_MARK_FILESYSTEM, MaskOf(group_), AT_FDCWD,
                LinkTo(place).c_str());
  }
  Status Unwatch(int place) override {
    return Mark(FAN_MARK_REMOVE | FAN_MARK_FILESYSTEM, MaskOf(group_), AT_FDCWD,
                LinkTo(place).c_str());
  }

  Status Ignore(int file, bool execute) override {
    // Without IGNORED_SURV_MODIFY: the kernel itself drops the mark when the
    // file is written to. EVICTABLE, so that it does not pin the inode.
    return Mark(FAN_MARK_ADD | FAN_MARK_IGNORED_MASK | FAN_MARK_EVICTABLE,
                execute ? kQuestions : uint64_t{FAN_OPEN_PERM}, file, nullptr);
  }
  Status Unignore(int file) override {
    return Mark(FAN_MARK_REMOVE | FAN_MARK_IGNORED_MASK, kQuestions, file,
                nullptr);
  }

  Status Exclude(const std::string& path) override {
    struct stat facts;
    if (stat(path.c_str(), &facts) != 0) return Failure("excluding");
    uint64_t mask = MaskOf(group_);
    if (S_ISDIR(facts.st_mode)) mask |= FAN_EVENT_ON_CHILD;
    return Mark(FAN_MARK_ADD | FAN_MARK_IGNORE_SURV, mask, AT_FDCWD,
                path.c_str());
  }

  Status ForgetFiles() override {
    return Mark(FAN_MARK_FLUSH, 0, AT_FDCWD, "/");
  }

 private:
  static KernelEvent Of(const fanotify_event_metadata& from) {
    KernelEvent event;
    event.pid = from.pid;
    event.descriptor.Reset(from.fd);
    if ((from.mask & FAN_Q_OVERFLOW) != 0) {
      event.kind = KernelEvent::Kind::kOverflow;
    } else if ((from.mask & FAN_OPEN_EXEC_PERM) != 0) {
      event.kind = KernelEvent::Kind::kExecute;
    } else if ((from.mask & FAN_OPEN_PERM) != 0) {
      event.kind = KernelEvent::Kind::kOpen;
    } else {
      event.kind = KernelEvent::Kind::kWritten;
    }
    return event;
  }

  Status Mark(unsigned flags, uint64_t mask, int place, const char* path) {
    if (fanotify_mark(descriptor_.get(), flags, mask, place, path) != 0) {
      return Failure("fanotify_mark");
    }
    return Ok();
  }

  const Group group_;
  const UniqueFd descriptor_;
};

}  // namespace

Result<std::unique_ptr<Fanotify>> OpenFanotify(Group group) {
  unsigned flags = FAN_CLOEXEC | FAN_NONBLOCK | FAN_UNLIMITED_MARKS;
  if (group == Group::kPermission) {
    flags |= FAN_CLASS_CONTENT | FAN_UNLIMITED_QUEUE;
  } else {
    flags |= FAN_CLASS_NOTIF;
  }
  // O_NONBLOCK: making the descriptor must not wait for a pipe's other end or
  // a lease of somebody else.
  UniqueFd descriptor(fanotify_init(
      flags, O_RDONLY | O_CLOEXEC | O_LARGEFILE | O_NONBLOCK | O_NOATIME));
  if (!descriptor) return Failure("fanotify_init");
  return AdoptFanotify(group, std::move(descriptor));
}

std::unique_ptr<Fanotify> AdoptFanotify(Group group, UniqueFd descriptor) {
  return std::make_unique<KernelFanotify>(group, std::move(descriptor));
}

}  // namespace vitrine::guard
