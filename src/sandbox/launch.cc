// SPDX-License-Identifier: Apache-2.0
#include "sandbox/launch.h"

#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <utility>

#include "base/system_error.h"
#include "sandbox/cgroup.h"
#include "sandbox/child.h"
#include "sandbox/limits.h"

namespace vitrine::sandbox {
namespace {

constexpr const char* kScannerUser = "_vitrine-scan";
constexpr Identity kNobody = {65534, 65534};

struct NamespaceRow {
  Layer layer;
  uint64_t flag;
};
constexpr NamespaceRow kNamespaces[] = {
    {Layer::kUserNamespace, CLONE_NEWUSER},
    {Layer::kPidNamespace, CLONE_NEWPID},
    {Layer::kNetworkNamespace, CLONE_NEWNET},
    {Layer::kMountNamespace, CLONE_NEWNS},
    {Layer::kIpcNamespace, CLONE_NEWIPC},
    {Layer::kUtsNamespace, CLONE_NEWUTS},
    {Layer::kCgroupNamespace, CLONE_NEWCGROUP},
};

constexpr uint64_t kAllNamespaces = CLONE_NEWUSER | CLONE_NEWPID |
                                    CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWIPC |
                                    CLONE_NEWUTS | CLONE_NEWCGROUP;

// One way to start the child; the better ones are tried first.
struct Attempt {
  uint64_t namespaces;
  bool become;  // Another identity, which only root can.
};
constexpr Attempt kRootAttempts[] = {
    {kAllNamespaces, true},
    {kAllNamespaces & ~uint64_t{CLONE_NEWUSER}, true},
    {kAllNamespaces, false},
    {kAllNamespaces & ~uint64_t{CLONE_NEWUSER}, false},
    {0, true},
    {0, false},
};
constexpr Attempt kUserAttempts[] = {
    {kAllNamespaces, false},
    {kAllNamespaces & ~uint64_t{CLONE_NEWNET}, false},
    {0, false},
};

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

Result<Pipe> MakePipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return SystemError("pipe", errno);
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Status WriteFile(const std::string& path, const std::string& text) {
  const UniqueFd file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file) return SystemError(path.c_str(), errno);
  if (write(file.get(), text.data(), text.size()) !=
      static_cast<ssize_t>(text.size())) {
    return SystemError(path.c_str(), errno);
  }
  return Ok();
}

// The child is root in its namespace, which is `outside` to everybody else.
Status MapIdentity(pid_t pid, Identity outside, bool may_set_groups) {
  const std::string folder = "/proc/" + std::to_string(pid);
  if (!may_set_groups) TRY(WriteFile(folder + "/setgroups", "deny"));
  TRY(WriteFile(folder + "/uid_map",
                "0 " + std::to_string(outside.user) + " 1"));
  TRY(WriteFile(folder + "/gid_map",
                "0 " + std::to_string(outside.group) + " 1"));
  return Ok();
}

// What the child says before it becomes the program: why it cannot, or
// nothing, which is failure number 0.
Result<ChildFailure> AwaitProgram(int failures) {
  pollfd said = {failures, POLLIN, 0};
  const auto timeout =
      std::chrono::duration_cast<std::chrono::milliseconds>(kLaunchTimeout);
  int ready;
  do {
    ready = poll(&said, 1, static_cast<int>(timeout.count()));
  } while (ready < 0 && errno == EINTR);
  if (ready < 0) return SystemError("poll", errno);
  if (ready == 0) {
    return Error{Code::kDeadline, "the program has not started in time"};
  }
  ChildFailure failure = {};
  const ssize_t got = read(failures, &failure, sizeof failure);
  if (got != 0 && got != sizeof failure) return SystemError("read", errno);
  return failure;
}

CageReport ReportOf(const Attempt& attempt, const std::string& refusal,
                    bool root) {
  CageReport report;
  for (const NamespaceRow& row : kNamespaces) {
    if ((attempt.namespaces & row.flag) != 0) {
      report.Set(row.layer, State::kFull);
    } else {
      report.Set(row.layer, State::kAbsent, refusal);
    }
  }
  if (attempt.become) {
    report.Set(Layer::kIdentity, State::kFull);
  } else if (root) {
    report.Set(Layer::kIdentity, State::kAbsent, refusal);
  } else {
    report.Set(Layer::kIdentity, State::kPartial,
               "only root can give it a user of its own");
  }
  report.Set(Layer::kEnvironment, State::kFull);
  return report;
}

void JoinCgroup(const Cgroup* cgroup, Sandboxee& sandboxee) {
  CageReport& report = sandboxee.report();
  if (cgroup == nullptr) {
    report.Set(Layer::kCgroup, State::kAbsent, "not asked for");
    return;
  }
  const Status joined = cgroup->Add(sandboxee.pid());
  if (!joined.ok()) {
    report.Set(Layer::kCgroup, State::kAbsent, joined.error().message);
  } else if (cgroup->missing().empty()) {
    report.Set(Layer::kCgroup, State::kFull);
  } else {
    report.Set(Layer::kCgroup, State::kPartial,
               "without bounds for " + cgroup->missing());
  }
}

// Everything of a launch that does not depend on the attempt.
struct Prepared {
  UniqueFd program;
  UniqueFd null;
  std::vector<char*> arguments;
  Identity identity;
  bool root;
};

Result<Prepared> Prepare(LaunchOptions& options) {
  Prepared prepared;
  if (options.arguments.empty() || options.arguments.size() > kArgumentsMax) {
    return Error{Code::kInvalid, "arguments of a sandboxee"};
  }
  if (!options.channel) return Error{Code::kInvalid, "no channel"};
  prepared.program.Reset(open(options.program.c_str(), O_PATH | O_CLOEXEC));
  if (!prepared.program) return SystemError(options.program.c_str(), errno);
  prepared.null.Reset(open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!prepared.null) return SystemError("/dev/null", errno);
  for (std::string& argument : options.arguments) {
    prepared.arguments.push_back(argument.data());
  }
  prepared.arguments.push_back(nullptr);
  prepared.root = geteuid() == 0;
  prepared.identity = !prepared.root     ? Identity{geteuid(), getegid()}
                      : options.identity ? *options.identity
                                         : ScannerIdentity();
  return prepared;
}

// What happened to one attempt.
struct Start {
  // The process, or nothing where this attempt cannot work here.
  std::optional<Sandboxee> sandboxee;
  std::string refusal;
};

// An error: no attempt can work.
Result<Start> Try(const Attempt& attempt, const LaunchOptions& options,
                  const Prepared& prepared, const std::string& refusal) {
  Pipe go = TRY(MakePipe());
  Pipe failures = TRY(MakePipe());
  const bool user_namespace = (attempt.namespaces & CLONE_NEWUSER) != 0;
  const ChildPlan plan = {
      .program = prepared.program.get(),
      .arguments = prepared.arguments.data(),
      .channel = options.channel.get(),
      .error_output = options.error_output,
      .null = prepared.null.get(),
      .go = go.read.get(),
      .go_write = go.write.get(),
      .failures = failures.write.get(),
      .limits = options.limits,
      .become = attempt.become,
      .identity = user_namespace ? Identity{0, 0} : prepared.identity,
      .keep_mount_rights =
          !user_namespace && (attempt.namespaces & CLONE_NEWNS) != 0,
  };
  const Result<Child> child = StartChild(attempt.namespaces, plan);
  if (!child.ok()) return Start{std::nullopt, child.error().message};
  Sandboxee sandboxee(child.value().pid, UniqueFd(child.value().pidfd),
                      ReportOf(attempt, refusal, prepared.root));
  go.read.Reset();
  failures.write.Reset();
  if (user_namespace) {
    const Identity outside = attempt.become || !prepared.root
                                 ? prepared.identity
                                 : Identity{geteuid(), getegid()};
    const Status mapped =
        MapIdentity(child.value().pid, outside, attempt.become);
    if (!mapped.ok()) return Start{std::nullopt, mapped.error().message};
  }
  JoinCgroup(options.cgroup, sandboxee);
  const char now = 1;
  if (write(go.write.get(), &now, 1) != 1) return SystemError("write", errno);
  const ChildFailure failure = TRY(AwaitProgram(failures.read.get()));
  if (failure.number == 0) return Start{std::move(sandboxee), {}};
  const Error error = SystemError(ChildStepName(failure.step), failure.number);
  // That user may not exist in the container that we are in.
  if (failure.step == ChildStep::kIdentity) {
    return Start{std::nullopt, error.message};
  }
  return error;
}

}  // namespace

Identity ScannerIdentity() {
  char buffer[4096];
  passwd entry;
  passwd* found = nullptr;
  if (getpwnam_r(kScannerUser, &entry, buffer, sizeof buffer, &found) != 0 ||
      found == nullptr) {
    return kNobody;
  }
  return {found->pw_uid, found->pw_gid};
}

Result<Sandboxee> Launch(LaunchOptions options) {
  const Prepared prepared = TRY(Prepare(options));
  const std::span<const Attempt> attempts =
      prepared.root ? std::span<const Attempt>(kRootAttempts)
                    : std::span<const Attempt>(kUserAttempts);
  std::string refusal;
  for (const Attempt& attempt : attempts) {
    Start start = TRY(Try(attempt, options, prepared, refusal));
    if (start.sandboxee) {
      Sandboxee sandboxee = std::move(*start.sandboxee);
      return sandboxee;
    }
    if (refusal.empty()) refusal = start.refusal;
  }
  return Error{Code::kUnavailable, refusal};
}

}  // namespace vitrine::sandbox
