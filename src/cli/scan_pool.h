// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "cli/outcome.h"
#include "cli/walker.h"

namespace vitrine::cli {

// Looks at one item. One a worker: an implementation need only be
// thread-compatible.
class ItemScanner {
 public:
  virtual ~ItemScanner() = default;
  virtual Outcome Scan(const WalkItem& item) = 0;
};

using MakeItemScanner = std::function<std::unique_ptr<ItemScanner>()>;
using TakeOutcome = std::function<void(const Outcome&)>;

// Scans everything that `walker` finds, with `jobs` workers, and hands over the
// outcomes in the order in which the walker found the items, on the calling
// thread. With one job all happens on the calling thread. Memory is bounded by
// kQueuedInputs and kWaitingOutcomes, not by the number of items.
void ScanAll(Walker& walker, unsigned jobs, const MakeItemScanner& make,
             const TakeOutcome& take);

}  // namespace vitrine::cli
