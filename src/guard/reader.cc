// SPDX-License-Identifier: Apache-2.0
#include "guard/reader.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>

#include <array>

#include "base/system_error.h"
#include "guard/limits.h"

namespace vitrine::guard {
namespace {

sigset_t LeaseSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, LeaseSignal());
  sigaddset(&signals, SIGIO);
  return signals;
}

}  // namespace

void Reader::BlockSignals() {
  const sigset_t signals = LeaseSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

Result<std::unique_ptr<Reader>> Reader::Start(
    Fanotify& permission, Fanotify& notice, Gate& gate, SharedState& shared,
    std::function<void(Error)> failed) {
  const sigset_t signals = LeaseSignals();
  UniqueFd descriptor(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!descriptor) {
    return Unavailable("signalfd");
  }
  std::unique_ptr<Reader> reader(new Reader(permission, notice, gate, shared,
                                            std::move(failed),
                                            std::move(descriptor)));
  reader->thread_ = std::jthread(
      [raw = reader.get()](std::stop_token stop) { raw->Run(stop); });
  return reader;
}

void Reader::Run(std::stop_token stop) {
  pthread_setname_np(pthread_self(), "reader");
  std::array<pollfd, 3> waits = {{{signals_.get(), POLLIN, 0},
                                  {permission_.descriptor(), POLLIN, 0},
                                  {notice_.descriptor(), POLLIN, 0}}};
  while (!stop.stop_requested()) {
    const auto left = gate_.Expire();
    shared_.beats[SharedState::kReader] = SteadyNow();
    const int ready =
        poll(waits.data(), waits.size(), static_cast<int>(left.count()));
    if (ready <= 0) continue;
    if (waits[0].revents != 0) TakeSignals();
    if (waits[1].revents != 0) {
      const Status taken = TakeQuestions();
      if (!taken.ok()) return failed_(taken.error());
    } else if (waits[2].revents != 0) {
      gate_.Notices();
    }
  }
}

void Reader::TakeSignals() {
  std::array<signalfd_siginfo, 16> signals;
  ssize_t got;
  while ((got = read(signals_.get(), signals.data(), sizeof signals)) > 0) {
    const auto count = static_cast<size_t>(got) / sizeof(signalfd_siginfo);
    for (size_t i = 0; i < count; ++i) {
      const bool named =
          signals[i].ssi_signo == static_cast<uint32_t>(LeaseSignal());
      gate_.LeaseBroken(named ? signals[i].ssi_fd : -1);
    }
  }
}

Status Reader::TakeQuestions() {
  std::vector<KernelEvent> events;
  TRY(permission_.Read(events));
  gate_.Questions(std::move(events));
  return Ok();
}

}  // namespace vitrine::guard
