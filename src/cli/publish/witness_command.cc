// SPDX-License-Identifier: Apache-2.0
// vitrine-publish witness: a daemon that cosigns logs.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <thread>

#include "base/notify_service.h"
#include "base/private_file.h"
#include "base/read_file.h"
#include "base/text.h"
#include "cli/publish/commands.h"
#include "cli/publish/report.h"
#include "crypto/signature.h"
#include "http/server.h"
#include "publisher/witness/limits.h"
#include "publisher/witness/watched_logs.h"
#include "publisher/witness/witness.h"
#include "tlog/limits.h"

namespace vitrine::cli::publish {
namespace {

struct Arguments {
  std::string folder;
  std::string key;
  std::string name;
  std::string logs;
  std::string listen = "127.0.0.1:7380";
  std::string prefix;
  std::string certificate;
  std::string tls_key;
  bool make_key = false;
  bool show_key = false;
};

Result<tlog::NoteSigner> ReadKey(const Arguments& arguments) {
  const ByteVector pem =
      TRY(ReadPrivateFile(arguments.key, crypto::kKeySizeMax));
  auto key = crypto::PrivateKey::FromPem(AsText(pem));
  if (!key.ok()) return WithContext(key.error(), arguments.key);
  return tlog::NoteSigner::Make(arguments.name, tlog::KeyKind::kWitness,
                                std::move(key).value());
}

Status MakeKey(const std::string& path) {
  const auto key =
      crypto::PrivateKey::Generate(crypto::SignatureScheme::kEd25519);
  return WritePrivateFile(path, AsBytes(key.Pem()));
}

Result<http::ServerOptions> ServerOptionsOf(const Arguments& arguments) {
  http::ServerOptions options;
  const size_t colon = arguments.listen.rfind(':');
  const auto port =
      ParseDecimal(colon == std::string::npos
                       ? std::string_view()
                       : std::string_view(arguments.listen).substr(colon + 1));
  if (!port || *port > 65535) {
    return Error{Code::kInvalid, "--listen: write ADDRESS:PORT"};
  }
  options.address = arguments.listen.substr(0, colon);
  if (options.address.starts_with('[') && options.address.ends_with(']')) {
    options.address = options.address.substr(1, options.address.size() - 2);
  }
  options.port = static_cast<uint16_t>(*port);
  options.certificate = arguments.certificate;
  options.key = arguments.tls_key;
  options.body_max = tlog::kAddCheckpointBytesMax;
  return options;
}

Status Serve(const Arguments& arguments) {
  const auto logs = ReadTextFile(arguments.logs, publisher::kLogsFileMax);
  if (!logs.ok()) return logs.error();
  auto watched = publisher::ParseWatchedLogs(logs.value());
  if (!watched.ok()) return WithContext(watched.error(), arguments.logs);
  auto signer = TRY(ReadKey(arguments));
  const http::ServerOptions options = TRY(ServerOptionsOf(arguments));
  const auto witness = TRY(publisher::Witness::Open(
      {arguments.folder}, std::move(signer), std::move(watched).value()));
  const auto server = TRY(http::Server::Create(options));
  TRY(publisher::AttachWitness(*witness, arguments.prefix, *server));

  // Before there is another thread, so that only the one below is asked.
  sigset_t ends;
  sigemptyset(&ends);
  for (const int number : {SIGINT, SIGTERM}) sigaddset(&ends, number);
  sigprocmask(SIG_BLOCK, &ends, nullptr);
  signal(SIGPIPE, SIG_IGN);
  std::printf("listening on port %u\n", server->port());
  std::fflush(stdout);
  NotifyService("READY=1");
  std::jthread stopper([&] {
    int number = 0;
    sigwait(&ends, &number);
    server->Stop();
  });
  server->Run();
  return Ok();
}

int RunWitness(const Arguments& arguments) {
  if (arguments.make_key) {
    const Status made = MakeKey(arguments.key);
    if (!made.ok()) return Failed(made.error());
  }
  if (arguments.make_key || arguments.show_key) {
    const auto signer = ReadKey(arguments);
    if (!signer.ok()) return Failed(signer.error());
    std::puts(signer.value().verifier().Text().c_str());
    return 0;
  }
  if (arguments.folder.empty() || arguments.logs.empty()) {
    std::fputs("vitrine-publish: --folder and --logs are needed\n", stderr);
    return 2;
  }
  const Status served = Serve(arguments);
  return served.ok() ? 0 : Failed(served.error());
}

}  // namespace

void DeclareWitness(CLI::App& app, Run& run) {
  auto& command = *app.add_subcommand(
      "witness", "Cosign logs: a daemon that speaks tlog-witness");
  const auto arguments = std::make_shared<Arguments>();
  command
      .add_option("--key", arguments->key,
                  "The private key (PKCS #8, PEM, Ed25519)")
      ->type_name("FILE")
      ->required();
  command
      .add_option("--name", arguments->name,
                  "The key's name: a URL without "
                  "its scheme, yours")
      ->type_name("NAME")
      ->required();
  command.add_flag("--make-key", arguments->make_key,
                   "Make the key, print its public half and end");
  command.add_flag("--show-key", arguments->show_key,
                   "Print the key's public half and end");
  command
      .add_option("--folder", arguments->folder,
                  "What was cosigned is kept here; never bring an older copy "
                  "back")
      ->type_name("DIR");
  command
      .add_option("--logs", arguments->logs,
                  "The logs to cosign: \"VKEY [ORIGIN]\" a line")
      ->type_name("FILE");
  command.add_option("--listen", arguments->listen, "Where to; port 0 is any")
      ->type_name("ADDRESS:PORT")
      ->capture_default_str();
  command
      .add_option("--prefix", arguments->prefix,
                  "Before the paths, as /witness")
      ->type_name("PATH");
  command
      .add_option("--certificate", arguments->certificate,
                  "For TLS; else put it behind a server that speaks it")
      ->type_name("FILE");
  command.add_option("--certificate-key", arguments->tls_key, "For TLS")
      ->type_name("FILE");
  command.callback([&run, arguments] {
    run = [arguments] { return RunWitness(*arguments); };
  });
}

}  // namespace vitrine::cli::publish
