// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "sandbox/filter_conditions.h"

namespace vitrine::sandbox {
namespace {

// What a new thread shares with the others; a process of its own would not.
constexpr uint64_t kThread = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
                             CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS |
                             CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;

// Which files these reach is Landlock's to say. It makes no socket but pairs,
// executes nothing and starts no process.
constexpr Rule kRules[] = {
    // Clients.
    {CALL(accept4), {}, "clients"},
    {CALL(recvmsg), {}, "commands, with descriptors"},
    {CALL(recvfrom), {}, "commands and streams"},
    {CALL(sendto), {}, "replies"},
    {CALL(sendmsg), {}, "replies; requests to scanners and backstage"},
    {CALL(shutdown), {}, "after the last reply"},
    {CALL(getsockopt), {}, "who the peer is"},
    {CALL(setsockopt), {Equals(1, SOL_SOCKET)}, "buffers of channels"},
    {CALL(getpeername), {}, "a peer's address"},
    {CALL(getsockname), {}, "whether that is a unix socket"},
    {CALL(socketpair), {Equals(0, AF_UNIX)}, "a scanner's channel"},
    {CALL(pipe2), {}, "a scanner's error output"},
    {CALL(pidfd_send_signal), {Equals(1, SIGKILL)}, "a scanner that is late"},

    // Waiting.
    {CALL(epoll_create1), {}, "the loops"},
    {CALL(epoll_ctl), {}, "the loops"},
    {CALL(epoll_wait), {}, "the loops"},
    {CALL(epoll_pwait), {}, "the loops"},
    {CALL(epoll_pwait2), {}, "the loops"},
    {CALL(eventfd2), {}, "threads wake each other"},
    {CALL(poll), {}, "whether complaints can be written; an end"},
    {CALL(ppoll), {}, "the same, on some libraries"},
    {CALL(waitid), {}, "asks in vain: scanners are not its children"},
    {CALL(clock_nanosleep), {}, "pauses"},

    // Files.
    {CALL(openat), {}, "paths that peers name; the spool"},
    {CALL(close), {}, "what is done with"},
    {CALL(read), {}, "wake-ups and signals"},
    {CALL(pread64), {}, "a stream at hand"},
    {CALL(write), {}, "wake-ups; complaints"},
    {CALL(pwrite64), {}, "streams to the spool"},
    {CALL(sendfile), {}, "a stream that outgrows memory"},
    {CALL(lseek), {}, "sizes; a folder from its start"},
    {CALL(fstat), {}, "kinds, owners, modes"},
    {CALL(newfstatat), {}, "kinds, owners, modes"},
    {CALL(readlink), {}, "links that peers name"},
    {CALL(readlinkat), {}, "links that peers name"},
    {CALL(getdents64), {}, "folders that peers name"},
    {CALL(fgetxattr), {}, "access lists"},
    {CALL(getxattr), {}, "access lists, by the descriptor's name"},
    {CALL(fstatfs), {}, "the kernel's own file systems"},
    {CALL(statfs), {}, "the same, by the descriptor's name"},
    {CALL(memfd_create), {}, "streams in memory"},
    {CALL(ftruncate), {}, "streams in memory"},
    {CALL(unlink), {}, "the name of a spooled stream"},
    {CALL(fcntl), {Equals(1, F_GETFD)}, "whether a descriptor is open"},
    {CALL(fcntl), {Equals(1, F_SETFD)}, "sockets that were passed"},
    {CALL(fcntl), {Equals(1, F_GETFL)}, "whether it is open for reading"},
    {CALL(fcntl), {Equals(1, F_SETFL)}, "sockets that do not wait"},
    {CALL(fcntl), {Equals(1, F_DUPFD_CLOEXEC)}, "a database kept"},
    {CALL(fcntl), {Equals(1, F_ADD_SEALS)}, "a stream that is whole"},
    {CALL(fcntl), {Equals(1, F_GET_SEALS)}, "a stream that is whole"},
    {CALL(fcntl), {Equals(1, F_SETPIPE_SZ)}, "a scanner's error output"},
    {CALL(ioctl), {Equals(1, FIONREAD)}, "how much of a reply waits"},

    // Threads and memory.
    {CALL(clone), {Equals(0, kThread)}, "threads"},
    {CALL(set_robust_list), {}, "the start of a thread"},
    {CALL(rseq), {}, "the start of a thread"},
    {CALL(futex), {}, "locks and condition variables"},
    {CALL(sched_yield), {}, "locks"},
    {CALL(sched_getaffinity), {}, "how many processors there are"},
    {CALL(prctl), {Equals(0, PR_SET_NAME)}, "names of threads"},
    {CALL(mmap), {Without(2, PROT_EXEC)}, "memory"},
    {CALL(mprotect), {Without(2, PROT_EXEC)}, "stacks and heaps"},
    {CALL(munmap), {}, "memory given back"},
    {CALL(mremap), {}, "large buffers that grow; keeps the protection"},
    {CALL(brk), {}, "the heap"},
    {CALL(madvise), {AtMost(2, MADV_DONTNEED)}, "pages given back"},
    {CALL(madvise), {Equals(2, MADV_FREE)}, "pages given back"},
    {CALL(clock_gettime), {}, "the time, where the vDSO has no clock"},
    {CALL(gettimeofday), {}, "the time, where the vDSO has no clock"},
    {CALL(getrandom), {}, "hash seeds"},
    {CALL(sysinfo), {}, "qsort() asks how much memory there is"},
    {CALL(restart_syscall), {}, "a wait that was stopped and continued"},
    {CALL(rt_sigreturn), {}, "the end of a handler"},
    {CALL(rt_sigaction), {Equals(0, SIGABRT)}, "abort()"},
    {CALL(rt_sigaction), {Equals(0, 32)}, "threads"},
    {CALL(rt_sigaction), {Equals(0, 33)}, "threads"},
    {CALL(rt_sigprocmask), {}, "threads; abort()"},
    {CALL(getpid), {}, "abort()"},
    {CALL(gettid), {}, "abort()"},
    {CALL(geteuid), {}, "whose scanners are"},
    {CALL(tgkill), {Self(0), Equals(2, SIGABRT)}, "abort()"},
    {CALL(exit), {}, "the end of a thread"},
    {CALL(exit_group), {}, "the end"},
};

}  // namespace

const FilterTable& DoormanFilter() {
  static constexpr FilterTable kTable = {kRules, FilterTable::Others::kRefuse};
  return kTable;
}

}  // namespace vitrine::sandbox
