// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <list>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "doorman/database_source.h"
#include "doorman/listeners.h"
#include "sandbox/cgroup.h"
#include "sandbox/launch.h"
#include "sandbox/sandboxee.h"
#include "scan/bounds.h"

namespace vitrine::doorman {

// Starts the door, the process that talks with clients, does for it what its
// cage forbids (backstage.h), and starts another when it dies: the listening
// sockets stay, and clients only have to come again. Hears no client and reads
// no sample; of the door it believes nothing but that it wants a scanner or a
// database.
//
// One thread, which all scanners die with, and one that opens databases.
class Supervisor {
 public:
  struct Options {
    std::string program = "/proc/self/exe";
    std::vector<std::string> arguments;  // Of the door, its name first.
    std::string scanner_program;
    unsigned scanners_max = 1;  // At one time, those being replaced included.
    scan::Bounds bounds;
    DatabaseSource database;
  };

  // `signals`: a signalfd of SIGHUP, SIGINT and SIGTERM, which go to the door.
  Supervisor(Options options, std::vector<Listener> listeners,
             UniqueFd signals);

  // Until the door ends by itself, or cannot be kept alive; the exit status.
  int Run();

 private:
  Status StartDoor();
  [[noreturn]] void BecomeDoor(int launch, int database,
                               std::vector<char*>& arguments);
  // Serves the door until it ends; its wait status.
  int Watch();
  void OnSignal();
  // False: the channel has ended.
  bool OnRequest();
  void LaunchScanner(UniqueFd channel, UniqueFd error_output);
  void ServeDatabases(int channel) const;

  const Options options_;
  const std::vector<Listener> listeners_;
  const UniqueFd signals_;
  const sandbox::Identity identity_ = sandbox::ScannerIdentity();
  std::optional<sandbox::Cgroup> cgroup_;
  std::string cgroup_error_;

  pid_t door_ = -1;
  UniqueFd door_end_;  // A pidfd.
  UniqueFd launch_;
  std::vector<sandbox::Sandboxee> scanners_;
  bool told_ready_ = false;
  unsigned short_lives_ = 0;  // One after the other.

  // A door's channel for databases outlives it by what is being compiled.
  struct DatabaseChannel {
    UniqueFd socket;
    std::atomic<bool> ended{false};
    std::jthread thread;  // Last: it uses the others.
  };
  std::list<DatabaseChannel> databases_;
};

}  // namespace vitrine::doorman
