// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <thread>

#include "base/result.h"
#include "base/unique_fd.h"
#include "guard/gate.h"

namespace vitrine::guard {

// The one thread that talks with the kernel: leases first, then questions, then
// notices, then what is due. It opens no file and waits for nothing but the
// kernel, since everybody who opens a file waits for it. Signals of leases must
// be blocked in the whole process before any thread starts.
class Reader {
 public:
  // `failed` is called on the reader's thread when a group cannot be read any
  // more; the process should end then.
  static Result<std::unique_ptr<Reader>> Start(
      Fanotify& permission, Fanotify& notice, Gate& gate, SharedState& shared,
      std::function<void(Error)> failed);
  // Blocks the signals that the reader takes by a descriptor.
  static void BlockSignals();

  ~Reader() = default;  // Stops and joins.

 private:
  Reader(Fanotify& permission, Fanotify& notice, Gate& gate,
         SharedState& shared, std::function<void(Error)> failed,
         UniqueFd signals)
      : permission_(permission),
        notice_(notice),
        gate_(gate),
        shared_(shared),
        failed_(std::move(failed)),
        signals_(std::move(signals)) {}

  void Run(std::stop_token stop);
  void TakeSignals();
  Status TakeQuestions();

  Fanotify& permission_;
  Fanotify& notice_;
  Gate& gate_;
  SharedState& shared_;
  const std::function<void(Error)> failed_;
  const UniqueFd signals_;
  std::jthread thread_;
};

}  // namespace vitrine::guard
