// SPDX-License-Identifier: Apache-2.0
#include "tasks/run.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <thread>

#include "base/atomic_file.h"
#include "base/code.h"
#include "base/wall_clock.h"
#include "tasks/limits.h"
#include "tasks/process_source.h"
#include "tasks/task_files.h"
#include "tasks/walk.h"
#include "wire/settings.h"

namespace vitrine::tasks {
namespace {

using response::Judgement;

// Half of the processors: the other half is for those who wait for an open.
unsigned ScannersFor(const config::ScannerConfig& scanner) {
  const unsigned processors =
      scanner.count != 0 ? scanner.count : std::thread::hardware_concurrency();
  return std::max(1u, processors / 2);
}

}  // namespace

Run::Run(Parts parts, Settings settings, Cursor cursor)
    : parts_(std::move(parts)),
      settings_(std::move(settings)),
      place_{parts_.paths.Tasks() + "/" + settings_.task.name},
      active_before_(cursor.active),
      pace_(settings_.task.cpu_percent),
      cursor_(std::move(cursor)) {}

Progress Run::progress() const {
  const std::lock_guard lock(mutex_);
  return ProgressOf(cursor_);
}

Cursor Run::cursor() const {
  const std::lock_guard lock(mutex_);
  return cursor_;
}

std::string Run::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

void Run::Fail(std::string why) {
  failed_ = true;
  const std::lock_guard lock(mutex_);
  error_ = std::move(why);
}

Run::End Run::Execute(std::stop_token stop) {
  StepBack(settings_.task);
  const Status ready = Prepare();
  if (!ready.ok()) {
    Fail(ready.error().message);
    return End::kFailed;
  }
  (void)used_.Since({});
  paced_ = saved_ = Clock::now();
  CheckPoint(true);
  bool whole = true;
  for (size_t next = cursor_.target; next < cursor_.targets.size(); ++next) {
    const auto source = SourceFor(cursor_.targets[next]);
    whole = source != nullptr && GoThrough(*source, stop);
    if (!whole) break;
    const std::lock_guard lock(mutex_);
    cursor_.target = next + 1;
    cursor_.position.clear();
  }
  // Whoever is asked still answers; what comes too late is asked again.
  const auto until = Clock::now() + kStopGrace;
  while (asked_ > 0 && Clock::now() < until) (void)WaitForAnswers(kAnswerWait);
  CheckPoint(true);
  if (whole && cache_) (void)cache_->Compact();
  if (failed_) return End::kFailed;
  return whole ? End::kCompleted : End::kInterrupted;
}

Status Run::Prepare() {
  scan::PoolOptions options;
  options.program = parts_.scanner;
  options.scanners = ScannersFor(settings_.scanner);
  options.pipeline = kPipeline;
  options.identity = sandbox::ScannerIdentity();
  options.bounds = {
      uint64_t{settings_.scanner.memory_mb} << 20, settings_.task.cpu_percent,
      parts_.paths.ScannerGroup("vitrine-task-" + settings_.task.name)};
  const auto before = RulesDigest();
  judge_ = TRY(response::PoolJudge::Start(options, parts_.paths.Database()));
  if (settings_.scanner.require_full_cage && !judge_->status().cage.full()) {
    return Error{Code::kDenied, "this kernel cannot give the full cage"};
  }
  tolerant_ = std::make_unique<response::TolerantJudge>(
      *judge_, parts_.sink, parts_.paths.Trusted(), settings_.quarantine,
      settings_.exclude_rules);
  // Without a cache everything is scanned, which is slow and right: as where
  // an update came in between, and who knows what the scanners have.
  const auto rules = RulesDigest();
  if (rules.ok() && before.ok() && before.value() == rules.value()) {
    const auto today =
        static_cast<uint32_t>(UnixNowNs() / 1'000'000'000 / 86400);
    auto cache =
        CleanCache::Open(parts_.paths.Tasks() + "/clean", rules.value(), today);
    if (cache.ok()) cache_.emplace(std::move(cache).value());
  }
  Counts counts = cursor_.counts;
  log_.emplace(TRY(RunLog::Open(place_.Log(), cursor_.log_size, counts)));
  const std::lock_guard lock(mutex_);
  cursor_.counts = counts;
  return Ok();
}

// All that a verdict depends on besides the file.
Result<CleanCache::Rules> Run::RulesDigest() const {
  CodeWriter parts;
  parts.Raw(TRY(DigestOfFile(parts_.paths.Database())));
  parts.Raw(TRY(DigestOfFile(parts_.scanner)));
  parts.Raw(TRY(wire::EncodeSettings(wire::Settings{})));
  return crypto::Sha256(parts.Take());
}

std::unique_ptr<Source> Run::SourceFor(const Target& target) {
  const auto is_clean = [this](const Fingerprint& print) {
    return cache_ && cache_->Knows(print);
  };
  if (IsProcesses(target, settings_.task.type)) {
    ProcessSource::Options options;
    options.memory = settings_.task.type == config::TaskType::kMemory;
    options.area = target.area;
    options.position = cursor_.position;
    options.own_folders = parts_.own_folders;
    options.is_clean = is_clean;
    return std::make_unique<ProcessSource>(std::move(options));
  }
  Walk::Options options;
  options.target = target;
  options.only = settings_.task.only;
  options.exclude = settings_.task.exclude_paths;
  options.position = cursor_.position;
  // What can be changed elsewhere and come back is looked at each time.
  if (settings_.task.type != config::TaskType::kRemovable) {
    options.is_clean = is_clean;
  }
  auto walk = Walk::Create(std::move(options));
  if (!walk.ok()) {
    Fail(walk.error().message);
    return nullptr;
  }
  return std::move(walk).value();
}

// Whether it came to the source's end.
bool Run::GoThrough(Source& source, const std::stop_token& stop) {
  const size_t at_once = ScannersFor(settings_.scanner) * kPipeline * 2;
  while (!stop.stop_requested() && !failed_) {
    auto item = source.Next();
    if (!item) break;
    Take(*std::move(item));
    // A run that has failed has an item in the window that stays there.
    while ((asked_ >= at_once || window_.size() >= kWindowMax) && !failed_ &&
           !stop.stop_requested()) {
      (void)WaitForAnswers(kAnswerWait);
    }
    KeepPace(stop);
    CheckPoint(false);
  }
  while (asked_ > 0 && !failed_ && !stop.stop_requested()) {
    (void)WaitForAnswers(kAnswerWait);
    CheckPoint(false);
  }
  return !stop.stop_requested() && !failed_;
}

void Run::Take(Item item) {
  switch (item.kind) {
    case Item::Kind::kFile:
    case Item::Kind::kMemory:
      return Ask(std::move(item));
    case Item::Kind::kClean:
      break;
    case Item::Kind::kLimited:
      if (!List(Finding::Kind::kLimited, item, "", item.why)) return;
      break;
    case Item::Kind::kError:
      if (!List(Finding::Kind::kError, item, "", item.why)) return;
      break;
    case Item::Kind::kSkipped:
      if (!item.why.empty() &&
          !List(Finding::Kind::kSkipped, item, "", item.why)) {
        return;
      }
      break;
  }
  auto pending = std::make_unique<Pending>();
  pending->item = std::move(item);
  pending->done = true;
  window_.push_back(std::move(pending));
  Retire();
}

void Run::Ask(Item item) {
  UniqueFd sample(fcntl(item.file.get(), F_DUPFD_CLOEXEC, 0));
  auto pending = std::make_unique<Pending>();
  Pending* const key = pending.get();
  pending->item = std::move(item);
  window_.push_back(std::move(pending));
  ++asked_;
  const bool memory = key->item.kind == Item::Kind::kMemory;
  tolerant_->Ask(std::move(sample), Deadline::After(kSampleTime),
                 response::Rules::kFirst,
                 memory ? std::string() : key->item.path,
                 [this, key](Judgement judgement) {
                   const std::lock_guard lock(mutex_);
                   answers_.push_back({key, std::move(judgement)});
                   answered_.notify_one();
                 });
}

// Whether any came.
bool Run::WaitForAnswers(Clock::duration most) {
  std::vector<Answer> answers;
  {
    std::unique_lock lock(mutex_);
    answered_.wait_for(lock, most, [this] { return !answers_.empty(); });
    answers.swap(answers_);
  }
  for (const Answer& answer : answers) Settle(answer);
  Retire();
  return !answers.empty();
}

void Run::Settle(const Answer& answer) {
  Item& item = answer.pending->item;
  const Judgement& judgement = answer.judgement;
  --asked_;
  // Not the file's fault: it is asked about again when the run goes on.
  if (judgement.reason == "stopped") return;
  if (judgement.reason == "no-scanner") {
    return Fail("no scanner can be started");
  }
  // What cannot be written down is not done with: the run ends before it.
  bool listed = true;
  switch (judgement.verdict) {
    case Verdict::kFound:
      listed = SettleFound(item, judgement);
      break;
    case Verdict::kError:
      listed = List(
          Finding::Kind::kError, item, "",
          judgement.reason == "answered" ? "unreadable" : judgement.reason);
      break;
    case Verdict::kLimited:
      listed = List(Finding::Kind::kLimited, item, "", "limited");
      break;
    case Verdict::kClean:
      Remember(item, judgement);
      break;
  }
  item.file.Reset();
  answer.pending->done = listed;
}

// Whether it is written down: only then the file may be gone.
bool Run::SettleFound(Item& item, const Judgement& judgement) {
  const bool memory = item.kind == Item::Kind::kMemory;
  if (!List(Finding::Kind::kFound, item, judgement.rule, "")) return false;
  const Status synced = log_->Sync();
  if (!synced.ok()) {
    Fail(synced.error().message);
    return false;
  }
  events::Event event = events::Make(events::DetectionActivity::kCreate);
  event.severity = events::Severity::kHigh;
  event.verdict = Verdict::kFound;
  event.disposition = events::Disposition::kDetected;
  event.reason = memory ? "memory" : "task";
  event.message = memory ? "A rule holds in the memory of a process"
                         : "A task found a file in which a rule holds";
  event.path = item.path;
  event.object = item.range;
  if (!memory) {
    event.device = item.facts.key.device;
    event.inode = item.facts.key.inode;
  }
  event.size = item.facts.size;
  event.pid = item.pid;
  event.process = item.program;
  event.rules = {judgement.rule};
  event.database = std::to_string(judgement.database);
  event.task = settings_.task.name;
  parts_.sink.Append(event);
  if (memory || parts_.actions == nullptr) return true;
  response::Found found;
  found.file = std::move(item.file);
  found.facts = item.facts;
  found.path = item.path;
  found.rule = judgement.rule;
  found.database = judgement.database;
  found.reason = "task";
  found.task = settings_.task.name;
  parts_.actions->Act(std::move(found));
  acted_ = true;
  return true;
}

void Run::Remember(const Item& item, const Judgement& judgement) {
  // Any of these may have been changed elsewhere when it is there again.
  if (settings_.task.type == config::TaskType::kRemovable) return;
  // A file that is let pass though a rule holds is not clean.
  if (!cache_ || !item.remember || judgement.rules != 0) return;
  struct statx status;
  if (!HasNoWriter(item.file.get()) ||
      statx(item.file.get(), "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME,
            &status) != 0 ||
      FingerprintOf(status) != item.remember) {
    return;
  }
  cache_->Add(*item.remember);
}

// Whether it is written down; the run has failed if not.
bool Run::List(Finding::Kind kind, const Item& item, std::string rule,
               std::string reason) {
  Finding finding;
  finding.kind = kind;
  finding.path = item.path.substr(0, kPathShown);
  finding.rule = std::move(rule);
  finding.reason = std::move(reason);
  finding.area = item.area;
  finding.pid = item.pid;
  finding.program = item.program;
  finding.range = item.range;
  const std::lock_guard lock(mutex_);
  const Status added = log_->Add(finding, cursor_.counts);
  if (added.ok()) return true;
  failed_ = true;
  error_ = added.error().message;
  return false;
}

void Run::Retire() {
  const std::lock_guard lock(mutex_);
  Counts& counts = cursor_.counts;
  while (!window_.empty() && window_.front()->done) {
    Item& item = window_.front()->item;
    // Counted here, so that the count agrees with the position. What is not
    // clean was counted when it was listed.
    if (item.kind == Item::Kind::kClean) ++counts.known;
    if (item.kind == Item::Kind::kFile || item.kind == Item::Kind::kMemory) {
      ++counts.scanned;
      counts.bytes += item.facts.size;
    }
    if (!item.position.empty()) cursor_.position = std::move(item.position);
    window_.pop_front();
  }
}

// Holds back what would be asked next while more processor time was used than
// the task's share: by this process and the scanners it has.
void Run::KeepPace(const std::stop_token& stop) {
  if (settings_.task.cpu_percent == 0) return;
  while (!stop.stop_requested()) {
    const auto now = Clock::now();
    if (now - paced_ < kPaceStep) return;
    std::vector<pid_t> pids;
    for (const auto& scanner : judge_->status().scanners) {
      pids.push_back(scanner.pid);
    }
    const auto pause = pace_.PauseAfter(used_.Since(pids), now - paced_);
    paced_ = now;
    if (pause <= kPaceStep) return;
    std::this_thread::sleep_for(pause);
  }
}

void Run::CheckPoint(bool force) {
  const auto now = Clock::now();
  if (!force && now - saved_ < kSaveInterval) return;
  saved_ = now;
  if (cache_) (void)cache_->Flush();
  // A cursor that has passed a found file must not outlive its removal.
  if (acted_ && parts_.actions != nullptr) parts_.actions->WaitUntilIdle();
  acted_ = false;
  const Status synced = log_->Sync();
  if (!synced.ok()) return Fail(synced.error().message);
  Cursor cursor;
  {
    const std::lock_guard lock(mutex_);
    cursor_.log_size = log_->size();
    cursor_.active =
        active_before_ +
        std::chrono::duration_cast<std::chrono::seconds>(now - begun_).count();
    cursor = cursor_;
  }
  const Status saved = WriteFileAtomically(place_.Cursor(), Encode(cursor));
  if (!saved.ok()) Fail(saved.error().message);
}

}  // namespace vitrine::tasks
