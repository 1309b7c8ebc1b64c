// SPDX-License-Identifier: Apache-2.0
#include "doorman/pool_scanning.h"

#include <sys/stat.h>

#include <string>
#include <utility>

#include "wire/settings.h"

namespace vitrine::doorman {
namespace {

uint64_t SizeOf(int file) {
  struct stat status {};
  return fstat(file, &status) == 0 ? static_cast<uint64_t>(status.st_size) : 0;
}

Status RequireFull(const sandbox::CageReport& cage) {
  if (cage.full()) return Ok();
  std::string missing;
  for (size_t i = 0; i < sandbox::kLayerCount; ++i) {
    const auto layer = static_cast<sandbox::Layer>(i);
    if (cage.row(layer).state == sandbox::State::kFull) continue;
    missing += std::string(" ") + sandbox::LayerName(layer);
  }
  return Error{Code::kDenied, "the cage is not whole:" + missing};
}

}  // namespace

Result<std::unique_ptr<PoolScanning>> PoolScanning::Create(
    scan::PoolOptions pool, DatabaseSource source, const ScanOptions& options,
    bool require_full_cage) {
  wire::Settings settings;
  settings.options = options;
  const ByteVector encoded = TRY(wire::EncodeSettings(settings));
  std::unique_ptr<PoolScanning> scanning(
      new PoolScanning(std::move(source), encoded, pool.scanners));
  const UniqueFd file = TRY(scanning->source_.Open());
  scan::Database database;
  database.descriptor = file.get();
  database.settings = encoded;
  scanning->pool_ = TRY(scan::ScannerPool::Create(std::move(pool), database));
  if (require_full_cage) TRY(RequireFull(scanning->pool_->status().cage));
  scanning->database_ = scanning->pool_->status().database;
  scanning->database_bytes_ = SizeOf(file.get());
  return scanning;
}

PoolScanning::~PoolScanning() {
  if (loader_.joinable()) loader_.join();  // It uses the pool.
}

void PoolScanning::Submit(UniqueFd sample, Request request, Done done) {
  scan::Request asked;
  asked.deadline = request.deadline;
  asked.scan_time = request.scan_time;
  asked.all_match = request.all_match;
  asked.full_report = true;
  asked.path = std::move(request.name);
  ++busy_;
  pool_->Submit(std::move(sample), std::move(asked),
                [this, done = std::move(done)](const scan::Outcome& outcome) {
                  --busy_;
                  done(scan::ReadReport(outcome), outcome.database);
                });
}

void PoolScanning::Reload(std::function<void(Status)> done) {
  loader_ = std::jthread([this, done = std::move(done)] {
    const Status status = LoadNewest(done);
    if (!status.ok()) done(status);
  });
}

// An error before the pool was asked is returned, one after it goes to `done`.
Status PoolScanning::LoadNewest(std::function<void(Status)> done) {
  const UniqueFd file = TRY(source_.Open());
  scan::Database database;
  database.descriptor = file.get();
  database.settings = settings_;
  pool_->SetDatabase(database, [this, bytes = SizeOf(file.get()),
                                done = std::move(done)](const Status& status) {
    if (status.ok()) {
      database_ = pool_->status().database;
      database_bytes_ = bytes;
    }
    done(status);
  });
  return Ok();
}

Scanning::State PoolScanning::state() const {
  State state;
  state.scanners = scanners_;
  state.busy = busy_;
  state.database = database_;
  state.database_bytes = database_bytes_;
  return state;
}

}  // namespace vitrine::doorman
