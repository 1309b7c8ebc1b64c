// SPDX-License-Identifier: Apache-2.0
#include "doorman/supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/notify_service.h"
#include "base/system_error.h"
#include "doorman/backstage.h"
#include "doorman/backstage_messages.h"
#include "doorman/limits.h"

namespace vitrine::doorman {
namespace {

// Where descriptors wait before they get their numbers.
constexpr int kParkedFrom = 128;

struct Pair {
  UniqueFd ours;
  UniqueFd theirs;
};

Result<Pair> MakePair() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    return Unavailable("socketpair");
  }
  return Pair{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

}  // namespace

Supervisor::Supervisor(Options options, std::vector<Listener> listeners,
                       UniqueFd signals)
    : options_(std::move(options)),
      listeners_(std::move(listeners)),
      signals_(std::move(signals)) {
  auto made = scan::MakeCgroup(options_.bounds, options_.scanners_max);
  if (made.ok()) {
    cgroup_.emplace(std::move(made).value());
  } else {
    cgroup_error_ = made.error().message;
  }
}

int Supervisor::Run() {
  for (;;) {
    const auto started = std::chrono::steady_clock::now();
    const Status door = StartDoor();
    if (!door.ok()) {
      std::fprintf(stderr, "vitrine-doorman: %s\n",
                   door.error().message.c_str());
      return 1;
    }
    const int status = Watch();
    if (WIFEXITED(status)) {
      NotifyService("STOPPING=1");
      return WEXITSTATUS(status);
    }
    std::fprintf(stderr, "vitrine-doorman: the door died of signal %d\n",
                 WTERMSIG(status));
    scanners_.clear();
    const auto lived = std::chrono::steady_clock::now() - started;
    short_lives_ = lived < kShortLife ? short_lives_ + 1 : 0;
    if (short_lives_ >= kShortLives) return 1;
  }
}

Status Supervisor::StartDoor() {
  if (listeners_.size() > kListenersMax) {
    return Error{Code::kInvalid, "too many sockets to listen at"};
  }
  Pair launch = TRY(MakePair());
  Pair database = TRY(MakePair());
  // Made before the fork: behind it nothing may be allocated.
  std::vector<std::string> words = options_.arguments;
  words.insert(words.begin() + 1,
               {"--door", std::to_string(listeners_.size())});
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  door_ = fork();
  if (door_ < 0) return Unavailable("fork");
  if (door_ == 0) {
    BecomeDoor(launch.theirs.get(), database.theirs.get(), arguments);
  }
  door_end_.Reset(static_cast<int>(syscall(SYS_pidfd_open, door_, 0)));
  launch_ = std::move(launch.ours);
  databases_.remove_if(
      [](const auto& channel) { return channel.ended.load(); });
  DatabaseChannel& channel = databases_.emplace_back();
  channel.socket = std::move(database.ours);
  channel.thread = std::jthread([this, &channel] {
    ServeDatabases(channel.socket.get());
    channel.ended = true;
  });
  return Ok();
}

void Supervisor::BecomeDoor(int launch, int database,
                            std::vector<char*>& arguments) {
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  // Out of the way first: a source may lie where a target shall be.
  std::array<int, 2 + kListenersMax> parked;
  size_t count = 0;
  const auto park = [&](int file) {
    parked[count++] = fcntl(file, F_DUPFD_CLOEXEC, kParkedFrom);
  };
  park(launch);
  park(database);
  for (const Listener& listener : listeners_) park(listener.socket());
  for (size_t i = 0; i < count; ++i) {
    dup2(parked[i], kLaunchFd + static_cast<int>(i));
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execv(options_.program.c_str(), arguments.data());
  _exit(127);
}

int Supervisor::Watch() {
  bool listening = true;
  for (;;) {
    std::array<pollfd, 3> waits = {
        {{door_end_.get(), POLLIN, 0},
         {signals_.get(), POLLIN, 0},
         {listening ? launch_.get() : -1, POLLIN, 0}}};
    (void)poll(waits.data(), waits.size(),
               static_cast<int>(kReapPause.count()));
    std::erase_if(scanners_, [](sandbox::Sandboxee& scanner) {
      return scanner.Wait({}).ok();
    });
    int status = 0;
    if (waitpid(door_, &status, WNOHANG) == door_) return status;
    if (waits[1].revents != 0) OnSignal();
    if (waits[2].revents != 0) listening = OnRequest();
  }
}

void Supervisor::OnSignal() {
  signalfd_siginfo signal;
  while (read(signals_.get(), &signal, sizeof signal) == sizeof signal) {
    kill(door_, static_cast<int>(signal.ssi_signo));
  }
}

bool Supervisor::OnRequest() {
  auto request = ReceiveBackstage(launch_.get());
  if (!request.ok()) return false;
  BackstageMessage& message = request.value();
  if (message.text == "L" && message.files[0] && message.files[1]) {
    LaunchScanner(std::move(message.files[0]), std::move(message.files[1]));
    return true;
  }
  if (message.text != "R") return false;
  if (!std::exchange(told_ready_, true)) NotifyService("READY=1");
  return true;
}

void Supervisor::LaunchScanner(UniqueFd channel, UniqueFd error_output) {
  const auto refuse = [&](const std::string& why) {
    (void)SendBackstage(launch_.get(), "n" + why);
  };
  if (scanners_.size() >= options_.scanners_max) {
    return refuse("more scanners than there may be");
  }
  sandbox::LaunchOptions launch;
  launch.program = options_.scanner_program;
  launch.arguments = {"vitrine-scanner"};
  launch.channel = std::move(channel);
  launch.error_output = error_output.get();
  launch.identity = identity_;
  launch.cgroup = cgroup_ ? &*cgroup_ : nullptr;
#ifndef VITRINE_SANITIZED_BUILD  // Sanitizers reserve terabytes.
  launch.limits.data = options_.bounds.memory;
#endif
  auto started = sandbox::Launch(std::move(launch));
  if (!started.ok()) return refuse(started.error().message);
  sandbox::Sandboxee scanner = std::move(started).value();
  if (!cgroup_) {
    scanner.report().Set(sandbox::Layer::kCgroup, sandbox::State::kAbsent,
                         cgroup_error_);
  }
  const int32_t pid = scanner.pid();
  std::string answer = "y";
  answer.append(reinterpret_cast<const char*>(&pid), sizeof pid);
  answer += scanner.report().Format();
  if (SendBackstage(launch_.get(), answer, scanner.pidfd())) {
    scanners_.push_back(std::move(scanner));
  }
}

void Supervisor::ServeDatabases(int channel) const {
  for (;;) {
    const auto request = ReceiveBackstage(channel);
    if (!request.ok() || request.value().text != "D") return;
    const auto database = options_.database.Open();
    const bool sent =
        database.ok() ? SendBackstage(channel, "y", database.value().get())
                      : SendBackstage(channel, "n" + database.error().message);
    if (!sent) return;
  }
}

}  // namespace vitrine::doorman
