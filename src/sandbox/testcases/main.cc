// SPDX-License-Identifier: Apache-2.0
// cage_testcase VERB
//   does what the verb says: verbs.cc.
// cage_testcase attempt NAME caged|unfiltered|outside
//   in the whole cage, in one without the filter, or in none: receives what it
//   is handed, does the legal neighbour ("works" on the channel), then tries to
//   escape. Exit status: 0 it got out, 1 refused (with errno on the channel).
#include <string.h>

#include <cerrno>
#include <string>
#include <string_view>

#include "sandbox/confine.h"
#include "sandbox/layers.h"
#include "sandbox/testcases/attempt.h"
#include "sandbox/testcases/talk.h"

namespace vitrine::sandbox {
namespace {

Status PutOnAllButTheFilter() {
  CageReport report;
  TRY(EnterEmptyRoot(report));
  TRY(CloseDescriptors({}, report));
  TRY(LowerLimits(report));
  TRY(DropPrivileges({}, report));
  TRY(RestrictByLandlock(report));
  return Ok();
}

bool Enter(std::string_view mode) {
  if (mode == "outside") return true;
  if (mode == "unfiltered") return PutOnAllButTheFilter().ok();
  return Confine({}).ok();
}

int Try(std::string_view name, std::string_view mode) {
  const Attempt* attempt = nullptr;
  ForEachAttempt([&](const Attempt& each) {
    if (name == each.name) attempt = &each;
  });
  if (attempt == nullptr || !Enter(mode)) return 2;
  const Handed handed = ReceiveHanded();
  if (!attempt->neighbour.run(handed)) {
    Send(std::string("legal, but refused: ") + strerror(errno));
    return 3;
  }
  if (!Send("works")) return 4;
  errno = 0;
  if (attempt->run(handed) != -1) return 0;
  Send(strerrorname_np(errno));
  return 1;
}

}  // namespace
}  // namespace vitrine::sandbox

int main(int argc, char** argv) {
  if (argc == 4) return vitrine::sandbox::Try(argv[2], argv[3]);
  return argc == 2 ? vitrine::sandbox::DoVerb(argv[1]) : 64;
}
