// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "cli/item_scanner.h"
#include "engine/scan/scanner.h"
#include "engine/vdb/database.h"
#include "wire/settings.h"

namespace vitrine::cli {

// Scans in threads of this process: without a cage, for `--no-cage`, and for
// `--profile`, whose figures a caged scanner does not send.
class InProcessScanner : public ItemScanner {
 public:
  InProcessScanner(std::shared_ptr<const engine::vdb::Database> database,
                   const wire::Settings& settings, unsigned jobs, bool profile);
  ~InProcessScanner() override;

  void Begin(WalkItem item, Done done) override;

  // Ends the threads and adds up what they spent their time on.
  engine::scan::Profile TakeProfile();

 private:
  struct Work {
    WalkItem item;
    Done done;
  };
  void RunWorker();
  std::optional<Work> Next();
  void Finish();

  const std::shared_ptr<const engine::vdb::Database> database_;
  const wire::Settings settings_;
  const bool profile_;

  std::mutex mutex_;  // Guards the next four.
  std::condition_variable work_;
  std::deque<Work> queue_;
  bool closed_ = false;
  engine::scan::Profile sum_;

  std::vector<std::jthread> workers_;
};

}  // namespace vitrine::cli
