// SPDX-License-Identifier: Apache-2.0
#include "sandbox/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/single_threaded.h>
#include <time.h>

#include <array>

#include "base/system_error.h"
#include "sandbox/layers.h"

namespace vitrine::sandbox {
namespace {

// What the C library looks up once, when it is first asked, in files that will
// be out of reach.
void WarmLibrary() {
  // Unset, TZ makes each mktime() look at /etc/localtime anew.
  setenv("TZ", "UTC0", 1);
  tzset();
  // Above 1 KiB, qsort() asks how much memory the machine has.
  std::array<int, 512> numbers = {};
  qsort(numbers.data(), numbers.size(), sizeof(int),
        [](const void* a, const void* b) {
          return *static_cast<const int*>(a) - *static_cast<const int*>(b);
        });
}

// Dies with the executor, even if that was killed. The number of the parent
// says nothing in a namespace of our own, the other end of the channel does.
Status BindToExecutor() {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) {
    return SystemError("prctl pdeathsig", errno);
  }
  pollfd channel = {kChannel, 0, 0};
  if (poll(&channel, 1, 0) < 0) return SystemError("poll", errno);
  if ((channel.revents & POLLNVAL) != 0) {
    return Error{Code::kInvalid, "no channel on descriptor 3"};
  }
  if ((channel.revents & (POLLHUP | POLLERR)) != 0) {
    return Error{Code::kUnavailable, "the executor has gone"};
  }
  return Ok();
}

Status PutOnLayers(const Policy& policy, CageReport& report) {
  if (__libc_single_threaded == 0) {
    return Error{Code::kInternal, "a thread would stay outside of the cage"};
  }
  WarmLibrary();
  // A personality is inherited; one of them makes all memory executable.
  if (personality(PER_LINUX) < 0) return SystemError("personality", errno);
  // `ps` shows the number of a descriptor otherwise: that is how it was run.
  prctl(PR_SET_NAME, program_invocation_short_name, 0, 0, 0);
  TRY(EnterEmptyRoot(report));
  TRY(CloseDescriptors(policy.keep, report));
  TRY(LowerLimits(report));
  TRY(DropPrivileges({}, report));
  TRY(RestrictByLandlock(report));
  TRY(FilterSystemCalls(ScannerFilter(), report));
  return Ok();
}

}  // namespace

Result<CageReport> Confine(const Policy& policy) {
  const Status bound = BindToExecutor();
  if (!bound.ok()) return WithContext(bound.error(), "cage");
  CageReport report;
  const Status status = PutOnLayers(policy, report);
  if (status.ok()) return report;
  Error error = status.error();
  if (error.code != Code::kInvalid) error.code = Code::kInternal;
  return WithContext(std::move(error), "cage");
}

}  // namespace vitrine::sandbox
