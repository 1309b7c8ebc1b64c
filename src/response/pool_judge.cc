// SPDX-License-Identifier: Apache-2.0
#include "response/pool_judge.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include "response/limits.h"
#include "wire/settings.h"

namespace vitrine::response {
namespace {

struct OpenDatabase {
  UniqueFd file;
  int64_t time = 0;
  ByteVector settings;
};

Result<OpenDatabase> Open(const std::string& path) {
  OpenDatabase database;
  database.file.Reset(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!database.file) {
    return Error{errno == ENOENT ? Code::kNotFound : Code::kUnavailable,
                 path + ": " + std::strerror(errno)};
  }
  struct stat facts;
  if (fstat(database.file.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
    return Error{Code::kInvalid, path + ": not a file"};
  }
  database.time = facts.st_mtim.tv_sec;
  database.settings = TRY(wire::EncodeSettings(wire::Settings{}));
  return database;
}

bool HasOldScanners(const scan::PoolStatus& status) {
  using State = scan::ScannerStatus::State;
  return std::any_of(status.scanners.begin(), status.scanners.end(),
                     [&](const scan::ScannerStatus& scanner) {
                       return scanner.state != State::kStarting &&
                              scanner.state != State::kDraining &&
                              scanner.database != status.database;
                     });
}

}  // namespace

Result<std::unique_ptr<PoolJudge>> PoolJudge::Start(
    scan::PoolOptions options, const std::string& database) {
  OpenDatabase opened = TRY(Open(database));
  std::unique_ptr<PoolJudge> judge(new PoolJudge(database));
  judge->pool_ = TRY(scan::ScannerPool::Create(
      std::move(options), {opened.file.get(), std::move(opened.settings)}));
  judge->generation_ = judge->pool_->status().database;
  judge->time_ = opened.time;
  return judge;
}

void PoolJudge::Ask(UniqueFd sample, Deadline deadline, Rules rules,
                    std::string path, Callback callback) {
  scan::Request request;
  request.deadline = deadline;
  request.all_match = rules == Rules::kAll;
  request.path = std::move(path);
  pool_->Submit(std::move(sample), std::move(request),
                [callback = std::move(callback)](scan::Outcome outcome) {
                  Judgement judgement;
                  judgement.verdict = outcome.verdict;
                  judgement.rule = std::move(outcome.first_alert);
                  judgement.rules = outcome.alerts;
                  judgement.reason = scan::ReasonWord(outcome.reason);
                  judgement.database = outcome.database;
                  callback(std::move(judgement));
                });
}

Status PoolJudge::Reload() {
  OpenDatabase opened = TRY(Open(path_));
  (void)TRY(
      pool_->SetDatabase({opened.file.get(), std::move(opened.settings)}));
  time_ = opened.time;
  generation_ = pool_->status().database;
  // Scanners change over one by one: whoever was told "done" must not get an
  // answer by the old rules any more.
  const Deadline deadline = Deadline::After(kChangeOver);
  while (HasOldScanners(pool_->status()) && !deadline.Passed()) {
    std::this_thread::sleep_for(kChangeOver / 1000);
  }
  return Ok();
}

}  // namespace vitrine::response
