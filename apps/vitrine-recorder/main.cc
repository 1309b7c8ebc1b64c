// SPDX-License-Identifier: Apache-2.0
// The recorder: reads what the other programs have put into their spools, and
// keeps it in the event store and in journald. It parses what less trusted
// programs wrote, so it shuts a cage behind itself and holds nothing of value
// but the events themselves.
#include <getopt.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <string>
#include <utility>
#include <vector>

#include "base/wall_clock.h"
#include "config/paths.h"
#include "config/reader.h"
#include "events/store/recorder.h"
#include "sandbox/service_cage.h"

namespace {

using namespace vitrine;  // NOLINT(google-build-using-namespace): a main.

// Between two looks at empty spools.
constexpr timespec kPause = {0, 200'000'000};

void Say(const std::string& message) {
  std::fprintf(stderr, "vitrine-recorder: %s\n", message.c_str());
}

// A damaged store is set aside: events to come matter more than a file that
// cannot be read, and a person may still mend it.
Result<events::EventStore> OpenStore(const std::string& path) {
  auto store = events::EventStore::Open(path, db::Mode::kReadWrite);
  if (store.ok() || store.error().code != Code::kInvalid) return store;
  const std::string aside = path + ".damaged-" + std::to_string(time(nullptr));
  Say(store.error().message + "; set aside as " + aside);
  rename(path.c_str(), aside.c_str());
  for (const char* suffix : {"-wal", "-shm"}) unlink((path + suffix).c_str());
  return events::EventStore::Open(path, db::Mode::kReadWrite);
}

// What it can reach from then on: spools, the store and journald. Writers make
// their own folders in that of the spools, so it must be there for them too.
Status EnterCage(const config::Paths& paths) {
  const std::string spool = paths.EventSpool();
  const std::string store = paths.EventStore();
  const std::string folder = store.substr(0, store.rfind('/'));
  mkdir(spool.c_str(), 0755);
  mkdir(folder.c_str(), 0750);
  using enum sandbox::Place::Use;
  // Spools belong to their writers: as root, or by that one capability, it
  // reads those of all. Who has neither reads by its group.
  std::vector<int> keep;
  if (geteuid() == 0 || prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET,
                              CAP_DAC_OVERRIDE, 0, 0) == 1) {
    keep.push_back(CAP_DAC_OVERRIDE);
  }
  const sandbox::ServicePolicy policy = {
      sandbox::RecorderFilter(),
      {{spool, kWrite}, {folder, kWrite}, {"/dev/urandom", kRead}},
      std::move(keep),
      sandbox::ServicePolicy::Namespaces::kLeave};
#ifndef VITRINE_SANITIZED_BUILD
  const std::string missing =
      sandbox::MissingOf(TRY(sandbox::ConfineService(policy)));
  if (!missing.empty()) Say("its cage is without " + missing);
#else
  (void)policy;
#endif
  return Ok();
}

constexpr char kUsage[] =
    "usage: vitrine-recorder [OPTION]...\n"
    "Takes events out of the programs' spools, into the store that `vitrine "
    "events` reads, and to journald.\n"
    "\n"
    "  --root DIR  an installation below DIR: DIR/etc/vitrine/vitrine.toml\n"
    "  --once      end when the spools are empty\n"
    "  --help\n";

enum class Until : uint8_t { kStopped, kEmpty };

Status Run(const std::string& root, Until until) {
  const config::Paths paths(root);
  const config::Config config = TRY(config::LoadConfig(paths, geteuid()));
  events::Recorder::Options options;
  options.spool = paths.EventSpool();
  if (config.events.journald) {
    options.journal = paths.root() + events::JournalSender::kSocket;
  }
  options.age_max_days = config.events.retention_days;
  options.bytes_max = uint64_t{config.events.max_size_mb} << 20;
  TRY(EnterCage(paths));
  events::Recorder recorder(options, TRY(OpenStore(paths.EventStore())));

  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  for (;;) {
    const auto taken = recorder.Round();
    if (!taken.ok()) Say(taken.error().message);
    const auto erased = recorder.RetainStep(UnixNowNs());
    if (!erased.ok()) Say(erased.error().message);
    const bool busy = (taken.ok() && taken.value() > 0) ||
                      (erased.ok() && erased.value() > 0);
    if (until == Until::kEmpty && !busy)
      return taken.ok() ? Ok() : taken.error();
    const timespec pause = busy ? timespec{} : kPause;
    if (sigtimedwait(&signals, nullptr, &pause) > 0) return Ok();
  }
}

}  // namespace

int main(int argc, char** argv) {
  const option kOptions[] = {{"root", required_argument, nullptr, 'r'},
                             {"once", no_argument, nullptr, '1'},
                             {"help", no_argument, nullptr, 'h'},
                             {nullptr, 0, nullptr, 0}};
  std::string root;
  Until until = Until::kStopped;
  for (int c; (c = getopt_long(argc, argv, "", kOptions, nullptr)) != -1;) {
    if (c == 'r') root = optarg;
    if (c == '1') until = Until::kEmpty;
    if (c == 'h' || c == '?') {
      std::fputs(kUsage, c == 'h' ? stdout : stderr);
      return c == 'h' ? 0 : 2;
    }
  }
  umask(0027);
  const Status status = Run(root, until);
  if (status.ok()) return 0;
  Say(status.error().message);
  return 1;
}
