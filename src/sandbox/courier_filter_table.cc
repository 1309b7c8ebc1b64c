// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "sandbox/filter_conditions.h"

namespace vitrine::sandbox {
namespace {

// What a new thread shares with the others; a process of its own would not.
constexpr uint64_t kThread = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
                             CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS |
                             CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;

// What a program does that makes connections and writes files, by the C library
// and libcurl. No program is started, no process made, no memory executable,
// nothing bound or listened on, nobody signalled. Which files: Landlock and the
// user.
constexpr Rule kRules[] = {
    {CALL(read), {}, "files, sockets, jobs"},
    {CALL(readv), {}, "files, sockets"},
    {CALL(pread64), {}, "files"},
    {CALL(write), {}, "files, sockets, results"},
    {CALL(writev), {}, "files, sockets"},
    {CALL(pwrite64), {}, "files"},
    {CALL(lseek), {}, "files"},
    {CALL(close), {}, "files, sockets"},
    {CALL(fstat), {}, "files"},
    {CALL(newfstatat), {}, "files"},
    {CALL(statx), {}, "files"},
    {CALL(access), {}, "the library's configuration"},
    {CALL(faccessat), {}, "files"},
    {CALL(faccessat2), {}, "files"},
    {CALL(readlink), {}, "the library's configuration"},
    {CALL(readlinkat), {}, "the library's configuration"},
    {CALL(getcwd), {}, "certificates by a relative name"},
    {CALL(open), {}, "files, where Landlock lets it"},
    {CALL(openat), {}, "files, where Landlock lets it"},
    {CALL(getdents64), {}, "the ledger's segments, certificates"},
    {CALL(mkdir), {}, "staging"},
    {CALL(mkdirat), {}, "staging"},
    {CALL(rename), {}, "whole files get their name"},
    {CALL(renameat), {}, "whole files get their name"},
    {CALL(renameat2), {}, "whole files get their name"},
    {CALL(unlink), {}, "parts, old segments"},
    {CALL(unlinkat), {}, "parts, old segments"},
    {CALL(ftruncate), {}, "a torn line"},
    {CALL(fsync), {}, "the ledger's segments"},
    {CALL(fdatasync), {}, "before a request is sent"},
    {CALL(flock), {}, "one writer"},
    {CALL(fchmod), {}, "the mode of a new file"},
    {CALL(umask), {}, "the mode of a new file"},
    {CALL(fcntl), {Equals(1, F_GETFD)}, "descriptors"},
    {CALL(fcntl), {Equals(1, F_SETFD)}, "descriptors"},
    {CALL(fcntl), {Equals(1, F_GETFL)}, "sockets that do not wait"},
    {CALL(fcntl), {Equals(1, F_SETFL)}, "sockets that do not wait"},
    {CALL(fcntl), {Equals(1, F_DUPFD_CLOEXEC)}, "descriptors"},
    {CALL(dup), {}, "descriptors"},
    {CALL(ioctl), {Equals(1, FIONREAD)}, "the resolver"},
    {CALL(ioctl), {Equals(1, FIONBIO)}, "sockets that do not wait"},

    // The network, outwards: there is no listen(2) and no accept(2).
    {CALL(socket), {Equals(0, AF_INET)}, "mirrors, name servers"},
    {CALL(socket), {Equals(0, AF_INET6)}, "mirrors, name servers"},
    {CALL(socket), {Equals(0, AF_UNIX)}, "name services of this machine"},
    {CALL(socketpair), {Equals(0, AF_UNIX)}, "libcurl's resolver thread"},
    {CALL(connect), {}, "mirrors, proxies, name servers"},
    {CALL(getsockname), {}, "which address we have"},
    {CALL(getpeername), {}, "whether there is a connection"},
    {CALL(getsockopt), {}, "whether there is a connection"},
    {CALL(setsockopt), {}, "no delay, keep alive"},
    {CALL(sendto), {}, "requests"},
    {CALL(sendmsg), {}, "requests"},
    {CALL(sendmmsg), {}, "name servers"},
    {CALL(recvfrom), {}, "answers"},
    {CALL(recvmsg), {}, "answers"},
    {CALL(shutdown), {}, "the end of a connection"},
    {CALL(poll), {}, "waiting"},
    {CALL(ppoll), {}, "waiting"},
    {CALL(select), {}, "waiting"},
    {CALL(pselect6), {}, "waiting"},
    {CALL(pipe2), {}, "waking a thread"},
    {CALL(eventfd2), {}, "waking a thread"},

    // Memory, never executable.
    {CALL(mmap), {Without(2, PROT_EXEC)}, "memory"},
    {CALL(mprotect), {Without(2, PROT_EXEC)}, "memory"},
    {CALL(munmap), {}, "memory"},
    {CALL(mremap), {}, "memory"},
    {CALL(brk), {}, "memory"},
    {CALL(madvise), {AtMost(2, MADV_DONTNEED)}, "memory"},
    {CALL(madvise), {Equals(2, MADV_FREE)}, "memory"},

    // Threads, never processes.
    {CALL(clone), {Equals(0, kThread)}, "libcurl's resolver thread"},
    {CALL(set_robust_list), {}, "threads"},
    {CALL(rseq), {}, "threads"},
    {CALL(futex), {}, "threads"},
    {CALL(sched_yield), {}, "threads"},
    {CALL(sched_getaffinity), {}, "threads"},
    {CALL(rt_sigaction), {Equals(0, SIGABRT)}, "abort()"},
    {CALL(rt_sigaction), {Equals(0, 32)}, "threads"},
    {CALL(rt_sigaction), {Equals(0, 33)}, "threads"},
    {CALL(rt_sigprocmask), {}, "threads"},
    {CALL(rt_sigreturn), {}, "the end of a handler"},
    {CALL(sigaltstack), {}, "threads"},
    {CALL(restart_syscall), {}, "a wait that was stopped and continued"},

    {CALL(clock_gettime), {}, "time"},
    {CALL(gettimeofday), {}, "time"},
    {CALL(clock_nanosleep), {}, "backing off"},
    {CALL(nanosleep), {}, "backing off"},
    {CALL(getrandom), {}, "TLS, backing off"},
    {CALL(uname), {}, "the resolver"},
    {CALL(sysinfo), {}, "the library's sorting"},
    {CALL(getpid), {}, "TLS, the resolver"},
    {CALL(gettid), {}, "threads"},
    {CALL(getuid), {}, "the library"},
    {CALL(geteuid), {}, "the library"},
    {CALL(getgid), {}, "the library"},
    {CALL(getegid), {}, "the library"},
    {CALL(tgkill), {Self(0), Equals(2, SIGABRT)}, "abort()"},
    {CALL(exit), {}, "the end"},
    {CALL(exit_group), {}, "the end"},
};

}  // namespace

const FilterTable& CourierFilter() {
  static constexpr FilterTable kTable = {kRules, FilterTable::Others::kRefuse};
  return kTable;
}

}  // namespace vitrine::sandbox
