// SPDX-License-Identifier: Apache-2.0
#include "doorman/door.h"

#include <linux/capability.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/signalfd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <vector>

#include "base/system_error.h"
#include "doorman/backstage.h"
#include "doorman/listeners.h"
#include "doorman/pool_scanning.h"
#include "doorman/server.h"
#include "sandbox/service_cage.h"

namespace vitrine::doorman {
namespace {

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

// What the door can reach: any file, to be read where the peer may read it, and
// a folder for large streams.
Status EnterCage(const std::string& spool) {
  using enum sandbox::Place::Use;
  const sandbox::ServicePolicy policy = {
      sandbox::DoormanFilter(),
      {{"/", kRead}, {spool, kWrite}},
      {CAP_DAC_READ_SEARCH},
      sandbox::ServicePolicy::Namespaces::kStay};
#ifndef VITRINE_SANITIZED_BUILD
  const std::string missing =
      sandbox::MissingOf(TRY(sandbox::ConfineService(policy)));
  if (!missing.empty()) {
    std::fprintf(stderr, "vitrine-doorman: its cage is without %s\n",
                 missing.c_str());
  }
#else
  (void)policy;
#endif
  return Ok();
}

}  // namespace

Result<UniqueFd> TakeSignals() {
  signal(SIGPIPE, SIG_IGN);
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGHUP, SIGINT, SIGTERM}) sigaddset(&set, number);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  UniqueFd signals(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals) return Unavailable("signalfd");
  return signals;
}

Status ServeDoor(Invocation invocation, size_t sockets) {
  FitToDescriptors(invocation.settings);
  // Before there are threads: they inherit what is blocked.
  UniqueFd signals = TRY(TakeSignals());
  Backstage backstage{UniqueFd(kLaunchFd), UniqueFd(kDatabaseFd)};
  std::vector<Listener> listeners =
      TRY(AdoptListeners(kFirstListenerFd, sockets));
  TRY(EnterCage(invocation.settings.spool_folder));

  scan::PoolOptions pool;
  pool.program = invocation.scanner_program;
  pool.scanners = invocation.scanners;
  pool.bounds = invocation.bounds;
  pool.launch = [&](sandbox::LaunchOptions options) {
    return backstage.Launch(std::move(options));
  };
  const DatabaseSource source =
      DatabaseSource::Asked([&] { return backstage.OpenDatabase(); });
  const std::unique_ptr<PoolScanning> scanning = TRY(PoolScanning::Create(
      pool, source, invocation.options, invocation.require_full_cage));
  const std::unique_ptr<Server> server =
      TRY(Server::Create(invocation.settings, std::move(listeners),
                         std::move(signals), *scanning));
  backstage.TellReady();
  return server->Run();
}

}  // namespace vitrine::doorman
