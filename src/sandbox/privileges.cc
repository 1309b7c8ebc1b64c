// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/securebits.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <iterator>
#include <vector>

#include "base/system_error.h"
#include "sandbox/confine.h"
#include "sandbox/filter.h"
#include "sandbox/layers.h"
#include "sandbox/limits.h"

// Linux 6.3; Debian 12's headers are older.
#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif

namespace vitrine::sandbox {
namespace {

// What nothing in a cage has a use for. RLIMIT_FSIZE bounds regular files
// alone: sockets, pipes and terminals are not concerned.
constexpr int kForbiddenResources[] = {
    RLIMIT_CORE,     RLIMIT_FSIZE,      RLIMIT_NPROC,  RLIMIT_MEMLOCK,
    RLIMIT_MSGQUEUE, RLIMIT_SIGPENDING, RLIMIT_RTPRIO, RLIMIT_LOCKS};

constexpr unsigned long kSecureBits =
    SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
    SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED |
    SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;

Status CloseRange(unsigned first, unsigned last) {
  if (first > last) return Ok();
  if (syscall(SYS_close_range, first, last, 0) != 0) {
    return SystemError("close_range", errno);
  }
  return Ok();
}

using CapabilitySets = __user_cap_data_struct[_LINUX_CAPABILITY_U32S_3];

bool Same(const CapabilitySets& a, const CapabilitySets& b) {
  return std::equal(std::begin(a), std::end(a), std::begin(b),
                    [](const auto& x, const auto& y) {
                      return x.effective == y.effective &&
                             x.permitted == y.permitted &&
                             x.inheritable == y.inheritable;
                    });
}

}  // namespace

Status DropCapabilities(std::span<const int> keep) {
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  CapabilitySets held = {};
  CapabilitySets sets = {};
  if (syscall(SYS_capget, &header, held) != 0) {
    return SystemError("capget", errno);
  }
  for (const int number : keep) {
    const auto set = static_cast<size_t>(number) / 32;
    const uint32_t bit = uint32_t{1} << (number % 32);
    sets[set].permitted |= held[set].permitted & bit;
    sets[set].effective = sets[set].permitted;
  }
  // Without the call where there is nothing to drop: a service manager's
  // filter may forbid it.
  if (Same(held, sets)) return Ok();
  if (syscall(SYS_capset, &header, sets) != 0) {
    return SystemError("capset", errno);
  }
  if (syscall(SYS_capget, &header, held) != 0) {
    return SystemError("capget", errno);
  }
  if (!Same(held, sets)) {
    return Error{Code::kInternal, "capabilities are left"};
  }
  return Ok();
}

bool LimitBoundingSet(std::span<const int> keep) {
  bool limited = true;
  for (int i = 0; i < kCapabilityMax; ++i) {
    const int present = prctl(PR_CAPBSET_READ, i, 0, 0, 0);
    if (present < 0) break;
    if (present == 0 || std::find(keep.begin(), keep.end(), i) != keep.end()) {
      continue;
    }
    if (prctl(PR_CAPBSET_DROP, i, 0, 0, 0) != 0) limited = false;
  }
  return limited;
}

Status CloseDescriptors(std::span<const int> keep, CageReport& report) {
  std::vector<int> kept(keep.begin(), keep.end());
  std::sort(kept.begin(), kept.end());
  unsigned next = kChannel + 1;
  for (const int fd : kept) {
    if (fd < 0 || fcntl(fd, F_GETFD) < 0) {
      return Error{Code::kInvalid,
                   "descriptor " + std::to_string(fd) + " is not open"};
    }
    const auto number = static_cast<unsigned>(fd);
    if (number < next) continue;
    if (number > next) TRY(CloseRange(next, number - 1));
    next = number + 1;
  }
  TRY(CloseRange(next, UINT_MAX));
  report.Set(Layer::kDescriptors, State::kFull);
  return Ok();
}

Status LowerLimits(CageReport& report) {
  const rlimit none = {0, 0};
  for (const int resource : kForbiddenResources) {
    if (setrlimit(static_cast<__rlimit_resource>(resource), &none) != 0) {
      return SystemError("setrlimit", errno);
    }
  }
  // A message that goes to a regular file is lost, not deadly.
  signal(SIGXFSZ, SIG_IGN);
  report.Set(Layer::kLimits, State::kFull);
  return Ok();
}

Status DropPrivileges(std::span<const int> keep, CageReport& report) {
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
    return SystemError("prctl dumpable", errno);
  }
  report.Set(Layer::kUndumpable, State::kFull);

  // Need a capability to be set; where that is gone, so are those that they are
  // about, if the bounding set is empty.
  prctl(PR_SET_SECUREBITS, kSecureBits, 0, 0, 0);
  const bool bounded = LimitBoundingSet({});
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  TRY(DropCapabilities(keep));
  if (bounded) {
    report.Set(Layer::kCapabilities, State::kFull);
  } else {
    report.Set(Layer::kCapabilities, State::kPartial,
               "none held, but the bounding set could not be emptied");
  }

  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return SystemError("prctl no_new_privs", errno);
  }
  report.Set(Layer::kNoNewPrivileges, State::kFull);
  // A second lock on what the filter forbids too; not every kernel has it.
  prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0);
  return Ok();
}

Status FilterSystemCalls(const FilterTable& table, CageReport& report) {
  if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0) {
    report.Set(Layer::kSystemCalls, State::kAbsent,
               ErrorText("prctl seccomp", errno));
    return Ok();
  }
  TRY(LoadFilter(table));
  report.Set(Layer::kSystemCalls, State::kFull,
             std::to_string(table.rules.size()) + " rules");
  return Ok();
}

}  // namespace vitrine::sandbox
