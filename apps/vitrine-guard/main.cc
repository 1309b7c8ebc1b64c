// SPDX-License-Identifier: Apache-2.0
// The on-access guard: a supervisor that starts itself again as the guard.
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "config/reader.h"
#include "control/control.h"
#include "guard/service.h"
#include "guard/supervisor.h"

namespace {

using namespace vitrine;  // NOLINT(google-build-using-namespace): a main.
using namespace vitrine::guard;  // NOLINT(google-build-using-namespace)

constexpr char kUsage[] =
    "usage: vitrine-guard [--root DIR]\n"
    "Watches every mount, and lets no file be opened in which a rule holds.\n"
    "Needs root.\n"
    "\n"
    "  --root DIR  an installation below DIR: DIR/etc/vitrine/vitrine.toml\n"
    "  --help\n";

int Complain(const Error& error) {
  std::fprintf(stderr, "vitrine-guard: %s\n", error.message.c_str());
  return 2;
}

enum class Start : uint8_t { kByHand, kByTheGuard };

Result<std::unique_ptr<Supervisor>> Make(Supervisor::Options options,
                                         const config::Paths& paths,
                                         Start start) {
  if (start == Start::kByTheGuard) {
    return Supervisor::StandIn(std::move(options));
  }
  // One whose supervisor was killed goes on, and is ours from now on.
  if (const auto guard = control::ListenerAt(paths.GuardSocket())) {
    return Supervisor::TakeOver(std::move(options), *guard);
  }
  return Supervisor::Create(std::move(options));
}

int Supervise(const std::string& root, Start start) {
  const config::Paths paths(root);
  // Mistakes are told before anything is begun.
  const auto config = config::LoadConfig(paths, getuid());
  if (!config.ok()) return Complain(config.error());
  const Status made = MakeFolders(paths);
  if (!made.ok()) return Complain(made.error());
  auto sink = SpoolSink::Open(paths, "guard");
  if (!sink.ok()) return Complain(sink.error());
  Supervisor::Options options;
  options.program = "/proc/self/exe";
  options.arguments = {"vitrine-guard: guard", "--guard", root};
  options.excluded = OwnPlaces(paths, ScannerProgram());
  options.sink = sink.value().get();
  auto supervisor = Make(std::move(options), paths, start);
  if (!supervisor.ok()) return Complain(supervisor.error());
  return supervisor.value()->Run();
}

}  // namespace

int main(int argc, char** argv) {
  // Their own calls of each other; nobody else holds the descriptors for it.
  if (argc == 3 && std::strcmp(argv[1], "--guard") == 0) {
    return Service(config::Paths(argv[2])).Run();
  }
  if (argc == 3 && std::strcmp(argv[1], "--stand-in") == 0) {
    return Supervise(argv[2], Start::kByTheGuard);
  }
  if (argc == 1) return Supervise("", Start::kByHand);
  if (argc == 3 && std::strcmp(argv[1], "--root") == 0) {
    return Supervise(argv[2], Start::kByHand);
  }
  const bool help = argc == 2 && std::strcmp(argv[1], "--help") == 0;
  std::fputs(kUsage, help ? stdout : stderr);
  return help ? 0 : 2;
}
