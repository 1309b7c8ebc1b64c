// SPDX-License-Identifier: Apache-2.0
#include "doorman/invocation.h"

#include <unistd.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string_view>
#include <thread>
#include <utility>

#include "base/own_program.h"
#include "base/text.h"
#include "config/reader.h"

namespace vitrine::doorman {

const char kUsage[] =
    R"(usage: vitrine-doorman [OPTION]...
Speaks clamd's protocol; samples go to caged scanners.

  --root DIR                    an installation below DIR; its vitrine.toml is
                                read first, what stands here goes before it
  --socket PATH                 unix socket (run/vitrine/clamd.ctl)
  --socket-mode OCTAL           its mode (666)
  --tcp ADDRESS:PORT            also listen there; may be repeated
  --database FILE.vdb           what to scan with
  --rules PATH                  instead: compiled by `vitrine` at the start and
                                at RELOAD; may be repeated
  --scanners N                  scanners at work at one time (processors)
  --stream-max-length SIZE      of one INSTREAM (100M)
  --command-read-timeout SECONDS  for the first command (30)
  --read-timeout SECONDS        between pieces of a stream, or commands of a
                                session (120)
  --idle-timeout SECONDS        shown by STATS (30)
  --scan-time SECONDS           for one sample (120)
  --max-connections N           (10000)
  --max-connections-per-peer N  of one user or address (5000)
  --max-queue N                 samples that scanners hold or wait for (1000)
  --max-directory-recursion N   (15)
  --follow-links                those found in folders
  --allow-shutdown              obey SHUTDOWN
  --limited error|found         what is said of a sample not looked at in full
  --no-unofficial-suffix        names as the rules have them
  --alert-exceeds-max, --alert-encrypted, --alert-macros, --alert-broken,
  --detect-pua                  as clamd's options
  --spool DIR                   for large streams (/var/tmp)
  --user NAME                   become that user, if root starts it
  --scanner PATH                vitrine-scanner, if not beside this program
  --help, --version
)";

namespace {

// Sizes as clamd.conf writes them: 25M, 100K, 1000000.
std::optional<uint64_t> ParseSize(std::string_view text) {
  unsigned shift = 0;
  if (!text.empty()) {
    switch (ToLower(static_cast<uint8_t>(text.back()))) {
      case 'k':
        shift = 10;
        break;
      case 'm':
        shift = 20;
        break;
      case 'g':
        shift = 30;
        break;
      default:
        break;
    }
  }
  if (shift != 0) text.remove_suffix(1);
  const auto number = ParseDecimal(text);
  if (!number || *number > UINT64_MAX >> shift) return std::nullopt;
  return *number << shift;
}

class Reader {
 public:
  explicit Reader(Invocation& to) : to_(to) { Define(); }

  Status Read(std::span<const std::string> arguments) {
    for (size_t i = 0; i < arguments.size(); ++i) {
      std::string name = arguments[i];
      std::string value;
      const size_t equals = name.find('=');
      bool has_value = equals != std::string::npos;
      if (has_value) {
        value = name.substr(equals + 1);
        name.resize(equals);
      }
      if (const auto flag = flags_.find(name); flag != flags_.end()) {
        if (has_value) return Wrong(name + " takes no value");
        flag->second();
        continue;
      }
      const auto option = options_.find(name);
      if (option == options_.end()) return Wrong("unknown option " + name);
      if (!has_value) {
        if (++i == arguments.size()) return Wrong(name + " needs a value");
        value = arguments[i];
      }
      if (!option->second(value)) return Wrong(name + ": not " + value);
    }
    return Ok();
  }

 private:
  static Error Wrong(std::string what) {
    return {Code::kInvalid, std::move(what)};
  }

  template <typename T>
  void Number(const char* name, T& to, uint64_t low, uint64_t high) {
    options_[name] = [&to, low, high](const std::string& text) {
      const auto number = ParseDecimal(text);
      if (!number || *number < low || *number > high) return false;
      to = static_cast<T>(*number);
      return true;
    };
  }
  void Seconds(const char* name, std::chrono::milliseconds& to) {
    options_[name] = [&to](const std::string& text) {
      const auto number = ParseDecimal(text);
      if (!number || *number < 1 || *number > 86400) return false;
      to = std::chrono::seconds(*number);
      return true;
    };
  }
  void Text(const char* name, std::string& to) {
    options_[name] = [&to](const std::string& text) {
      to = text;
      return !text.empty();
    };
  }
  void Texts(const char* name, std::vector<std::string>& to) {
    options_[name] = [&to, first = true](const std::string& text) mutable {
      // What stands here replaces what the file said.
      if (std::exchange(first, false)) to.clear();
      to.push_back(text);
      return !text.empty();
    };
  }
  void Flag(const char* name, bool& to, bool value = true) {
    flags_[name] = [&to, value] { to = value; };
  }

  void Define() {
    Settings& settings = to_.settings;
    options_["--root"] = [](const std::string&) { return true; };  // Read.
    Text("--socket", settings.unix_socket);
    options_["--socket-mode"] = [&settings](const std::string& text) {
      if (text.empty() || text.size() > 4) return false;
      mode_t mode = 0;
      for (const char c : text) {
        if (c < '0' || c > '7') return false;
        mode = mode << 3 | static_cast<mode_t>(c - '0');
      }
      settings.unix_mode = mode;
      return mode <= 0777;
    };
    Texts("--tcp", settings.tcp);
    Text("--database", to_.database);
    Texts("--rules", to_.rules);
    Number("--scanners", to_.scanners, 1, 256);
    options_["--stream-max-length"] = [&settings](const std::string& text) {
      const auto size = ParseSize(text);
      if (!size || *size < 1) return false;
      settings.stream_max_length = *size;
      return true;
    };
    Seconds("--command-read-timeout", settings.command_read_timeout);
    Seconds("--read-timeout", settings.read_timeout);
    Seconds("--idle-timeout", settings.idle_timeout);
    Seconds("--scan-time", settings.scan_time);
    Number("--max-connections", settings.max_connections, 1, 100000);
    Number("--max-connections-per-peer", settings.max_connections_per_peer, 1,
           100000);
    Number("--max-queue", settings.max_queue, 1, 100000);
    Number("--max-directory-recursion", settings.max_directory_recursion, 1,
           256);
    Flag("--follow-links", settings.follow_links);
    Flag("--allow-shutdown", settings.allow_shutdown);
    options_["--limited"] = [&settings](const std::string& text) {
      settings.limited = text == "found" ? Limited::kFound : Limited::kError;
      return text == "found" || text == "error";
    };
    Flag("--no-unofficial-suffix", settings.unofficial_suffix, false);
    Flag("--alert-exceeds-max", to_.options.alert_exceeds_max);
    Flag("--alert-encrypted", to_.options.alert_encrypted);
    Flag("--alert-macros", to_.options.alert_macros);
    Flag("--alert-broken", to_.options.alert_broken);
    Flag("--detect-pua", to_.options.detect_pua);
    Text("--spool", settings.spool_folder);
    Text("--user", to_.user);
    Text("--scanner", to_.scanner_program);
    flags_["--help"] = [this] { to_.show = Invocation::Show::kHelp; };
    flags_["--version"] = [this] { to_.show = Invocation::Show::kVersion; };
  }

  Invocation& to_;
  std::map<std::string, std::function<bool(const std::string&)>> options_;
  std::map<std::string, std::function<void()>> flags_;
};

std::string RootOf(std::span<const std::string> arguments) {
  std::string root;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i].starts_with("--root=")) root = arguments[i].substr(7);
    if (arguments[i] == "--root" && i + 1 < arguments.size()) {
      root = arguments[i + 1];
    }
  }
  return root;
}

void Apply(const config::Config& config, const config::Paths& paths,
           Invocation& invocation) {
  const config::DoormanConfig& doorman = config.doorman;
  Settings& settings = invocation.settings;
  settings.unix_socket =
      doorman.unix_socket.empty() ? paths.ClamdSocket() : doorman.unix_socket;
  settings.unix_mode = doorman.unix_mode;
  settings.tcp = doorman.tcp;
  settings.stream_max_length = doorman.stream_max_length << 20;
  settings.command_read_timeout = doorman.command_read_timeout;
  settings.read_timeout = doorman.read_timeout;
  settings.idle_timeout = doorman.idle_timeout;
  settings.max_connections = doorman.max_connections;
  settings.max_connections_per_peer = doorman.max_connections_per_peer;
  settings.max_queue = doorman.max_queue;
  settings.allow_shutdown = doorman.allow_shutdown;
  settings.follow_links = doorman.follow_links;
  settings.max_directory_recursion = doorman.max_directory_recursion;
  settings.limited = doorman.limited == config::LimitedReply::kFound
                         ? Limited::kFound
                         : Limited::kError;
  settings.unofficial_suffix = doorman.unofficial_suffix;
  invocation.database = paths.Database();
  invocation.scanners = config.scanner.count != 0
                            ? config.scanner.count
                            : std::max(1u, std::thread::hardware_concurrency());
  invocation.bounds = {uint64_t{config.scanner.memory_mb} << 20,
                       config.scanner.cpu_percent,
                       paths.ScannerGroup("vitrine-doorman")};
  invocation.require_full_cage = config.scanner.require_full_cage;
}

}  // namespace

Result<Invocation> ReadInvocation(std::span<const std::string> arguments,
                                  const std::string& own_folder) {
  Invocation invocation;
  invocation.scanner_program = FindOurProgram(own_folder, "vitrine-scanner");
  invocation.vitrine_program = FindOurProgram(own_folder, "vitrine");
  const config::Paths paths(RootOf(arguments));
  const config::Config config = TRY(config::LoadConfig(paths, geteuid()));
  Apply(config, paths, invocation);
  TRY(Reader(invocation).Read(arguments));
  return invocation;
}

}  // namespace vitrine::doorman
