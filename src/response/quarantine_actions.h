// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "config/config.h"
#include "config/paths.h"
#include "quarantine/store.h"
#include "response/actions.h"
#include "response/event_sink.h"

namespace vitrine::response {

// Climbs the ladder of the configuration for each found file: quarantine,
// delete, or leave it refused. On a thread of its own, since copying takes as
// long as the file is large; also keeps the store's retention. Thread-safe.
//
// At most kActionsMax files wait, each with a descriptor; one more is told as
// not acted on, and stays refused.
class QuarantineActions : public Actions {
 public:
  // Opens the store and ends what a crash interrupted.
  static Result<std::unique_ptr<QuarantineActions>> Start(
      const config::Paths& paths, const config::QuarantineConfig& config,
      EventSink& sink);
  // Files that wait are acted on first.
  ~QuarantineActions() override;

  void Act(Found found) override;
  void SetConfig(config::QuarantineConfig config);
  // Returns when nothing waits; for tests.
  void WaitUntilIdle();

 private:
  struct Handled {
    FileKey key;
    uint64_t size;
    int64_t modified_ns;
  };

  QuarantineActions(quarantine::Store store,
                    const config::QuarantineConfig& config, EventSink& sink);

  void Run(const std::stop_token& stop);
  void Handle(const Found& found);
  bool Try(config::Action action, const Found& found);
  bool WasHandled(const Found& found) const;
  void Retain();
  void Tell(events::Event event, const Found& found);
  void TellRecovery(const quarantine::Recovery& recovery);

  quarantine::Store store_;  // The thread's.
  EventSink& sink_;
  std::deque<Handled> handled_;  // The thread's: the last ones taken.
  std::chrono::steady_clock::time_point retained_{};

  std::mutex mutex_;  // Guards all below but the thread.
  std::condition_variable_any changed_;
  config::QuarantineConfig config_;
  std::deque<Found> waiting_;
  bool busy_ = false;
  std::jthread thread_;
};

}  // namespace vitrine::response
