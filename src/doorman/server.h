// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "doorman/clean_streams.h"
#include "doorman/connection.h"
#include "doorman/gate.h"
#include "doorman/inbox.h"
#include "doorman/limits.h"
#include "doorman/listeners.h"
#include "doorman/openers.h"
#include "doorman/scanning.h"
#include "doorman/settings.h"
#include "doorman/timers.h"

namespace vitrine::doorman {

// The loop: one thread for all connections. Borrows `scanning`; what that
// answers after the server is gone is dropped.
class Server : public Desk {
 public:
  // `signals` is a signalfd or none: SIGHUP reloads, others stop.
  static Result<std::unique_ptr<Server>> Create(Settings settings,
                                                std::vector<Listener> listeners,
                                                UniqueFd signals,
                                                Scanning& scanning);
  ~Server() override = default;

  // Serves until Stop(); then answers what it has taken, up to kStopTime.
  Status Run();
  // From any thread.
  void Stop();

 private:
  Server(Settings settings, std::vector<Listener> listeners, UniqueFd signals,
         Scanning& scanning)
      : settings_(std::move(settings)),
        listeners_(std::move(listeners)),
        signals_(std::move(signals)),
        scanning_(scanning),
        clean_(scanning.state().database),
        gate_(settings_.max_queue) {}

  // Desk.
  bool KnownClean(const crypto::Sha256Digest& digest) override {
    return clean_.Knows(digest, Clock::now());
  }
  void Submit(const PeerKey& peer, Job job) override;
  void Step(uint64_t connection, uint64_t command,
            std::shared_ptr<Walk> walk) override;
  void Reload() override;
  void Shutdown() override { stopping_ = true; }
  Stats stats() const override;
  SpoolUse& spools() override { return spools_; }
  const Settings& settings() const override { return settings_; }
  std::span<uint8_t> buffer() override { return buffer_; }

  // What is remembered of a job that a scanner has.
  struct Asked {
    uint64_t connection;
    uint64_t tag;
    std::optional<crypto::Sha256Digest> digest;
  };

  Status Watch(int descriptor, uint64_t key, uint32_t events);
  void OnEvent(uint64_t key, uint32_t events);
  void OnSignals();
  void Accept(int listener);
  void Welcome(UniqueFd socket);
  void SetAccepting(bool accepting);
  void Pump();
  void Dispatch(Job job);
  void OnScanned(const Asked& asked, const ScanReport& report,
                 uint64_t database);
  // After anything happened to a connection: what to watch for, or its end.
  void Sync(Connection& connection);
  void Remove(Connection& connection);
  void RunTimers();
  int MillisecondsToWait() const;
  bool Finished();

  const Settings settings_;
  std::vector<Listener> listeners_;
  UniqueFd signals_;
  Scanning& scanning_;
  UniqueFd epoll_;
  std::shared_ptr<Inbox> inbox_;
  std::unique_ptr<Openers> openers_;
  std::array<uint8_t, kReadBytes> buffer_;

  uint64_t next_id_ = 0;
  CleanStreams clean_;
  SpoolUse spools_;  // Outlives what counts in it.
  Gate gate_;
  // Bytes of samples that scanners hold, by connection and tag.
  std::map<std::pair<uint64_t, uint64_t>, std::unique_ptr<Spool>> held_;
  std::unordered_map<uint64_t, std::unique_ptr<Connection>> connections_;
  std::map<PeerKey, size_t> peers_;  // Connections; no zeros.
  Timers timers_;
  bool accepting_ = false;
  Clock::time_point accept_again_ = Clock::time_point::max();
  bool reloading_ = false;
  bool reload_again_ = false;
  bool stopping_ = false;
  Clock::time_point stop_at_ = Clock::time_point::max();
};

}  // namespace vitrine::doorman
