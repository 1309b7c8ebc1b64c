// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "sandbox/cgroup.h"
#include "scan/killers.h"
#include "scan/request_book.h"
#include "scan/scanner_pool.h"
#include "scan/scanner_process.h"

namespace vitrine::scan {

// The pool's thread and what it knows. Thread-safe: one mutex guards all of it.
// Held under it: sends and receives that do not wait. Not held: callbacks, the
// start of a process, the wait for events.
class ScannerPool::Loop {
 public:
  using Clock = Deadline::Clock;
  using Done = std::function<void(Status)>;

  static Result<std::unique_ptr<Loop>> Create(PoolOptions options);
  ~Loop();

  void Submit(UniqueFd sample, Request request, Callback callback);
  void SetDatabase(std::shared_ptr<KeptDatabase> database, Done done);
  PoolStatus status() const;

 private:
  using ScannerPointer = std::unique_ptr<ScannerProcess>;
  using Lock = std::unique_lock<std::mutex>;

  Loop(PoolOptions options, UniqueFd epoll, UniqueFd wake);

  // In the key of a watched descriptor: it is the scanner's error output.
  static constexpr uint64_t kErrorOutputBit = uint64_t{1} << 63;

  // pool_loop.cc: the thread.
  void Run();
  void RunCallbacks(Lock& lock);
  void WaitForEvents(Lock& lock);
  void StopAll(Lock& lock);
  void WakeIfNeeded();
  Clock::time_point NextWake() const;

  // pool_requests.cc: from a request to its outcome.
  void Dispatch();
  ScannerProcess* ScannerFor(const Pending& pending);
  bool Give(ScannerProcess& scanner, Pending& pending);
  void Begin(ScannerProcess& scanner);
  void AnswerDue();
  void Abandon(Pending& pending);
  void Finish(Pending pending, Outcome outcome);
  void Finish(Pending pending, Reason reason, std::string detail = {});

  // pool_scanners.cc: processes come and go.
  unsigned Missing() const;
  void StartMissing(Lock& lock);
  void Listen(uint64_t number);
  void OnReady(ScannerProcess& scanner);
  void Promote();
  void Retire(ScannerProcess& scanner);
  void OnDeath(uint64_t number, Reason reason, const std::string& how);
  void Blame(uint64_t id, Reason reason, const std::string& how);
  void OnStartFailed(const KeptDatabase& database, const std::string& why);
  void RefuseNewest(Error error);
  void EndLate();
  void Remove(uint64_t number);
  void ForgetReaped();
  void Hear(uint64_t number);
  void DescribeBounds(sandbox::CageReport& cage) const;
  bool HasReady() const;

  const PoolOptions options_;
  // What bounds the scanners together, or why nothing does.
  std::optional<sandbox::Cgroup> cgroup_;
  std::string cgroup_error_;
  const UniqueFd epoll_;
  const UniqueFd wake_;

  mutable std::mutex mutex_;
  bool stopping_ = false;
  bool asleep_ = false;
  Clock::time_point wake_at_;
  std::vector<std::pair<Callback, Outcome>> finished_;
  std::vector<std::pair<Done, Status>> changed_;
  std::vector<std::string> lines_;  // Of scanners' error output.

  RequestBook requests_;
  Killers killers_;

  // By a number that is never used again, so that a late event finds nobody.
  std::map<uint64_t, ScannerPointer> scanners_;
  uint64_t last_number_ = 0;
  std::vector<ScannerPointer> ended_;  // Killed, not reaped yet.
  std::vector<uint8_t> buffer_;

  // What new scanners start with, and whether one has opened it yet.
  std::shared_ptr<const KeptDatabase> newest_;
  std::shared_ptr<const KeptDatabase> current_;
  Done on_changed_;
  uint64_t last_generation_ = 0;

  unsigned failed_starts_ = 0;
  Clock::time_point start_at_;  // Not before.

  PoolStatus counts_;  // The numbers and texts of status(); no lists.

  std::jthread thread_;  // Last: it uses all of the above.
};

}  // namespace vitrine::scan
