// SPDX-License-Identifier: Apache-2.0
#include "scan/scanner_pool.h"

#include <fcntl.h>

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <utility>

#include "scan/pool_loop.h"

namespace vitrine::scan {
namespace {

// Where one thread leaves a value for another. Thread-safe.
template <typename T>
class Slot {
 public:
  void Put(T value) {
    const std::lock_guard lock(mutex_);
    value_ = std::move(value);
    there_.notify_one();
  }
  T Take() {
    std::unique_lock lock(mutex_);
    there_.wait(lock, [&] { return value_.has_value(); });
    return *std::move(value_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable there_;
  std::optional<T> value_;
};

UniqueFd Duplicate(int descriptor) {
  return UniqueFd(fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
}

}  // namespace

ScannerPool::ScannerPool(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
ScannerPool::~ScannerPool() = default;

Result<std::unique_ptr<ScannerPool>> ScannerPool::Create(
    PoolOptions options, const Database& database) {
  if (options.scanners == 0 || options.scanners > kScannersMax ||
      options.standbys > kScannersMax || options.pipeline == 0 ||
      options.pipeline > kPipelineMax) {
    return Error{Code::kInvalid, "a pool of an impossible size"};
  }
  std::unique_ptr<ScannerPool> pool(
      new ScannerPool(TRY(Loop::Create(std::move(options)))));
  TRY(pool->SetDatabase(database));
  return pool;
}

void ScannerPool::Submit(UniqueFd sample, Request request, Callback callback) {
  loop_->Submit(std::move(sample), std::move(request), std::move(callback));
}

Outcome ScannerPool::Scan(int sample, Request request) {
  Slot<Outcome> slot;
  Submit(Duplicate(sample), std::move(request),
         [&](Outcome outcome) { slot.Put(std::move(outcome)); });
  return slot.Take();
}

void ScannerPool::SetDatabase(const Database& database,
                              std::function<void(Status)> done) {
  auto kept = std::make_shared<KeptDatabase>();
  kept->descriptor = Duplicate(database.descriptor);
  if (!kept->descriptor) {
    done(Error{Code::kUnavailable,
               std::string("the database: ") + std::strerror(errno)});
    return;
  }
  kept->settings = database.settings;
  loop_->SetDatabase(std::move(kept), std::move(done));
}

Status ScannerPool::SetDatabase(const Database& database) {
  Slot<Status> slot;
  SetDatabase(database, [&](Status status) { slot.Put(std::move(status)); });
  return slot.Take();
}

PoolStatus ScannerPool::status() const { return loop_->status(); }

}  // namespace vitrine::scan
