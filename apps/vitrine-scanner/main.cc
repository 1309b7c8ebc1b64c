// SPDX-License-Identifier: Apache-2.0
// The scanner: reads hostile files and can do nothing else. It is started with
// a channel, prepares what needs the rights it still has, gives them all up,
// and only then looks at the first byte of a database or a sample.
// ARCHITECTURE.md has the picture.
#include <cstdio>

#include "base/unique_fd.h"
#include "sandbox/confine.h"
#include "scanner/cage.h"
#include "scanner/service.h"
#include "wire/channel.h"

namespace {

using namespace vitrine;  // NOLINT(google-build-using-namespace): a main.

Status Run() {
  const wire::Channel supervisor{UniqueFd(sandbox::kChannel)};
  const std::string cage = TRY(scanner::EnterCage());
  // No files, no network, no processes from here on.
  return scanner::Service(supervisor).Run(cage);
}

}  // namespace

int main() {
  const Status status = Run();
  if (status.ok()) return 0;
  std::fprintf(stderr, "vitrine-scanner: %s\n", status.error().message.c_str());
  return 1;
}
