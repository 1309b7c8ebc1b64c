// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "base/result.h"
#include "sandbox/sandboxee.h"
#include "scan/error_output.h"
#include "scan/outcome.h"
#include "scan/scanner_pool.h"
#include "wire/channel.h"
#include "wire/message.h"

namespace vitrine::scan {

// A database as the pool keeps it. Constant, shared by all who start with it.
struct KeptDatabase {
  UniqueFd descriptor;
  ByteVector settings;
  uint64_t generation = 0;
};

// One scanner from the pool's side: the process, its channel, and what it owes
// us. Everything it says is checked against what may be said at that point.
// Thread-compatible.
class ScannerProcess {
 public:
  using Clock = Deadline::Clock;
  using State = ScannerStatus::State;

  // Starts one and hands it the database. To be called on the pool's thread,
  // whose end ends the process.
  static Result<std::unique_ptr<ScannerProcess>> Start(
      const PoolOptions& options, const sandbox::Cgroup* cgroup,
      std::shared_ptr<const KeptDatabase> database);

  // A request it holds: the first one is at work.
  struct Held {
    uint64_t id = 0;
    uint64_t size = 0;  // Of the sample.
    bool full_report = false;
  };

  // Gives it a request. kWouldBlock: its socket is full; kClosed: it died,
  // which Next() will tell.
  Result<wire::Channel::State> Give(const wire::ScanRequest& request,
                                    int sample, uint64_t size);

  struct Event {
    enum class Kind : uint8_t {
      kNothing,  // For now.
      kReady,
      kRefused,  // It will not open the database; `text` says why.
      kAnswer,   // To the request that was at work, `id`; `outcome`.
      kClosed,   // It has ended, or pretends to.
      kGarbage,  // It broke the protocol; `text` says how.
    };
    Kind kind = Kind::kNothing;
    uint64_t id = 0;
    Outcome outcome = {};
    std::string text = {};
  };
  // The next thing it says, without waiting.
  Event Next(std::vector<uint8_t>& buffer);

  // Kills it, and does not wait.
  void Kill();
  // How it ended, after its channel has; waits a little.
  std::string Death();

  int channel() const { return channel_.get(); }
  ErrorOutput& error_output() { return error_output_; }
  sandbox::Sandboxee& process() { return process_; }
  const KeptDatabase& database() const { return *database_; }
  const std::deque<Held>& held() const { return held_; }
  uint64_t held_bytes() const { return held_bytes_; }
  // What stands of its cage: the executor's rows and, once it has greeted, its
  // own.
  const sandbox::CageReport& cage() const { return cage_; }
  Clock::time_point started() const { return started_; }
  uint64_t served() const { return served_; }
  // Whether it was ever given a sample.
  bool tried() const { return tried_; }

  State state = State::kStarting;

 private:
  ScannerProcess(sandbox::Sandboxee process, wire::Channel channel,
                 ErrorOutput error_output,
                 std::shared_ptr<const KeptDatabase> database);

  Result<Event> Take(Bytes message);
  Result<Event> TakeHello(Bytes message);
  Result<Event> TakeReady(Bytes message);
  Result<Event> TakeReply(Bytes message);
  Result<Event> TakePart(Bytes message);
  Event Answer();

  sandbox::Sandboxee process_;
  wire::Channel channel_;
  ErrorOutput error_output_;
  const std::shared_ptr<const KeptDatabase> database_;
  const Clock::time_point started_;

  bool greeted_ = false;
  sandbox::CageReport cage_;
  std::deque<Held> held_;
  uint64_t held_bytes_ = 0;
  // The answer that is being received, and how much of its report is to come.
  Outcome partial_;
  uint64_t report_left_ = 0;
  bool in_report_ = false;
  uint64_t served_ = 0;
  bool tried_ = false;
  ByteVector message_;
};

}  // namespace vitrine::scan
