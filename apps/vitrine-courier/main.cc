// SPDX-License-Identifier: Apache-2.0
// The courier: the one program that talks to the network. It fetches the files
// that it is asked for on its standard input, lays them into its folder, and
// says so on its standard output. It holds no power, reads no sample, and
// writes down what it sends before it sends it.
#include <getopt.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <thread>

#include "config/reader.h"
#include "courier/jobs.h"
#include "courier/ledger_log.h"
#include "courier/prepare.h"
#include "sandbox/service_cage.h"

namespace {

using namespace vitrine;  // NOLINT(google-build-using-namespace): a main.

constexpr char kUsage[] =
    "usage: vitrine-courier [--root DIR] [--user NAME]\n"
    "Fetches what jobs on stdin ask for: docs/spec/courier.md.\n"
    "\n"
    "  --root DIR   an installation below DIR: DIR/etc/vitrine/vitrine.toml\n"
    "  --user NAME  whom root becomes; else _vitrine-courier\n"
    "  --help\n";

void Say(const std::string& message) {
  std::fprintf(stderr, "vitrine-courier: %s\n", message.c_str());
}

Status Run(const std::string& root, const std::string& user) {
  const config::Paths paths(root);
  const config::Config config = TRY(config::LoadConfig(paths, geteuid()));
  const config::UpdateConfig& update = config.update;
  TRY(courier::TakePlace(paths, user));

  const auto ledger = TRY(ledger::Ledger::Open({.folder = paths.Ledger()}));
  courier::LedgerLog log(*ledger, "update");
  http::ClientOptions options;
  options.proxy = update.proxy;
  options.authorities = update.authorities;
  const auto client = TRY(http::MakeClient(options, log));
  courier::Staging staging = TRY(courier::Staging::Open(paths.Staging()));
  courier::Courier courier = TRY(courier::Courier::Create(
      update, *client, staging, [](std::chrono::milliseconds time) {
        std::this_thread::sleep_for(time);
      }));

  courier::LoadNameServices();
  const auto cage =
      TRY(sandbox::ConfineService({sandbox::CourierFilter(),
                                   courier::Places(paths, update.authorities),
                                   {},
                                   sandbox::ServicePolicy::Namespaces::kStay,
                                   sandbox::Tcp::kConnect}));
  const std::string missing = sandbox::MissingOf(cage);
  if (!missing.empty()) Say("done without: " + missing);
  return courier::ServeJobs(STDIN_FILENO, STDOUT_FILENO, courier);
}

}  // namespace

int main(int argc, char** argv) {
  const option kOptions[] = {{"root", required_argument, nullptr, 'r'},
                             {"user", required_argument, nullptr, 'u'},
                             {"help", no_argument, nullptr, 'h'},
                             {nullptr, 0, nullptr, 0}};
  std::string root;
  std::string user;
  for (int c; (c = getopt_long(argc, argv, "", kOptions, nullptr)) != -1;) {
    if (c == 'r') root = optarg;
    if (c == 'u') user = optarg;
    if (c == 'h') return std::fputs(kUsage, stdout) < 0 ? 1 : 0;
    if (c == '?') return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  umask(0027);
  const Status status = Run(root, user);
  if (status.ok()) return 0;
  Say(status.error().message);
  return 1;
}
