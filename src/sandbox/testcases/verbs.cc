// SPDX-License-Identifier: Apache-2.0
// What the tests of Launch() and Confine() have a sandboxee do; what they
// expect of each verb is said there.
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <mutex>
#include <string>
#include <thread>

#include "sandbox/confine.h"
#include "sandbox/testcases/talk.h"

namespace vitrine::sandbox {
namespace {

// Takes memory until there is no more; how much that was, in MiB.
size_t Hog() {
  constexpr size_t kStep = size_t{16} << 20;
  size_t taken = 0;
  while (mmap(nullptr, kStep, PROT_READ | PROT_WRITE,
              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED) {
    taken += kStep >> 20;
  }
  return taken;
}

// The same, and uses it.
void Fill() {
  constexpr size_t kStep = size_t{1} << 20;
  for (;;) {
    void* const taken = mmap(nullptr, kStep, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (taken == MAP_FAILED) return;
    memset(taken, 1, kStep);
  }
}

// One descriptor that is kept and one that is not; both open before.
int KeepOne() {
  const int kept = fcntl(kErrorOutput, F_DUPFD_CLOEXEC, 40);
  const int other = fcntl(kErrorOutput, F_DUPFD_CLOEXEC, 50);
  if (!Confine({{kept}}).ok()) return 2;
  return fcntl(kept, F_GETFD) >= 0 && fcntl(other, F_GETFD) < 0 ? 0 : 1;
}

// What would look at files of the system if it had not been asked before.
int UseLibrary() {
  if (!Confine({}).ok()) return 2;
  tm date = {};
  date.tm_year = 100;
  if (mktime(&date) != 946598400) return 3;  // 1999-12-31, by UTC.
  int numbers[1024] = {};
  qsort(numbers, 1024, sizeof(int), [](const void*, const void*) { return 0; });
  std::once_flag once;
  std::call_once(once, [] {});
  return 0;
}

int DoUnconfined(std::string_view verb) {
  if (verb == "unconfined") return 7;
  if (verb == "keep") return KeepOne();
  if (verb == "library") return UseLibrary();
  if (verb == "keep_closed") {
    const Result<CageReport> report = Confine({{77}});
    return report.ok() ? 0 : static_cast<int>(report.error().code);
  }
  if (verb == "stopped") {
    // Until the executor has closed its end.
    ReceiveHanded();
    return static_cast<int>(Confine({}).error().code);
  }
  if (verb == "thread") {
    const std::jthread sleeper([] { pause(); });
    _exit(static_cast<int>(Confine({}).error().code));
  }
  return -1;
}

}  // namespace

int DoVerb(std::string_view verb) {
  const int status = DoUnconfined(verb);
  if (status >= 0) return status;
  const Result<CageReport> report = Confine({});
  if (!report.ok()) {
    std::fprintf(stderr, "%s\n", report.error().message.c_str());
    return 2;
  }
  if (!Send(report.value().Format())) return 3;
  if (verb == "wait") ReceiveHanded();
  if (verb == "abort") abort();
  if (verb == "crash") *static_cast<volatile int*>(nullptr) = 1;
  if (verb == "violate") return static_cast<int>(syscall(SYS_getppid));
  if (verb == "hog") Send(std::to_string(Hog()));
  if (verb == "fill") Fill();
  if (verb == "spin") {
    const volatile bool always = true;
    while (always) {
    }
  }
  return 5;
}

}  // namespace vitrine::sandbox
