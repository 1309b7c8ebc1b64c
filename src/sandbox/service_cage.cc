// SPDX-License-Identifier: Apache-2.0
#include "sandbox/service_cage.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/single_threaded.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "base/system_error.h"
#include "base/unique_fd.h"

namespace vitrine::sandbox {
namespace {

// Whether there is one thread. The library's own word is "no" for ever after
// there were two.
bool IsAlone() {
  struct stat tasks;
  return __libc_single_threaded != 0 ||
         (stat("/proc/self/task", &tasks) == 0 && tasks.st_nlink == 3);
}

constexpr const char* kNotAService = "not a service's";

// Those that cost a service nothing: files and users stay as they are.
constexpr int kNamespaces = CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;

bool Put(const char* path, const std::string& text) {
  const UniqueFd file(open(path, O_WRONLY | O_CLOEXEC));
  return file && write(file.get(), text.data(), text.size()) ==
                     static_cast<ssize_t>(text.size());
}

// As root directly, else in a user namespace in which we are who we were. That
// would end capabilities over the machine's files: not for who keeps some.
bool LeaveNamespaces(bool keeps, CageReport& report) {
  const uid_t user = geteuid();
  const gid_t group = getegid();
  if (unshare(kNamespaces) == 0) return true;
  if (keeps || unshare(CLONE_NEWUSER | kNamespaces) != 0) return false;
  report.Set(Layer::kUserNamespace, State::kFull);
  const auto line = [](uint64_t id) {
    return std::to_string(id) + ' ' + std::to_string(id) + " 1";
  };
  return Put("/proc/self/setgroups", "deny") &&
         Put("/proc/self/uid_map", line(user)) &&
         Put("/proc/self/gid_map", line(group));
}

void Leave(const ServicePolicy& policy, CageReport& report) {
  const bool left = LeaveNamespaces(!policy.keep.empty(), report);
  const std::string refusal = left ? "" : ErrorText("unshare", errno);
  for (const Layer layer :
       {Layer::kNetworkNamespace, Layer::kIpcNamespace, Layer::kUtsNamespace}) {
    report.Set(layer, left ? State::kFull : State::kAbsent, refusal);
  }
}

}  // namespace

Result<CageReport> ConfineService(const ServicePolicy& policy) {
  if (!IsAlone()) {
    return Error{Code::kInternal, "a thread would stay outside of the cage"};
  }
  CageReport report;
  for (size_t i = 0; i < kLayerCount; ++i) {
    report.Set(static_cast<Layer>(i), State::kAbsent, kNotAService);
  }
  if (policy.namespaces == ServicePolicy::Namespaces::kLeave) {
    Leave(policy, report);
  }
  TRY(DropPrivileges(policy.keep, report));
  TRY(RestrictToPlaces(policy.places, policy.tcp, report));
  TRY(FilterSystemCalls(policy.calls, report));
  return report;
}

std::string MissingOf(const CageReport& service) {
  std::string missing;
  for (size_t i = 0; i < kLayerCount; ++i) {
    const auto layer = static_cast<Layer>(i);
    const CageReport::Row& row = service.row(layer);
    if (row.state == State::kFull || row.reason == kNotAService) continue;
    if (!missing.empty()) missing += ", ";
    missing += std::string(LayerName(layer)) + " (" + row.reason + ")";
  }
  return missing;
}

}  // namespace vitrine::sandbox
