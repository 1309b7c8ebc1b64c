// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/deadline.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "sandbox/cage_report.h"
#include "sandbox/launch.h"
#include "scan/bounds.h"
#include "scan/limits.h"
#include "scan/outcome.h"

namespace vitrine::scan {

struct PoolOptions {
  std::string program;    // Path of vitrine-scanner.
  unsigned scanners = 1;  // At work at one time.
  unsigned standbys = 1;  // Ready to take a dead one's place.
  // Requests a scanner may hold: 1 for latency (a guard), more where thousands
  // of samples wait anyway (a folder scan).
  unsigned pipeline = 1;
  // Whose the processes are if root starts them: sandbox::ScannerIdentity().
  std::optional<sandbox::Identity> identity;
  Bounds bounds;
  // Starts a scanner in place of sandbox::Launch(), where somebody else has to;
  // of the options, the channel and the error output are the pool's. The bounds
  // are that one's to apply.
  std::function<Result<sandbox::Sandboxee>(sandbox::LaunchOptions)> launch;
  // Is told each line that a scanner writes to its error output, made fit for a
  // terminal; on the pool's thread, must not block. None: ShowLine().
  std::function<void(const std::string& line)> on_line;
};

// What the scanners scan with. The pool keeps a duplicate of the descriptor.
struct Database {
  int descriptor = -1;  // Of a .vdb, open for reading only; the caller's.
  ByteVector settings;  // wire::EncodeSettings().
};

struct Request {
  // When the answer must be there, whatever it is; queueing included.
  Deadline deadline = Deadline::Never();
  // How long a scanner may work on it, counted from when it begins.
  std::chrono::nanoseconds scan_time = std::chrono::nanoseconds::max();
  bool all_match = false;
  bool full_report = false;  // Else only the fixed part of the answer.
  std::string path;          // What rules see as its name; may be empty.
  std::string owner;         // Name of its owner; may be empty.
};

// One process of the pool.
struct ScannerStatus {
  enum class State : uint8_t { kStarting, kStandby, kServing, kDraining };
  pid_t pid = 0;
  State state = State::kStarting;
  uint64_t database = 0;
  uint64_t served = 0;
  unsigned holds = 0;  // Requests it has not answered.
};

struct PoolStatus {
  std::vector<ScannerStatus> scanners;
  sandbox::CageReport cage;  // Of the scanner that became ready last.
  uint64_t database = 0;     // Newest generation that opened.
  uint64_t queued = 0;
  uint64_t answered = 0;  // By scanners.
  uint64_t crashes = 0;
  uint64_t timeouts = 0;
  uint64_t garbage = 0;
  uint64_t starts = 0;
  uint64_t killers = 0;     // Samples remembered.
  std::string start_error;  // Why the last start failed; empty: it did not.
  std::string last_death;   // "killed by SIGSEGV".
};

// Caged scanner processes: a descriptor in, a verdict out. Each request gets
// exactly one outcome, by its deadline, whatever becomes of scanners: a crash
// or a time-out costs one `error` outcome, that of the sample at work; what the
// same scanner held besides goes to another. Reads no byte of any sample.
//
// Thread-safe. One thread of its own waits for scanners and deadlines and runs
// all callbacks, which must not block and may call Submit(). Memory and
// descriptors are bounded by the numbers in limits.h.
class ScannerPool {
 public:
  using Callback = std::function<void(Outcome)>;

  // Returns when a first scanner has opened the database: with its complaint
  // if it would not (kInvalid), kUnavailable if none can be started.
  static Result<std::unique_ptr<ScannerPool>> Create(PoolOptions options,
                                                     const Database& database);

  // Ends all scanners; requests not answered yet get kStopped, before it
  // returns. Not from a callback.
  ~ScannerPool();
  ScannerPool(const ScannerPool&) = delete;
  ScannerPool& operator=(const ScannerPool&) = delete;

  // `callback` is called once, on the pool's thread, never within Submit().
  void Submit(UniqueFd sample, Request request, Callback callback);

  // The same, waiting; `sample` stays the caller's. Not from a callback.
  Outcome Scan(int sample, Request request);

  // Changes over to another database without a pause: scanners with the new
  // one start while the old ones serve, and take over one by one; what is in
  // flight is finished on the old. `done` is called on the pool's thread when
  // a first scanner serves with it, or with the complaint, and then nothing has
  // changed. Forgets which samples kill scanners. A later call overtakes.
  void SetDatabase(const Database& database, std::function<void(Status)> done);
  // The same, waiting. Not from a callback.
  Status SetDatabase(const Database& database);

  PoolStatus status() const;

 private:
  class Loop;
  explicit ScannerPool(std::unique_ptr<Loop> loop);
  std::unique_ptr<Loop> loop_;
};

}  // namespace vitrine::scan
