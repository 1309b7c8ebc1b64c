// SPDX-License-Identifier: Apache-2.0
// The doorman: speaks clamd's protocol with local programs, and hands what they
// bring to caged scanners. It parses requests and no sample.
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "base/own_program.h"
#include "base/text.h"
#include "doorman/database_source.h"
#include "doorman/door.h"
#include "doorman/invocation.h"
#include "doorman/listeners.h"
#include "doorman/supervisor.h"

namespace {

using namespace vitrine;           // NOLINT(google-build-using-namespace)
using namespace vitrine::doorman;  // NOLINT(google-build-using-namespace)

void Complain(const Error& error) {
  std::fprintf(stderr, "vitrine-doorman: %s\n", error.message.c_str());
}

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

// The process that starts it, and everything that its cage forbids it to.
Result<int> Supervise(const Invocation& invocation,
                      std::vector<std::string> arguments) {
  UniqueFd signals = TRY(TakeSignals());
  std::vector<Listener> listeners = TRY(OpenListeners(invocation.settings));
  if (!invocation.user.empty()) TRY(Become(invocation.user));
  if (geteuid() == 0) {
    std::fputs("vitrine-doorman: runs as root; --user NAME is safer\n", stderr);
  }
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  arguments.insert(arguments.begin(), "vitrine-doorman: door");
  Supervisor::Options options;
  options.arguments = std::move(arguments);
  options.scanner_program = invocation.scanner_program;
  // Those that serve, a standby, and while the database changes as many again.
  options.scanners_max = 2 * (invocation.scanners + 1);
  options.bounds = invocation.bounds;
  options.database =
      invocation.rules.empty()
          ? DatabaseSource::File(invocation.database)
          : DatabaseSource::Rules(invocation.rules, invocation.vitrine_program,
                                  invocation.settings.spool_folder);
  return Supervisor(std::move(options), std::move(listeners),
                    std::move(signals))
      .Run();
}

Result<int> Run(std::vector<std::string> arguments) {
  // The supervisor's own call; nobody else holds the descriptors for it.
  std::optional<uint64_t> sockets;
  if (arguments.size() >= 2 && arguments[0] == "--door") {
    sockets = ParseDecimal(arguments[1]);
    arguments.erase(arguments.begin(), arguments.begin() + 2);
  }
  const auto read = ReadInvocation(arguments, OwnFolder());
  if (!read.ok()) {
    Complain(read.error());
    return 2;
  }
  const Invocation& invocation = read.value();
  switch (invocation.show) {
    case Invocation::Show::kHelp:
      std::fputs(kUsage, stdout);
      return 0;
    case Invocation::Show::kVersion:
      std::puts("vitrine-doorman " VITRINE_VERSION);
      return 0;
    case Invocation::Show::kNothing:
      break;
  }
  if (sockets) {
    TRY(ServeDoor(invocation, *sockets));
    return 0;
  }
  return Supervise(invocation, std::move(arguments));
}

}  // namespace

int main(int argc, char** argv) {
  const Result<int> status = Run({argv + (argc > 0 ? 1 : 0), argv + argc});
  if (status.ok()) return status.value();
  Complain(status.error());
  return 1;
}
