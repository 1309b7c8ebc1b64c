// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "sandbox/confine.h"
#include "sandbox/testcases/attempt.h"

namespace vitrine::sandbox {
namespace {

bool MapAndCompare(int fd, const char* text, size_t size) {
  void* const mapped = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (mapped == MAP_FAILED) return false;
  const bool same = memcmp(mapped, text, size) == 0;
  return munmap(mapped, size) == 0 && same;
}

bool ReadSample(const Handed& handed) {
  char buffer[sizeof kSampleText] = {};
  return pread(handed.sample, buffer, sizeof kSampleText - 1, 0) ==
             sizeof kSampleText - 1 &&
         strcmp(buffer, kSampleText) == 0;
}

bool StatSample(const Handed& handed) {
  struct stat facts;
  return syscall(SYS_fstat, handed.sample, &facts) == 0 &&
         S_ISREG(facts.st_mode) && facts.st_size == sizeof kSampleText - 1;
}

bool MapSample(const Handed& handed) {
  return MapAndCompare(handed.sample, kSampleText, sizeof kSampleText - 1);
}

bool MapDatabase(const Handed& handed) {
  return MapAndCompare(handed.database, kDatabaseText,
                       sizeof kDatabaseText - 1);
}

bool CheckSeals(const Handed& handed) {
  const int seals = fcntl(handed.database, F_GET_SEALS);
  return seals >= 0 && (seals & F_SEAL_WRITE) != 0;
}

bool Duplicate(const Handed& handed) {
  const int copy = fcntl(handed.sample, F_DUPFD_CLOEXEC, 0);
  return copy >= 0 && close(copy) == 0;
}

bool Answer(const Handed&) {
  char text[] = "an answer";
  iovec part = {text, sizeof text - 1};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  return sendmsg(kChannel, &message, MSG_NOSIGNAL) ==
         static_cast<ssize_t>(sizeof text - 1);
}

bool AwaitRequest(const Handed&) {
  pollfd channel = {kChannel, POLLIN, 0};
  return poll(&channel, 1, 1) == 0;
}

bool Allocate(const Handed&) {
  constexpr size_t kSize = size_t{8} << 20;
  char* const small = static_cast<char*>(malloc(100));
  char* const large = static_cast<char*>(malloc(kSize));
  if (small == nullptr || large == nullptr) return false;
  memset(large, 1, kSize);
  char* const grown = static_cast<char*>(realloc(large, 2 * kSize));
  const bool kept = grown != nullptr && grown[kSize - 1] == 1;
  free(grown);
  free(small);
  return kept;
}

bool Protect(const Handed&) {
  void* const page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return page != MAP_FAILED && mprotect(page, 4096, PROT_READ) == 0 &&
         madvise(page, 4096, MADV_DONTNEED) == 0;
}

bool TellTime(const Handed&) {
  timespec now = {};
  // Not the vDSO's: where that has no clock, the call is made.
  return syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now) == 0;
}

bool DrawRandom(const Handed&) {
  char bytes[16];
  return getrandom(bytes, sizeof bytes, 0) == sizeof bytes;
}

bool KnowItself(const Handed&) { return getpid() > 0; }

bool HandleBusError(const Handed&) {
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  return sigaction(SIGBUS, &action, nullptr) == 0;
}

}  // namespace

const Legal kReadSample = {"read the sample", ReadSample};
const Legal kStatSample = {"ask for the sample's size", StatSample};
const Legal kMapSample = {"map the sample", MapSample};
const Legal kMapDatabase = {"map the database", MapDatabase};
const Legal kCheckSeals = {"ask for the database's seals", CheckSeals};
const Legal kDuplicate = {"duplicate the sample's descriptor", Duplicate};
const Legal kAnswer = {"answer on the channel", Answer};
const Legal kAwaitRequest = {"wait for a request", AwaitRequest};
const Legal kAllocate = {"allocate memory", Allocate};
const Legal kProtect = {"make memory read-only", Protect};
const Legal kTellTime = {"tell the time", TellTime};
const Legal kDrawRandom = {"draw random bytes", DrawRandom};
const Legal kKnowItself = {"know its own number", KnowItself};
const Legal kHandleBusError = {"set the handler of SIGBUS", HandleBusError};

}  // namespace vitrine::sandbox
