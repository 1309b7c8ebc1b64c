// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/futex.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#include "sandbox/testcases/attempt.h"

namespace vitrine::sandbox {
namespace {

using enum Attempt::End;
constexpr uint8_t kOutside = Attempt::kWorksOutside;
constexpr uint8_t kTwice = Attempt::kHeldTwice;

constexpr char kSecret[] = "/etc/passwd";

long SetUpRing(const Handed&) {
  io_uring_params parameters = {};
  return syscall(SYS_io_uring_setup, 1, &parameters);
}

long MakeBpfMap(const Handed&) {
  bpf_attr attributes = {};
  attributes.map_type = BPF_MAP_TYPE_ARRAY;
  attributes.key_size = 4;
  attributes.value_size = 4;
  attributes.max_entries = 1;
  return syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes);
}

long CountEvents(const Handed&) {
  perf_event_attr attributes = {};
  attributes.type = PERF_TYPE_SOFTWARE;
  attributes.size = sizeof attributes;
  return syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0);
}

long SetTime(const Handed&) {
  const timespec epoch = {1, 0};
  return syscall(SYS_clock_settime, CLOCK_REALTIME, &epoch);
}

long AdjustTime(const Handed&) {
  timex change = {};
  change.modes = ADJ_TICK;
  change.tick = 10000;
  return syscall(SYS_adjtimex, &change);
}

#ifdef __x86_64__
// Numbers of the other two instruction sets that this processor has.
long OpenAsX32(const Handed&) {
  return syscall(0x40000000 + SYS_open, kSecret, O_RDONLY);
}

long AskAsI386(const Handed&) {
  constexpr long kGetPid = 20;
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(kGetPid) : "memory");
  if (result >= 0) return result;
  errno = static_cast<int>(-result);
  return -1;
}
#endif

constexpr Attempt kAttempts[] = {
    {"io_uring_setup", SetUpRing, kReadSample},
    {"io_uring_enter", CALLS(SYS_io_uring_enter, 0, 0, 0, 0, nullptr, 0),
     kReadSample, kKilled, kTwice},
    {"io_uring_register", CALLS(SYS_io_uring_register, 0, 0, nullptr, 0),
     kReadSample},
    {"io_setup", CALLS(SYS_io_setup, 1, nullptr), kReadSample},
    {"bpf", MakeBpfMap, kAllocate, kKilled, kTwice},
    {"perf_event_open", CountEvents, kTellTime},
    {"add_key", CALLS(SYS_add_key, "user", "x", "x", 1, -2), kDrawRandom},
    {"request_key", CALLS(SYS_request_key, "user", "x", nullptr, 0),
     kDrawRandom},
    {"keyctl", CALLS(SYS_keyctl, 0, -3, 0, 0, 0), kDrawRandom},
    {"futex FUTEX_LOCK_PI", CALLS(SYS_futex, nullptr, FUTEX_LOCK_PI, 0, 0),
     kKnowItself},
    {"futex of others", CALLS(SYS_futex, nullptr, FUTEX_WAKE, 0), kKnowItself},
    {"init_module", CALLS(SYS_init_module, nullptr, 0, ""), kKnowItself,
     kKilled, kTwice},
    {"finit_module", CALLS(SYS_finit_module, handed.sample, "", 0), kReadSample,
     kKilled, kTwice},
    {"delete_module", CALLS(SYS_delete_module, "x", 0), kKnowItself, kKilled,
     kTwice},
    {"kexec_load", CALLS(SYS_kexec_load, 0, 0, nullptr, 0), kKnowItself,
     kKilled, kTwice},
    {"kexec_file_load",
     CALLS(SYS_kexec_file_load, handed.sample, handed.sample, 0, nullptr, 0),
     kReadSample, kKilled, kTwice},
    // Without the magic numbers nothing is done even where it is permitted.
    {"reboot", CALLS(SYS_reboot, 0, 0, 0, nullptr), kKnowItself, kKilled,
     kTwice},
    {"swapon", CALLS(SYS_swapon, "/x", 0), kKnowItself, kKilled, kTwice},
    {"swapoff", CALLS(SYS_swapoff, "/x"), kKnowItself, kKilled, kTwice},
    {"settimeofday", SetTime, kTellTime, kKilled, kTwice},
    {"adjtimex", AdjustTime, kTellTime, kKilled, kTwice},
    {"acct", CALLS(SYS_acct, nullptr), kKnowItself, kKilled, kTwice},
    {"quotactl", CALLS(SYS_quotactl, 0, "/x", 0, nullptr), kStatSample, kKilled,
     kTwice},
    {"syslog", CALLS(SYS_syslog, 5, nullptr, 0), kKnowItself, kKilled, kTwice},
    {"sethostname", CALLS(SYS_sethostname, "x", 1), kKnowItself, kKilled,
     kTwice},
    {"uname", CALLS(SYS_uname, nullptr), kKnowItself},
    {"sysinfo", CALLS(SYS_sysinfo, nullptr), kKnowItself},
    {"iopl", CALLS(SYS_iopl, 3), kKnowItself, kKilled, kTwice},
    {"ioperm", CALLS(SYS_ioperm, 0x378, 1, 1), kKnowItself, kKilled, kTwice},
    {"lookup_dcookie", CALLS(SYS_lookup_dcookie, 0, nullptr, 0), kKnowItself,
     kKilled, kTwice},
    {"vhangup", CALLS(SYS_vhangup), kKnowItself, kKilled, kTwice},
    {"sync", CALLS(SYS_sync), kReadSample},
    {"epoll_create1", CALLS(SYS_epoll_create1, 0), kAwaitRequest, kKilled,
     kOutside},
    {"eventfd2", CALLS(SYS_eventfd2, 0, 0), kAwaitRequest, kKilled, kOutside},
    {"pipe2", CALLS(SYS_pipe2, nullptr, 0), kAwaitRequest},
    {"dup2 over the channel", CALLS(SYS_dup2, handed.sample, 3), kDuplicate,
     kKilled, kOutside},
    {"a call of tomorrow", CALLS(1000), kKnowItself, kKilled, kTwice},
#ifdef __x86_64__
    {"open by its x32 number", OpenAsX32, kReadSample, kKilled, kTwice},
    {"int 0x80", AskAsI386, kKnowItself},
#endif
};

}  // namespace

std::span<const Attempt> KernelAttempts() { return kAttempts; }

}  // namespace vitrine::sandbox
