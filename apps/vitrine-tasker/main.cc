// SPDX-License-Identifier: Apache-2.0
// Runs the tasks of the configuration: opens files and copies memory for caged
// scanners, and parses neither.
#include <cstdio>
#include <cstring>

#include "tasks/service.h"

namespace {

constexpr char kUsage[] =
    "usage: vitrine-tasker [--root DIR]\n"
    "Scans files and memory when the tasks of the configuration say so.\n"
    "\n"
    "  --root DIR  an installation below DIR: DIR/etc/vitrine/vitrine.toml\n"
    "  --help\n";

}  // namespace

int main(int argc, char** argv) {
  using vitrine::config::Paths;
  using vitrine::tasks::Service;
  if (argc == 1) return Service(Paths()).Run();
  if (argc == 3 && std::strcmp(argv[1], "--root") == 0) {
    return Service(Paths(argv[2])).Run();
  }
  const bool help = argc == 2 && std::strcmp(argv[1], "--help") == 0;
  std::fputs(kUsage, help ? stdout : stderr);
  return help ? 0 : 2;
}
