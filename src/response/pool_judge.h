// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "response/judge.h"
#include "scan/scanner_pool.h"

namespace vitrine::response {

// The judge that is caged scanners. Thread-safe.
class PoolJudge : public Judge {
 public:
  // `program` is vitrine-scanner, `database` a .vdb's path. Returns when a
  // first scanner has opened it; errors as scan::ScannerPool's, kNotFound where
  // there is no database.
  static Result<std::unique_ptr<PoolJudge>> Start(scan::PoolOptions options,
                                                  const std::string& database);

  void Ask(UniqueFd sample, Deadline deadline, Rules rules, std::string path,
           Callback callback) override;
  uint64_t database() const override { return generation_; }

  // Changes over to what the path holds now; waits. On an error nothing has
  // changed.
  Status Reload();
  scan::PoolStatus status() const { return pool_->status(); }
  // When the database in use was made, by its file; seconds since 1970.
  int64_t database_time() const { return time_; }

 private:
  explicit PoolJudge(std::string path) : path_(std::move(path)) {}

  const std::string path_;
  std::unique_ptr<scan::ScannerPool> pool_;
  std::atomic<uint64_t> generation_{0};
  std::atomic<int64_t> time_{0};
};

}  // namespace vitrine::response
