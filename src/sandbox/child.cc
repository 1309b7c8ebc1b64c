// SPDX-License-Identifier: Apache-2.0
#include "sandbox/child.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>

#include "base/system_error.h"
#include "sandbox/confine.h"

namespace vitrine::sandbox {
namespace {

// Nothing below touches the heap, takes a lock or returns.

// Descriptors are first copied above those that they become.
constexpr int kParkedFrom = 16;

[[noreturn]] void Fail(const ChildPlan& plan, ChildStep step) {
  const ChildFailure failure = {step, errno};
  (void)!write(plan.failures, &failure, sizeof failure);
  _exit(127);
}

void ResetSignals() {
  // A handler's code is gone after exec, but what is ignored stays ignored.
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  for (int i = 1; i < NSIG; ++i) sigaction(i, &action, nullptr);
}

void AwaitGo(const ChildPlan& plan) {
  close(plan.go_write);
  char now;
  ssize_t got;
  do {
    got = read(plan.go, &now, 1);
  } while (got < 0 && errno == EINTR);
  if (got != 1) Fail(plan, ChildStep::kWait);
}

// What EnterEmptyRoot() and DropPrivileges() need, past exec as another user.
// Both are dropped by the latter.
bool KeepMountRights() {
  constexpr int kKept[] = {CAP_SYS_ADMIN, CAP_SYS_CHROOT, CAP_SETPCAP};
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {};
  for (const int kept : kKept) sets[0].permitted |= uint32_t{1} << kept;
  sets[0].effective = sets[0].inheritable = sets[0].permitted;
  if (syscall(SYS_capset, &header, sets) != 0) return false;
  for (const int kept : kKept) {
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, kept, 0, 0) != 0) {
      return false;
    }
  }
  return true;
}

void BecomeIdentity(const ChildPlan& plan) {
  if (plan.become) {
    if (plan.keep_mount_rights) prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
    // The C library's own wrappers talk to all threads, which are not here.
    if (syscall(SYS_setgroups, 0, nullptr) != 0 ||
        syscall(SYS_setresgid, plan.identity.group, plan.identity.group,
                plan.identity.group) != 0 ||
        syscall(SYS_setresuid, plan.identity.user, plan.identity.user,
                plan.identity.user) != 0 ||
        (plan.keep_mount_rights && !KeepMountRights())) {
      Fail(plan, ChildStep::kIdentity);
    }
  }
  // Forgotten by the kernel at each change of identity, hence now.
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  setsid();
  umask(077);
  (void)!chdir("/");
}

void PlaceDescriptors(const ChildPlan& plan) {
  const int error_output =
      plan.error_output < 0 ? plan.null : plan.error_output;
  const int wanted[] = {plan.null, plan.null, error_output, plan.channel};
  int parked[std::size(wanted)];
  for (size_t i = 0; i < std::size(wanted); ++i) {
    parked[i] = fcntl(wanted[i], F_DUPFD_CLOEXEC, kParkedFrom);
    if (parked[i] < 0) Fail(plan, ChildStep::kDescriptors);
  }
  for (size_t i = 0; i < std::size(wanted); ++i) {
    // Might be one that we still need.
    const int target = static_cast<int>(i);
    if (target == plan.failures || target == plan.program) {
      errno = EBADF;
      Fail(plan, ChildStep::kDescriptors);
    }
    if (dup2(parked[i], target) < 0) Fail(plan, ChildStep::kDescriptors);
  }
  // Closed by exec rather than now: the way to report a failure is among them.
  if (syscall(SYS_close_range, kChannel + 1, UINT_MAX, CLOSE_RANGE_CLOEXEC) !=
      0) {
    Fail(plan, ChildStep::kDescriptors);
  }
}

bool SetLimit(__rlimit_resource resource, uint64_t value) {
  if (value == 0) return true;
  const rlimit limit = {value, value};
  return setrlimit(resource, &limit) == 0;
}

void SetLimits(const ChildPlan& plan) {
  const rlimit none = {0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0 ||
      !SetLimit(RLIMIT_AS, plan.limits.address_space) ||
      !SetLimit(RLIMIT_DATA, plan.limits.data) ||
      !SetLimit(RLIMIT_CPU, plan.limits.cpu_seconds) ||
      !SetLimit(RLIMIT_NOFILE, plan.limits.open_files)) {
    Fail(plan, ChildStep::kLimits);
  }
}

[[noreturn]] void RunChild(const ChildPlan& plan) {
  ResetSignals();
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  AwaitGo(plan);
  BecomeIdentity(plan);
  PlaceDescriptors(plan);
  SetLimits(plan);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  char* const environment[] = {nullptr};
  // By descriptor: the new identity need not reach the program's folder, and
  // what runs is what was opened.
  syscall(SYS_execveat, plan.program, "", plan.arguments, environment,
          AT_EMPTY_PATH);
  Fail(plan, ChildStep::kExecute);
}

// clone3 is refused by some containers' filters that would let clone pass.
long Clone(uint64_t namespaces, int* pidfd) {
  clone_args args = {};
  args.flags = namespaces | CLONE_PIDFD;
  args.pidfd = reinterpret_cast<uintptr_t>(pidfd);
  args.exit_signal = SIGCHLD;
  const long pid = syscall(SYS_clone3, &args, sizeof args);
  if (pid >= 0 || (errno != ENOSYS && errno != EPERM)) return pid;
  return syscall(SYS_clone, namespaces | CLONE_PIDFD | SIGCHLD, nullptr, pidfd,
                 nullptr, nullptr);
}

}  // namespace

const char* ChildStepName(ChildStep step) {
  switch (step) {
    case ChildStep::kWait:
      return "waiting for the executor";
    case ChildStep::kIdentity:
      return "taking on its identity";
    case ChildStep::kDescriptors:
      return "placing descriptors";
    case ChildStep::kLimits:
      return "setting limits";
    case ChildStep::kExecute:
      break;
  }
  return "executing the program";
}

Result<Child> StartChild(uint64_t namespaces, const ChildPlan& plan) {
  // No handler of ours may run in the copy.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  Child child = {-1, -1};
  const long pid = Clone(namespaces, &child.pidfd);
  if (pid == 0) RunChild(plan);
  const int number = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) return SystemError("clone", number);
  child.pid = static_cast<pid_t>(pid);
  return child;
}

}  // namespace vitrine::sandbox
