// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "cli/outcome.h"
#include "cli/walker.h"

namespace vitrine::cli {

// Looks at items, several at a time.
class ItemScanner {
 public:
  using Done = std::function<void(Outcome)>;

  virtual ~ItemScanner() = default;
  // Begins with `item`. `done` is called once with what became of it: now or
  // later, on this or any thread. Called by one thread.
  virtual void Begin(WalkItem item, Done done) = 0;
};

using TakeOutcome = std::function<void(const Outcome&)>;

// Scans everything that `walker` finds and hands over the outcomes in the order
// in which the walker found the items, on the calling thread. The walk goes on
// in a thread of its own. Memory is bounded by kQueuedInputs and
// kWaitingOutcomes, not by the number of items.
void ScanAll(Walker& walker, ItemScanner& scanner, const TakeOutcome& take);

}  // namespace vitrine::cli
