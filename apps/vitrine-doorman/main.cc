// SPDX-License-Identifier: Apache-2.0
// The doorman: speaks clamd's protocol with local programs, and hands what they
// bring to caged scanners. It parses requests and no sample.
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "base/notify_service.h"
#include "base/own_program.h"
#include "doorman/database_source.h"
#include "doorman/invocation.h"
#include "doorman/listeners.h"
#include "doorman/pool_scanning.h"
#include "doorman/server.h"

namespace {

using namespace vitrine;           // NOLINT(google-build-using-namespace)
using namespace vitrine::doorman;  // NOLINT(google-build-using-namespace)

Error Errno(const std::string& what) {
  return {Code::kDenied, what + ": " + strerror(errno)};
}

// For good: everything that needs the old user is open already.
Status Become(const std::string& name) {
  const passwd* user = getpwnam(name.c_str());
  if (user == nullptr) return Error{Code::kNotFound, "no user " + name};
  if (initgroups(name.c_str(), user->pw_gid) != 0 ||
      setresgid(user->pw_gid, user->pw_gid, user->pw_gid) != 0 ||
      setresuid(user->pw_uid, user->pw_uid, user->pw_uid) != 0) {
    return Errno("becoming " + name);
  }
  return Ok();
}

// As many descriptors as we may have, and no more connections than these are
// for: one each, one for its sample, some for ourselves.
void FitToDescriptors(Settings& settings) {
  constexpr rlim_t kOurs = 200;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  const rlim_t most = limit.rlim_cur > 2 * kOurs ? limit.rlim_cur - kOurs : 2;
  settings.max_connections =
      std::min<size_t>(settings.max_connections, most / 2);
}

Result<UniqueFd> TakeSignals() {
  signal(SIGPIPE, SIG_IGN);
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGHUP, SIGINT, SIGTERM}) sigaddset(&set, number);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  UniqueFd signals(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals) return Errno("signalfd");
  return signals;
}

Status Serve(Invocation invocation) {
  FitToDescriptors(invocation.settings);
  // Before there are threads: they inherit what is blocked.
  UniqueFd signals = TRY(TakeSignals());
  std::vector<Listener> listeners = TRY(OpenListeners(invocation.settings));
  if (!invocation.user.empty()) TRY(Become(invocation.user));
  if (geteuid() == 0) {
    std::fputs("vitrine-doorman: runs as root; --user NAME is safer\n", stderr);
  }
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);

  scan::PoolOptions pool;
  pool.program = invocation.scanner_program;
  pool.scanners = invocation.scanners;
  pool.bounds = invocation.bounds;
  const DatabaseSource source =
      invocation.rules.empty()
          ? DatabaseSource::File(invocation.database)
          : DatabaseSource::Rules(invocation.rules, invocation.vitrine_program,
                                  invocation.settings.spool_folder);
  const std::unique_ptr<PoolScanning> scanning = TRY(PoolScanning::Create(
      pool, source, invocation.options, invocation.require_full_cage));
  const std::unique_ptr<Server> server =
      TRY(Server::Create(invocation.settings, std::move(listeners),
                         std::move(signals), *scanning));
  NotifyService("READY=1");
  const Status status = server->Run();
  NotifyService("STOPPING=1");
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0),
                                           argv + argc);
  const Result<Invocation> invocation = ReadInvocation(arguments, OwnFolder());
  if (!invocation.ok()) {
    std::fprintf(stderr, "vitrine-doorman: %s\n",
                 invocation.error().message.c_str());
    return 2;
  }
  if (invocation.value().show == Invocation::Show::kHelp) {
    std::fputs(kUsage, stdout);
    return 0;
  }
  if (invocation.value().show == Invocation::Show::kVersion) {
    std::puts("vitrine-doorman " VITRINE_VERSION);
    return 0;
  }
  const Status status = Serve(invocation.value());
  if (status.ok()) return 0;
  std::fprintf(stderr, "vitrine-doorman: %s\n", status.error().message.c_str());
  return 1;
}
