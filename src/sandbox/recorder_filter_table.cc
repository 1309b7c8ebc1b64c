// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "sandbox/filter_conditions.h"

namespace vitrine::sandbox {
namespace {

// Which files these reach is Landlock's to say.
constexpr Rule kRules[] = {
    {CALL(openat), {}, "spools; the store"},
    {CALL(close), {}, "what is done with"},
    {CALL(read), {}, "the store"},
    {CALL(pread64), {}, "spools; the store"},
    {CALL(write), {}, "its own events; complaints"},
    {CALL(pwrite64), {}, "the store"},
    {CALL(lseek), {}, "SQLite asks for the size so"},
    {CALL(fstat), {}, "sizes and kinds"},
    {CALL(newfstatat), {}, "sizes and kinds"},
    {CALL(stat), {}, "the same, on some libraries"},
    {CALL(lstat), {}, "the same, on some libraries"},
    {CALL(access), {}, "whether there is a log to recover"},
    {CALL(faccessat), {}, "the same, on some libraries"},
    {CALL(readlink), {}, "SQLite resolves the path of the store"},
    {CALL(getcwd), {}, "the same, where it is relative"},
    {CALL(getdents64), {}, "the spools' folders"},
    {CALL(flock), {}, "whether a spool's writer lives"},
    {CALL(fcntl), {Equals(1, F_GETFD)}, "SQLite's descriptors"},
    {CALL(fcntl), {Equals(1, F_SETFD)}, "SQLite's descriptors"},
    {CALL(fcntl), {Equals(1, F_GETFL)}, "reading a folder"},
    {CALL(fcntl), {Equals(1, F_SETLK)}, "SQLite's locks"},
    {CALL(fcntl), {Equals(1, F_GETLK)}, "SQLite's locks"},
    {CALL(fcntl), {Equals(1, F_DUPFD_CLOEXEC)}, "SQLite's descriptors"},
    {CALL(ftruncate), {}, "the store's log; a torn event"},
    {CALL(fallocate), {}, "the store's log"},
    {CALL(fsync), {}, "committed means on the disk"},
    {CALL(fdatasync), {}, "committed means on the disk"},
    {CALL(unlink), {}, "the store's log"},
    {CALL(unlinkat), {}, "spools that were taken"},
    {CALL(rename), {}, "a damaged store, set aside"},
    {CALL(renameat), {}, "its own spool; a damaged one, set aside"},
    {CALL(mkdir), {}, "the folders of both"},
    {CALL(fchown), {}, "SQLite's log gets the store's owner"},
    {CALL(fchmod), {}, "SQLite's log gets the store's mode"},

    {CALL(socket),
     {Equals(0, AF_UNIX), Without(1, 0xd)},
     "journald; datagrams alone"},
    {CALL(sendto), {}, "journald"},
    {CALL(rt_sigtimedwait), {}, "the pause between two looks; the end"},
    {CALL(clock_nanosleep), {}, "SQLite waits for a reader"},
    {CALL(nanosleep), {}, "the same, on some libraries"},

    {CALL(mmap), {Without(2, PROT_EXEC)}, "memory; the store's index"},
    {CALL(mprotect), {Without(2, PROT_EXEC)}, "growing heaps"},
    {CALL(munmap), {}, "memory given back"},
    {CALL(mremap), {}, "large buffers that grow; keeps the protection"},
    {CALL(brk), {}, "the heap"},
    {CALL(madvise), {AtMost(2, MADV_DONTNEED)}, "pages given back"},
    {CALL(madvise), {Equals(2, MADV_FREE)}, "pages given back"},
    {CALL(futex), {Equals(1, FUTEX_WAKE_PRIVATE)}, "a lock of the library"},
    {CALL(futex), {Equals(1, FUTEX_WAIT_PRIVATE)}, "a lock of the library"},
    {CALL(clock_gettime), {}, "the time, where the vDSO has no clock"},
    {CALL(gettimeofday), {}, "the time, where the vDSO has no clock"},
    {CALL(getrandom), {}, "names of spools; hash seeds"},
    {CALL(restart_syscall), {}, "a wait that was stopped and continued"},
    {CALL(getpid), {}, "SQLite's check for a fork"},
    {CALL(gettid), {}, "abort()"},
    {CALL(geteuid), {}, "SQLite's check for root"},
    {CALL(getuid), {}, "the same, on some libraries"},
    {CALL(sysinfo), {}, "qsort() asks how much memory there is"},
    {CALL(rt_sigreturn), {}, "the end of a handler"},
    {CALL(rt_sigaction), {Equals(0, SIGABRT)}, "abort()"},
    {CALL(rt_sigprocmask), {}, "abort()"},
    {CALL(tgkill), {Self(0), Self(1), Equals(2, SIGABRT)}, "abort()"},
    {CALL(exit), {}, "the end"},
    {CALL(exit_group), {}, "the end"},
};

}  // namespace

const FilterTable& RecorderFilter() {
  static constexpr FilterTable kTable = {kRules, FilterTable::Others::kRefuse};
  return kTable;
}

}  // namespace vitrine::sandbox
