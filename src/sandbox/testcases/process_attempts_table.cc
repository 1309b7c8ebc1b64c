// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "sandbox/testcases/attempt.h"

namespace vitrine::sandbox {
namespace {

using enum Attempt::End;
constexpr uint8_t kOutside = Attempt::kWorksOutside;
constexpr uint8_t kTwice = Attempt::kHeldTwice;
constexpr uint8_t kBoth = kOutside | kTwice;

// Threads and processes that would come to be end at once.
long EndIfChild(long pid) {
  if (pid == 0) syscall(SYS_exit, 0);
  return pid;
}

long Fork(const Handed&) { return EndIfChild(syscall(SYS_fork)); }

long Clone(const Handed&) {
  return EndIfChild(
      syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr));
}

long CloneByStructure(const Handed&) {
  struct {
    uint64_t fields[8];
  } arguments = {};
  arguments.fields[4] = SIGCHLD;
  return EndIfChild(syscall(SYS_clone3, &arguments, sizeof arguments));
}

long CloneNamespace(const Handed&) {
  return EndIfChild(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, nullptr,
                            nullptr, nullptr, nullptr));
}

long Execute(const Handed&) {
  char name[] = "true";
  char* const arguments[] = {name, nullptr};
  return syscall(SYS_execve, "/bin/true", arguments, nullptr);
}

long ExecuteMemory(const Handed&) {
  const long file = syscall(SYS_memfd_create, "x", 0);
  if (file < 0) return -1;
  constexpr char kScript[] = "#!/bin/true\n";
  syscall(SYS_write, file, kScript, sizeof kScript - 1);
  char* const nothing[] = {nullptr};
  return syscall(SYS_execveat, file, "", nothing, nothing, AT_EMPTY_PATH);
}

long ExecuteHanded(const Handed& handed) {
  char* const nothing[] = {nullptr};
  return syscall(SYS_execveat, handed.sample, "", nothing, nothing,
                 AT_EMPTY_PATH);
}

long ReadOtherMemory(const Handed&) {
  char byte;
  iovec here = {&byte, 1};
  iovec there = {&byte, 1};
  return syscall(SYS_process_vm_readv, getppid(), &here, 1, &there, 1, 0);
}

long RaiseLimit(const Handed&) {
  const rlimit more = {100, 100};
  return syscall(SYS_setrlimit, RLIMIT_NPROC, &more);
}

long RaiseLimitOf(const Handed&) {
  const rlimit more = {RLIM_INFINITY, RLIM_INFINITY};
  return syscall(SYS_prlimit64, 0, RLIMIT_CORE, &more, nullptr);
}

long GainCapability(const Handed&) {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[2] = {};
  sets[0].effective = sets[0].permitted = 1u << CAP_SYS_ADMIN;
  return syscall(SYS_capset, &header, sets);
}

long SetAffinity(const Handed&) {
  unsigned long mask[16] = {~0ul};
  return syscall(SYS_sched_setaffinity, 0, sizeof mask, mask);
}

long BecomeRealTime(const Handed&) {
  sched_param parameters = {};
  parameters.sched_priority = 50;
  return syscall(SYS_sched_setscheduler, 0, SCHED_FIFO, &parameters);
}

long HandleFaults(const Handed&) {
  // The kernel's own form of the structure, of 32 bytes; null would only ask.
  const uint64_t action[4] = {0, 0, 0, 0};
  return syscall(SYS_rt_sigaction, SIGSEGV, action, nullptr, 8);
}

constexpr Attempt kAttempts[] = {
    // More of itself.
    {"fork", Fork, kKnowItself, kKilled, kOutside},
    {"clone", Clone, kKnowItself, kKilled, kOutside},
    {"clone3", CloneByStructure, kKnowItself, kKilled, kOutside},
    {"clone a user namespace", CloneNamespace, kKnowItself},
    {"unshare CLONE_NEWUSER", CALLS(SYS_unshare, CLONE_NEWUSER), kKnowItself},
    {"unshare CLONE_NEWNS", CALLS(SYS_unshare, CLONE_NEWNS), kKnowItself,
     kKilled, kTwice},
    {"unshare CLONE_FILES", CALLS(SYS_unshare, CLONE_FILES), kKnowItself,
     kKilled, kOutside},
    {"setns", CALLS(SYS_setns, handed.sample, 0), kReadSample, kKilled, kTwice},
    {"execve", Execute, kReadSample, kKilled, kBoth},
    {"execveat of a handed file", ExecuteHanded, kReadSample, kKilled, kTwice},
    {"execveat of a memory file", ExecuteMemory, kReadSample, kKilled,
     kOutside},

    // Others.
    {"kill the parent", CALLS(SYS_kill, getppid(), 0), kKnowItself},
    {"kill everybody", CALLS(SYS_kill, -1, 0), kKnowItself},
    {"kill itself by kill", CALLS(SYS_kill, getpid(), 0), kKnowItself, kKilled,
     kOutside},
    {"tgkill of another", CALLS(SYS_tgkill, 2, 2, SIGABRT), kKnowItself,
     kKilled, kTwice},
    {"tgkill with another signal",
     CALLS(SYS_tgkill, getpid(), getpid(), SIGCONT), kKnowItself, kKilled,
     kOutside},
    {"tkill", CALLS(SYS_tkill, getpid(), 0), kKnowItself, kKilled, kOutside},
    {"rt_sigqueueinfo", CALLS(SYS_rt_sigqueueinfo, 1, 0, nullptr), kKnowItself},
    {"pidfd_open", CALLS(SYS_pidfd_open, 1, 0), kKnowItself},
    {"pidfd_send_signal", CALLS(SYS_pidfd_send_signal, 0, 9, nullptr, 0),
     kKnowItself, kKilled, kTwice},
    {"pidfd_getfd", CALLS(SYS_pidfd_getfd, 0, 0, 0), kDuplicate, kKilled,
     kTwice},
    {"ptrace itself", CALLS(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0), kKnowItself},
    {"ptrace the parent", CALLS(SYS_ptrace, PTRACE_SEIZE, getppid(), 0, 0),
     kKnowItself, kKilled, kTwice},
    {"process_vm_readv", ReadOtherMemory, kReadSample},
    {"process_vm_writev",
     CALLS(SYS_process_vm_writev, 1, nullptr, 0, nullptr, 0, 0), kReadSample},
    {"kcmp", CALLS(SYS_kcmp, 1, 1, 0, 0, 0), kKnowItself},
    {"process_madvise", CALLS(SYS_process_madvise, 0, nullptr, 0, 0, 0),
     kProtect, kKilled, kTwice},
    {"getppid", CALLS(SYS_getppid), kKnowItself, kKilled, kOutside},
    {"wait4", CALLS(SYS_wait4, -1, nullptr, 1, nullptr), kKnowItself, kKilled,
     kTwice},

    // What it is.
    {"setuid", CALLS(SYS_setresuid, 1, 1, 1), kKnowItself, kKilled, kTwice},
    {"setgroups", CALLS(SYS_setgroups, 0, nullptr), kKnowItself, kKilled,
     kTwice},
    {"capset", GainCapability, kKnowItself, kKilled, kTwice},
    {"setsid", CALLS(SYS_setsid), kKnowItself},
    {"setrlimit", RaiseLimit, kAllocate, kKilled, kTwice},
    {"prlimit64", RaiseLimitOf, kAllocate, kKilled, kTwice},
    {"setpriority", CALLS(SYS_setpriority, PRIO_PROCESS, 0, -20), kTellTime,
     kKilled, kTwice},
    {"ioprio_set", CALLS(SYS_ioprio_set, 1, 0, 1 << 13), kTellTime, kKilled,
     kTwice},
    {"sched_setaffinity", SetAffinity, kTellTime, kKilled, kOutside},
    {"sched_setscheduler", BecomeRealTime, kTellTime, kKilled, kTwice},
    {"prctl PR_SET_DUMPABLE", CALLS(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0),
     kKnowItself, kKilled, kOutside},
    {"prctl PR_SET_PTRACER", CALLS(SYS_prctl, PR_SET_PTRACER, -1, 0, 0, 0),
     kKnowItself},
    {"prctl PR_SET_PDEATHSIG", CALLS(SYS_prctl, PR_SET_PDEATHSIG, 0, 0, 0, 0),
     kKnowItself, kKilled, kOutside},
    {"prctl PR_SET_MM", CALLS(SYS_prctl, PR_SET_MM, 1, 0, 0, 0), kKnowItself,
     kKilled, kTwice},
    {"prctl PR_SET_SECUREBITS", CALLS(SYS_prctl, PR_SET_SECUREBITS, 0, 0, 0, 0),
     kKnowItself, kKilled, kTwice},
    {"prctl PR_CAP_AMBIENT",
     CALLS(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_ADMIN, 0,
           0),
     kKnowItself, kKilled, kTwice},
    {"prctl PR_SET_NO_NEW_PRIVS",
     CALLS(SYS_prctl, PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0), kKnowItself, kKilled,
     kTwice},
    {"prctl PR_SET_SECCOMP",
     CALLS(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0),
     kKnowItself},
    {"seccomp", CALLS(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, nullptr),
     kKnowItself},
    {"landlock_restrict_self", CALLS(SYS_landlock_restrict_self, -1, 0),
     kKnowItself},
    {"rt_sigaction of another signal", HandleFaults, kHandleBusError, kKilled,
     kOutside},
    {"sigaltstack", CALLS(SYS_sigaltstack, nullptr, nullptr), kHandleBusError,
     kKilled, kOutside},
    {"personality", CALLS(SYS_personality, 0x0400000), kKnowItself, kKilled,
     kOutside},
    {"arch_prctl", CALLS(SYS_arch_prctl, 0x1001, 0), kKnowItself, kKilled,
     kOutside},
    {"modify_ldt", CALLS(SYS_modify_ldt, 0, nullptr, 0), kKnowItself},
    {"timer_create", CALLS(SYS_timer_create, 1, nullptr, nullptr), kTellTime},
    {"alarm", CALLS(SYS_alarm, 0), kTellTime, kKilled, kOutside},
};

}  // namespace

std::span<const Attempt> ProcessAttempts() { return kAttempts; }

}  // namespace vitrine::sandbox
