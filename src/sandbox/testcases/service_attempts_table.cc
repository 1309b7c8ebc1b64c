// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>

#include "sandbox/testcases/service_attempt.h"

// Newer than Debian 12's headers.
#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif

namespace vitrine::sandbox {
namespace {

using In = const Surroundings&;

// A child that lives would be one.
long Spawned(long pid) {
  if (pid == 0) _exit(0);
  return pid;
}

long OpenByStructure(In in) {
  open_how how = {};
  how.flags = O_WRONLY;
  return syscall(SYS_openat2, AT_FDCWD, in.secret.c_str(), &how, sizeof how);
}

long Execute(In) {
  char name[] = "true";
  char* const arguments[] = {name, nullptr};
  return execv("/bin/true", arguments);
}

long ExecuteByDescriptor(In) {
  const int file = open("/bin/true", O_RDONLY | O_CLOEXEC);
  if (file < 0) return -1;
  // Where one program stands for many, its name says which.
  char name[] = "true";
  char* const arguments[] = {name, nullptr};
  return syscall(SYS_execveat, file, "", arguments, environ, AT_EMPTY_PATH);
}

long WriteExecutable(In) {
  return mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
             ? -1
             : 0;
}

long MakeExecutable(In) {
  void* const page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

long ReadParent(In in) {
  char byte;
  iovec here = {&byte, 1};
  iovec there = {&byte, 1};
  return process_vm_readv(in.parent, &here, 1, &there, 1, 0);
}

long RaiseLimit(In) {
  rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
  return setrlimit(RLIMIT_NOFILE, &limit);
}

long CallBy32Bits(In in) {
  long result;
  // open(secret, O_RDONLY), by the numbers of another instruction set.
  asm volatile("int $0x80"
               : "=a"(result)
               : "a"(5), "b"(in.secret.c_str()), "c"(0)
               : "memory");
  errno = EPERM;
  return result < 0 ? -1 : result;
}

long PushCharacter(In) {
  const char c = 'x';
  return ioctl(STDIN_FILENO, TIOCSTI, &c);
}

#define TRIES(...)                         \
  [](In in) {                              \
    (void)in;                              \
    return static_cast<long>(__VA_ARGS__); \
  }
#define SYSCALL(...) TRIES(syscall(__VA_ARGS__))

constexpr const char* kDoorman = "doorman";
constexpr const char* kCourier = "courier";
constexpr bool kOutside = true;

constexpr ServiceAttempt kAttempts[] = {
    // Files that are not its own.
    {"read outside", TRIES(open(in.secret.c_str(), O_RDONLY)), kDoorman,
     kOutside},
    {"write outside", TRIES(open(in.secret.c_str(), O_WRONLY)), nullptr,
     kOutside},
    {"truncate by open", TRIES(open(in.secret.c_str(), O_RDWR | O_TRUNC))},
    {"openat2", OpenByStructure, nullptr, kOutside},
    {"create outside",
     TRIES(open((in.outside + "/new").c_str(), O_WRONLY | O_CREAT, 0600)),
     nullptr, kOutside},
    {"unnamed outside",
     TRIES(open(in.outside.c_str(), O_TMPFILE | O_RDWR, 0600)), nullptr,
     kOutside},
    {"truncate", TRIES(truncate(in.secret.c_str(), 0))},
    {"unlink outside", TRIES(unlink(in.secret.c_str()))},
    {"rename away",
     TRIES(rename(in.secret.c_str(), (in.inside + "/mine").c_str()))},
    {"renameat2", SYSCALL(SYS_renameat2, AT_FDCWD, in.secret.c_str(), AT_FDCWD,
                          (in.inside + "/mine").c_str(), 0)},
    {"link in", TRIES(link(in.secret.c_str(), (in.inside + "/link").c_str()))},
    {"linkat", TRIES(linkat(AT_FDCWD, in.secret.c_str(), AT_FDCWD,
                            (in.inside + "/link").c_str(), 0))},
    {"symlink", TRIES(symlink("/etc", (in.inside + "/etc").c_str())), nullptr,
     kOutside},
    {"mkdir outside", TRIES(mkdir((in.outside + "/folder").c_str(), 0700)),
     nullptr, kOutside},
    {"make a pipe", TRIES(mkfifo((in.inside + "/pipe").c_str(), 0600)), nullptr,
     kOutside},
    {"chmod", TRIES(chmod(in.secret.c_str(), 0644)), nullptr, kOutside},
    {"chown", TRIES(chown(in.secret.c_str(), getuid(), getgid())), nullptr,
     kOutside},
    {"setxattr",
     SYSCALL(SYS_setxattr, in.secret.c_str(), "user.mark", "x", 1, 0)},
    {"utimensat",
     SYSCALL(SYS_utimensat, AT_FDCWD, in.secret.c_str(), nullptr, 0), nullptr,
     kOutside},
    {"list /", TRIES(open("/", O_RDONLY | O_DIRECTORY)), kDoorman, kOutside},
    {"open_by_handle_at", SYSCALL(SYS_open_by_handle_at, AT_FDCWD, nullptr, 0)},
    {"name_to_handle_at",
     SYSCALL(SYS_name_to_handle_at, AT_FDCWD, "/", nullptr, nullptr, 0)},
    {"chdir", TRIES(chdir("/")), nullptr, kOutside},
    {"chroot", TRIES(chroot(in.inside.c_str()))},
    {"mount", SYSCALL(SYS_mount, "x", in.inside.c_str(), "tmpfs", 0, nullptr)},
    {"umount", SYSCALL(SYS_umount2, "/proc", 0)},
    {"pivot_root", SYSCALL(SYS_pivot_root, ".", ".")},
    {"open_tree", SYSCALL(SYS_open_tree, AT_FDCWD, "/", 1)},
    {"fsopen", SYSCALL(SYS_fsopen, "tmpfs", 0)},
    {"inotify", SYSCALL(SYS_inotify_init1, 0), nullptr, kOutside},
    {"fanotify", SYSCALL(SYS_fanotify_init, 0, O_RDONLY)},

    // Programs and processes.
    {"execve", Execute, nullptr, kOutside},
    {"execveat", ExecuteByDescriptor, nullptr, kOutside},
    {"fork", TRIES(Spawned(syscall(SYS_fork))), nullptr, kOutside},
    {"clone", TRIES(Spawned(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0))), nullptr,
     kOutside},
    {"clone into namespaces",
     TRIES(Spawned(syscall(SYS_clone, CLONE_NEWUSER | CLONE_NEWNS | SIGCHLD, 0,
                           0, 0, 0)))},
    {"kill", TRIES(kill(in.parent, 0)), nullptr, kOutside},
    {"tgkill", SYSCALL(SYS_tgkill, in.parent, in.parent, 0), nullptr, kOutside},
    {"pidfd_open", SYSCALL(SYS_pidfd_open, in.parent, 0), nullptr, kOutside},
    {"pidfd_getfd", SYSCALL(SYS_pidfd_getfd, 0, 0, 0)},
    {"ptrace", TRIES(ptrace(PTRACE_SEIZE, in.parent, 0, 0))},
    {"process_vm_readv", ReadParent},
    {"kcmp", SYSCALL(SYS_kcmp, in.parent, in.parent, 0, 0, 0)},
    {"setsid", TRIES(setsid()), nullptr, kOutside},
    {"setpriority", TRIES(setpriority(PRIO_PROCESS, 0, 5)), nullptr, kOutside},
    {"setrlimit", RaiseLimit, nullptr, kOutside},
    {"unshare", TRIES(unshare(CLONE_NEWUSER))},
    {"setns", TRIES(setns(0, 0))},
    {"setuid", TRIES(setuid(getuid())), nullptr, kOutside},
    {"setgroups", SYSCALL(SYS_setgroups, 0, nullptr)},
    {"capset", SYSCALL(SYS_capset, nullptr, nullptr)},
    {"prctl", TRIES(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)), nullptr, kOutside},
    {"personality", TRIES(personality(0xffffffff)), nullptr, kOutside},
    {"push a character to the terminal", PushCharacter},

    // Memory.
    {"memory written and executed", WriteExecutable},
    {"memory made executable", MakeExecutable, nullptr, kOutside},
    {"memfd", TRIES(memfd_create("x", 0)), kDoorman, kOutside},
    {"memfd_secret", SYSCALL(SYS_memfd_secret, 0)},
    {"shmget", SYSCALL(SYS_shmget, IPC_PRIVATE, 4096, 0600), nullptr, kOutside},
    {"msgget", SYSCALL(SYS_msgget, IPC_PRIVATE, 0600), nullptr, kOutside},
    {"userfaultfd", SYSCALL(SYS_userfaultfd, 1)},

    // Others, near and far.
    {"TCP", TRIES(socket(AF_INET, SOCK_STREAM, 0)), kCourier, kOutside},
    {"UDP", TRIES(socket(AF_INET, SOCK_DGRAM, 0)), kCourier, kOutside},
    {"IPv6", TRIES(socket(AF_INET6, SOCK_STREAM, 0)), kCourier},
    {"netlink", TRIES(socket(AF_NETLINK, SOCK_RAW, 0)), nullptr, kOutside},
    {"packet", TRIES(socket(AF_PACKET, SOCK_RAW, 0))},
    {"unix stream", TRIES(socket(AF_UNIX, SOCK_STREAM, 0)), kCourier, kOutside},
    {"bind", SYSCALL(SYS_bind, 0, nullptr, 0)},
    {"listen", SYSCALL(SYS_listen, 0, 0)},
    {"connect", SYSCALL(SYS_connect, 0, nullptr, 0), kCourier},

    // The kernel.
    {"io_uring", SYSCALL(SYS_io_uring_setup, 1, nullptr)},
    {"bpf", SYSCALL(SYS_bpf, 0, nullptr, 0)},
    {"perf", SYSCALL(SYS_perf_event_open, nullptr, 0, -1, -1, 0)},
    {"keyctl", SYSCALL(SYS_keyctl, 0, -3, 0, 0, 0)},
    {"add_key", SYSCALL(SYS_add_key, "user", "x", "x", 1, -3)},
    {"init_module", SYSCALL(SYS_init_module, nullptr, 0, nullptr)},
    {"finit_module", SYSCALL(SYS_finit_module, 0, nullptr, 0)},
    {"kexec", SYSCALL(SYS_kexec_load, 0, 0, nullptr, 0)},
    {"swapon", SYSCALL(SYS_swapon, nullptr, 0)},
    {"acct", SYSCALL(SYS_acct, nullptr)},
    {"settimeofday", SYSCALL(SYS_settimeofday, nullptr, nullptr)},
    {"sethostname", SYSCALL(SYS_sethostname, "x", 1)},
    {"seccomp", SYSCALL(SYS_seccomp, 0, 0, nullptr)},
    {"int 0x80", CallBy32Bits},
};

}  // namespace

std::span<const ServiceAttempt> ServiceAttempts() { return kAttempts; }

}  // namespace vitrine::sandbox
