// SPDX-License-Identifier: Apache-2.0
// The on-access guard: a supervisor that starts itself again as the guard.
#include <cstdio>
#include <cstring>
#include <string>

#include "config/reader.h"
#include "guard/service.h"
#include "guard/supervisor.h"

namespace {

using namespace vitrine;  // NOLINT(google-build-using-namespace): a main.
using namespace vitrine::guard;  // NOLINT(google-build-using-namespace)

constexpr char kUsage[] =
    "usage: vitrine-guard [--root DIR]\n"
    "Watches every mount, and lets no file be opened in which a rule holds.\n"
    "Needs root. Configuration: DIR/etc/vitrine/vitrine.toml.\n";

int Complain(const Error& error) {
  std::fprintf(stderr, "vitrine-guard: %s\n", error.message.c_str());
  return 2;
}

int Supervise(const std::string& root) {
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
  auto supervisor = Supervisor::Create(std::move(options));
  if (!supervisor.ok()) return Complain(supervisor.error());
  return supervisor.value()->Run();
}

}  // namespace

int main(int argc, char** argv) {
  // The supervisor's own call; nobody else holds the descriptors for it.
  if (argc == 3 && std::strcmp(argv[1], "--guard") == 0) {
    return Service(config::Paths(argv[2])).Run();
  }
  if (argc == 1) return Supervise("");
  if (argc == 3 && std::strcmp(argv[1], "--root") == 0) {
    return Supervise(argv[2]);
  }
  const bool help = argc == 2 && std::strcmp(argv[1], "--help") == 0;
  std::fputs(kUsage, help ? stdout : stderr);
  return help ? 0 : 2;
}
