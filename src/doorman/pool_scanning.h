// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <thread>

#include "doorman/database_source.h"
#include "doorman/scanning.h"
#include "model/scan_options.h"
#include "scan/scanner_pool.h"

namespace vitrine::doorman {

// Scanning by a pool of caged scanners. Thread-safe but for Reload(), which is
// called by one thread, not again before it was answered.
class PoolScanning : public Scanning {
 public:
  // Returns when a scanner has opened the database. With `require_full_cage`
  // kDenied, with the layer's name, where a part of the cage is missing.
  static Result<std::unique_ptr<PoolScanning>> Create(
      scan::PoolOptions pool, DatabaseSource source, const ScanOptions& options,
      bool require_full_cage);
  ~PoolScanning() override;

  void Submit(UniqueFd sample, Request request, Done done) override;
  void Reload(std::function<void(Status)> done) override;
  State state() const override;

 private:
  PoolScanning(DatabaseSource source, ByteVector settings, unsigned scanners)
      : source_(std::move(source)),
        settings_(std::move(settings)),
        scanners_(scanners) {}
  Status LoadNewest(std::function<void(Status)> done);

  const DatabaseSource source_;
  const ByteVector settings_;  // wire::EncodeSettings().
  const unsigned scanners_;
  std::atomic<uint64_t> database_ = 0;
  std::atomic<uint64_t> database_bytes_ = 0;
  std::atomic<unsigned> busy_ = 0;
  std::unique_ptr<scan::ScannerPool> pool_;
  std::jthread loader_;  // Opens or compiles a database; the pool goes on.
};

}  // namespace vitrine::doorman
