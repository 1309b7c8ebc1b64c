// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "sandbox/testcases/attempt.h"

namespace vitrine::sandbox {
namespace {

using enum Attempt::End;
constexpr uint8_t kOutside = Attempt::kWorksOutside;
constexpr uint8_t kTwice = Attempt::kHeldTwice;

constexpr int kAnonymous = MAP_PRIVATE | MAP_ANONYMOUS;
constexpr size_t kPage = 4096;

// -1 also for a mapping that failed: MAP_FAILED is that number.
long Map(int protection, int flags, int fd) {
  return syscall(SYS_mmap, nullptr, kPage, protection, flags, fd, 0);
}

long MapWritableAndExecutable(const Handed&) {
  return Map(PROT_READ | PROT_WRITE | PROT_EXEC, kAnonymous, -1);
}

long MapExecutable(const Handed&) {
  return Map(PROT_READ | PROT_EXEC, kAnonymous, -1);
}

long MapSampleExecutable(const Handed& handed) {
  return Map(PROT_READ | PROT_EXEC, MAP_PRIVATE, handed.sample);
}

long MapSampleWritable(const Handed& handed) {
  return Map(PROT_READ | PROT_WRITE, MAP_SHARED, handed.sample);
}

long MapDatabaseWritable(const Handed& handed) {
  return Map(PROT_READ | PROT_WRITE, MAP_SHARED, handed.database);
}

long MakeExecutable(const Handed&) {
  const long page = Map(PROT_READ | PROT_WRITE, kAnonymous, -1);
  return page == -1 ? -1
                    : syscall(SYS_mprotect, page, kPage, PROT_READ | PROT_EXEC);
}

long MakeDatabaseWritable(const Handed& handed) {
  const long page = Map(PROT_READ, MAP_SHARED, handed.database);
  return page == -1
             ? -1
             : syscall(SYS_mprotect, page, kPage, PROT_READ | PROT_WRITE);
}

long MakeExecutableByKey(const Handed&) {
  const long page = Map(PROT_READ | PROT_WRITE, kAnonymous, -1);
  return page == -1 ? -1
                    : syscall(SYS_pkey_mprotect, page, kPage,
                              PROT_READ | PROT_EXEC, -1);
}

// Where null pointers of the kernel would look.
long MapZeroPage(const Handed&) {
  return syscall(SYS_mmap, 0, kPage, PROT_READ | PROT_WRITE,
                 kAnonymous | MAP_FIXED, -1, 0) == 0
             ? 0
             : -1;
}

long AttachSegment(const Handed&) {
  const long segment = syscall(SYS_shmget, IPC_PRIVATE, kPage, 0600);
  if (segment < 0) return -1;
  const long address = syscall(SYS_shmat, segment, nullptr, 0);
  syscall(SYS_shmctl, segment, IPC_RMID, nullptr);
  return address;
}

long PoisonPage(const Handed&) {
  const long page = Map(PROT_READ | PROT_WRITE, kAnonymous, -1);
  return page == -1 ? -1 : syscall(SYS_madvise, page, kPage, MADV_HWPOISON);
}

long MoreThanTheLimit(const Handed&) {
  return syscall(SYS_mmap, nullptr, size_t{64} << 40, PROT_READ, kAnonymous, -1,
                 0);
}

constexpr Attempt kAttempts[] = {
    {"mmap writable and executable", MapWritableAndExecutable, kAllocate,
     kKilled, kOutside},
    {"mmap executable", MapExecutable, kAllocate, kKilled, kOutside},
    {"mmap of a sample, executable", MapSampleExecutable, kMapSample},
    {"mmap of a sample, writable and shared", MapSampleWritable, kMapSample,
     kRefused, kTwice},
    {"mmap of the database, writable", MapDatabaseWritable, kMapDatabase,
     kRefused, kTwice},
    {"mprotect executable", MakeExecutable, kProtect, kKilled, kOutside},
    {"mprotect of the database", MakeDatabaseWritable, kMapDatabase, kRefused,
     kTwice},
    {"pkey_mprotect executable", MakeExecutableByKey, kProtect},
    {"mmap of page zero", MapZeroPage, kAllocate, kRefused, kTwice},
    {"mmap beyond the address space", MoreThanTheLimit, kAllocate, kRefused,
     kTwice},
    {"madvise MADV_HWPOISON", PoisonPage, kProtect, kKilled, kTwice},
    {"remap_file_pages", CALLS(SYS_remap_file_pages, 0, 0, 0, 0, 0),
     kMapSample},
    {"mlockall", CALLS(SYS_mlockall, MCL_FUTURE), kAllocate, kKilled, kTwice},
    {"memfd_create", CALLS(SYS_memfd_create, "x", 0), kAllocate, kKilled,
     kOutside},
    {"memfd_secret", CALLS(447 /* SYS_memfd_secret */, 0), kAllocate},
    {"shmget", AttachSegment, kAllocate, kKilled, kOutside},
    {"semget", CALLS(SYS_semget, IPC_PRIVATE, 1, 0600), kAllocate},
    {"msgget", CALLS(SYS_msgget, IPC_PRIVATE, 0600), kAnswer},
    {"mq_open", CALLS(SYS_mq_open, "x", O_CREAT | O_RDWR, 0600, nullptr),
     kAnswer, kKilled, kTwice},
    {"userfaultfd", CALLS(SYS_userfaultfd, 1), kAllocate},
    {"move_pages", CALLS(SYS_move_pages, 1, 0, nullptr, nullptr, nullptr, 0),
     kAllocate},
    {"set_mempolicy", CALLS(SYS_set_mempolicy, 0, nullptr, 0), kAllocate},
};

}  // namespace

std::span<const Attempt> MemoryAttempts() { return kAttempts; }

}  // namespace vitrine::sandbox
