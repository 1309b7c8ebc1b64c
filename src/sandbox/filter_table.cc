// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "sandbox/confine.h"
#include "sandbox/filter_conditions.h"

namespace vitrine::sandbox {
namespace {

constexpr Rule kRules[] = {
    // What it was given. Not what is below: the error output may be a terminal,
    // which can be read from as well.
    {CALL(read), {AtLeast(0, kChannel)}, "samples up to 32 MiB are read"},
    {CALL(pread64), {AtLeast(0, kChannel)}, "samples up to 32 MiB are read"},
    {CALL(lseek), {}, "the size of a sample"},
    {CALL(fstat), {}, "the kind, size and owner of a sample"},
    {CALL(close), {}, "a sample that is done"},
    {CALL(fcntl), {Equals(1, F_GETFD)}, "whether a descriptor is open"},
    {CALL(fcntl), {Equals(1, F_GETFL)}, "whether it is open for reading only"},
    {CALL(fcntl),
     {AtLeast(0, kChannel), Equals(1, F_DUPFD_CLOEXEC)},
     "a descriptor kept longer"},
    {CALL(fcntl), {Equals(1, F_GET_SEALS)}, "whether the database can change"},

    // Its channel. Receiving brings descriptors; sending can carry none that
    // it was not given.
    {CALL(recvmsg), {Equals(0, kChannel)}, "requests"},
    {CALL(sendmsg), {Equals(0, kChannel)}, "answers"},
    {CALL(write), {Equals(0, kChannel)}, "answers"},
    {CALL(write),
     {Equals(0, kErrorOutput)},
     "the last words of a failed CHECK"},
#ifdef SYS_poll
    {CALL(poll), {}, "waiting for a request or the executor's end"},
#endif
    {CALL(ppoll), {}, "waiting for a request or the executor's end"},

    // Memory, never executable.
    {CALL(mmap), {Without(2, PROT_EXEC)}, "memory, samples, the database"},
    {CALL(mprotect), {Without(2, PROT_EXEC)}, "growing heaps"},
    {CALL(munmap), {}, "memory given back"},
    {CALL(mremap), {}, "large buffers that grow; keeps the protection"},
    {CALL(brk), {}, "the heap"},
    {CALL(madvise), {AtMost(2, MADV_DONTNEED)}, "read-ahead; pages given back"},
    {CALL(madvise), {Equals(2, MADV_FREE)}, "pages given back"},

    // One thread; what the C library does anyway.
    {CALL(futex), {Equals(1, FUTEX_WAKE_PRIVATE)}, "the end of call_once"},
    {CALL(futex), {Equals(1, FUTEX_WAIT_PRIVATE)}, "a lock of the library"},
    {CALL(clock_gettime), {}, "deadlines, where the vDSO has no clock"},
    {CALL(getrandom), {}, "hash seeds"},
    {CALL(restart_syscall), {}, "a wait that was stopped and continued"},

    // Signals of its own making: a sample that shrinks, a failed CHECK.
    {CALL(rt_sigreturn), {}, "the end of a handler"},
    {CALL(rt_sigaction), {Equals(0, SIGBUS)}, "MappedFile's handler"},
    {CALL(rt_sigaction), {Equals(0, SIGABRT)}, "abort()"},
    {CALL(rt_sigprocmask), {}, "abort()"},
    {CALL(getpid), {}, "abort()"},
    {CALL(gettid), {}, "abort()"},
    {CALL(tgkill), {Self(0), Self(1), Equals(2, SIGABRT)}, "abort()"},

    {CALL(exit), {}, "the end"},
    {CALL(exit_group), {}, "the end"},
};

}  // namespace

const FilterTable& ScannerFilter() {
  static constexpr FilterTable kTable = {kRules, FilterTable::Others::kKill};
  return kTable;
}

}  // namespace vitrine::sandbox
