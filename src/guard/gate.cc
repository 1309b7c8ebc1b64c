// SPDX-License-Identifier: Apache-2.0
#include "guard/gate.h"

#include <fcntl.h>

#include <algorithm>

#include "base/wall_clock.h"
#include "guard/limits.h"

namespace vitrine::guard {

using config::GuardMode;

namespace {

UniqueFd Duplicate(int file) {
  return UniqueFd(fcntl(file, F_DUPFD_CLOEXEC, 0));
}

}  // namespace

Gate::Gate(Parts parts, Config config)
    : parts_(parts),
      config_(std::move(config)),
      lasting_(std::make_shared<std::unordered_set<uint64_t>>()),
      verdicts_(kVerdictsMax),
      kept_(parts.permission, parts.leases, parts.kept_max) {}

Gate::~Gate() = default;

// A hit of the cache is worth something only if every write before it is known:
// who closes a written file is put into the queue of notices before his file
// counts as without a writer. Hence this order: take leases, then read all
// notices, then look into the cache.
void Gate::Questions(std::vector<KernelEvent> events) {
  const Config config = this->config();
  std::vector<Question> questions;
  questions.reserve(events.size());
  for (KernelEvent& event : events) {
    auto question = Begin(std::move(event), config);
    if (question) questions.push_back(*std::move(question));
  }
  if (questions.empty()) return;
  Notices();
  for (Question& question : questions) Resolve(std::move(question), config);
}

std::optional<Gate::Question> Gate::Begin(KernelEvent event,
                                          const Config& config) {
  Question question;
  const int file = event.descriptor.get();
  if (file < 0 || static_cast<size_t>(file) >= kDescriptorsMax) {
    return std::nullopt;  // The kernel has answered it, or we are out of room.
  }
  question.deadline = Deadline::After(config->deadline);
  parts_.shared.deadlines[file] = Nanoseconds(question.deadline);
  const bool ours = parts_.openers.IsOurs(event.pid);
  {
    const std::lock_guard lock(mutex_);
    ++counters_.questions;
    counters_.own += ours;
    question.held =
        !ours && config->mode != GuardMode::kOff && kept_.Hold(file);
  }
  const auto facts = FactsOf(file);
  if (facts.ok()) question.facts = facts.value();
  question.event = std::move(event);
  if (ours) {
    const std::lock_guard lock(mutex_);
    own_opens_.push_back(question.facts.key);
    if (own_opens_.size() > kOwnOpensMax) own_opens_.pop_front();
  }
  if (ours || config->mode == GuardMode::kOff ||
      (facts.ok() && IsExcluded(question, *config))) {
    LetThrough(std::move(question));
    return std::nullopt;
  }
  if (!facts.ok()) {
    Give({std::move(question),
          DecideWithout(Reason::kError, *config),
          "",
          0,
          {}});
    return std::nullopt;
  }
  return question;
}

bool Gate::IsExcluded(const Question& question,
                      const config::GuardConfig& config) {
  const int file = question.event.descriptor.get();
  const bool contents = question.facts.regular() && question.facts.size > 0;
  const bool excluded =
      !contents ||
      (!config.exclude_paths.empty() &&
       config::AnyMatches(config.exclude_paths, parts_.openers.PathOf(file))) ||
      (!config.exclude_processes.empty() &&
       config::AnyMatches(config.exclude_processes,
                          parts_.openers.Program(question.event.pid)));
  if (excluded) {
    const std::lock_guard lock(mutex_);
    ++counters_.excluded;
  }
  return excluded;
}

void Gate::LetThrough(Question question) {
  if (question.held) {
    const std::lock_guard lock(mutex_);
    kept_.Release(question.event.descriptor.get());
  }
  AnswerAtOnce(std::move(question.event), Access::kAllow);
}

void Gate::Resolve(Question question, const Config& config) {
  std::unique_lock lock(mutex_);
  const auto known =
      question.held ? verdicts_.Find(question.facts) : std::nullopt;
  // The path costs as much as all the rest: what is clean needs none.
  if (!known || known->verdict != Verdict::kClean) {
    const int file = question.event.descriptor.get();
    question.path = parts_.openers.PathOf(file);
    if (parts_.openers.IsOwnFile(file, question.path)) {
      ++counters_.excluded;
      lock.unlock();
      LetThrough(std::move(question));
      return;
    }
  }
  if (known) {
    ++counters_.cached;
    Judgement judgement;
    judgement.verdict = known->verdict;
    judgement.rule = known->rule;
    judgement.database = database_;
    Decision decision = Decide(known->verdict, *config);
    decision.reason = Reason::kCached;
    Remember(question, judgement);
    lock.unlock();
    Give({std::move(question), decision, known->rule, judgement.database, {}});
    return;
  }
  if (questions_.size() >= config->max_scan_queue) {
    ++counters_.busy;
    lock.unlock();
    Give({std::move(question),
          DecideWithout(Reason::kBusy, *config),
          "",
          0,
          {}});
    return;
  }
  Enqueue(std::move(question), lock);
}

void Gate::Enqueue(Question question, std::unique_lock<std::mutex>& lock) {
  const int file = question.event.descriptor.get();
  due_.emplace(question.deadline.at, file);
  // Whoever opens the same unwritten contents waits for the same answer.
  const auto joined = question.held ? shared_jobs_.find(question.facts.key)
                                    : shared_jobs_.end();
  if (joined != shared_jobs_.end() &&
      jobs_[joined->second].facts.SameContents(question.facts)) {
    question.job = joined->second;
    jobs_[joined->second].waiters.push_back(file);
    questions_[file] = std::move(question);
    return;
  }
  const uint64_t id = ++next_job_;
  Job& job = jobs_[id];
  job.facts = question.facts;
  job.waiters.push_back(file);
  job.deadline = question.deadline;
  job.begun = Deadline::Clock::now();
  job.path = std::move(question.path);
  job.shared = question.held;
  if (job.shared) shared_jobs_[question.facts.key] = id;
  question.job = id;
  questions_[file] = std::move(question);
  Ask(id, lock);
}

// Hands a job to the judge; `lock` is given up meanwhile.
void Gate::Ask(uint64_t id, std::unique_lock<std::mutex>& lock) {
  Job& job = jobs_[id];
  if (judge_ == nullptr) return;
  // Not the kernel's own descriptor: its number must stay ours until the
  // question is answered.
  UniqueFd sample;
  for (const int waiter : job.waiters) {
    if (Waits(waiter, id)) sample = Duplicate(waiter);
    if (sample) break;
  }
  job.asked = true;
  ++counters_.scans;
  Judge* const judge = judge_;
  const Deadline deadline = ScanDeadline(job.deadline, Deadline::Clock::now());
  const Rules rules = job.rules;
  std::string path = job.path;
  lock.unlock();
  judge->Ask(std::move(sample), deadline, rules, std::move(path),
             [this, id](Judgement judgement) {
               OnJudgement(id, std::move(judgement));
             });
  lock.lock();
}

void Gate::OnJudgement(uint64_t id, Judgement judgement) {
  std::unique_lock lock(mutex_);
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) return;
  if (AskAgain(id, found->second, judgement, lock)) return;
  Job job = std::move(found->second);
  jobs_.erase(found);
  const auto joined = shared_jobs_.find(job.facts.key);
  if (joined != shared_jobs_.end() && joined->second == id) {
    shared_jobs_.erase(joined);
  }
  std::vector<Reply> replies = Conclude(id, std::move(job), judgement);
  lock.unlock();
  Give(std::move(replies));
}

// A rule whose finds are to be left alone must not hide another that holds as
// well: asks for all of them. Only a file in which no other rule holds is let
// through. True if the answer is still to come.
bool Gate::AskAgain(uint64_t id, Job& job, Judgement& judgement,
                    std::unique_lock<std::mutex>& lock) {
  if (judgement.verdict != Verdict::kFound ||
      !IsExcludedRule(*config_, judgement.rule)) {
    return false;
  }
  const bool waited_for =
      std::any_of(job.waiters.begin(), job.waiters.end(),
                  [&](int waiter) { return Waits(waiter, id); });
  if (job.rules == Rules::kFirst && waited_for) {
    job.rules = Rules::kAll;
    Ask(id, lock);
    return true;
  }
  if (judgement.rules == 1) {
    judgement.verdict = Verdict::kClean;
    ++counters_.excluded;
  }
  return false;
}

// A question that was answered by policy has given its number back, and another
// may bear it by now.
bool Gate::Waits(int file, uint64_t job) const {
  const auto found = questions_.find(file);
  return found != questions_.end() && found->second.job == job;
}

std::vector<Gate::Reply> Gate::Conclude(uint64_t id, Job job,
                                        const Judgement& judgement) {
  std::vector<Reply> replies;
  const auto now = Deadline::Clock::now();
  for (const int file : job.waiters) {
    if (!Waits(file, id)) continue;
    const auto waiter = questions_.find(file);
    Question question = std::move(waiter->second);
    questions_.erase(waiter);
    Decision decision = Decide(judgement.verdict, *config_);
    if (judgement.verdict == Verdict::kError && judgement.reason == "timeout") {
      decision = DecideWithout(Reason::kDeadline, *config_);
    }
    Remember(question, judgement);
    replies.push_back({std::move(question), decision, judgement.rule,
                       judgement.database, now - job.begun});
  }
  return replies;
}

// Keeps a verdict that will hold as long as the file does not change.
void Gate::Remember(Question& question, const Judgement& judgement) {
  if (!question.held) return;
  const int file = question.event.descriptor.get();
  const bool known = judgement.verdict == Verdict::kClean ||
                     judgement.verdict == Verdict::kFound;
  const bool good =
      known && judgement.database >= database_ && kept_.Unwritten(file);
  if (good && Settled(question.facts, UnixNowNs())) {
    verdicts_.Insert(question.facts, {judgement.verdict, judgement.rule});
  }
  // Kept only after the answer: as long as the question stands, its number must
  // not become free by a writer that comes.
  if (good && judgement.verdict == Verdict::kClean &&
      IsLasting(question.facts)) {
    question.keep = epoch_;
    return;
  }
  kept_.Release(file);
  question.held = false;
}

bool Gate::IsLasting(const FileFacts& facts) const {
  return parts_.kept_max > 0 && lasting_->contains(facts.mount);
}

void Gate::Notices() {
  std::vector<KernelEvent> events;
  do {
    events.clear();
    if (!parts_.notice.Read(events).ok()) return;
    // What was lost outranks what was told.
    for (const KernelEvent& event : events) {
      if (event.kind == KernelEvent::Kind::kOverflow) OnOverflow();
    }
    for (KernelEvent& event : events) OnWritten(std::move(event));
  } while (events.size() >= kEventsPerRead);
}

void Gate::LeaseBroken(int file) {
  const std::lock_guard lock(mutex_);
  ++counters_.lease_breaks;
  kept_.Broken(file);
}

std::chrono::milliseconds Gate::Expire() {
  using std::chrono::milliseconds;
  std::vector<Reply> replies;
  milliseconds left = kHeartbeat;
  {
    std::unique_lock lock(mutex_);
    const auto now = Deadline::Clock::now();
    while (!due_.empty()) {
      const auto [deadline, file] = *due_.begin();
      const auto waiter = questions_.find(file);
      const bool open =
          waiter != questions_.end() && waiter->second.deadline.at == deadline;
      if (open && deadline > now) {
        left = std::min(
            left, std::chrono::duration_cast<milliseconds>(deadline - now) +
                      milliseconds(1));
        break;
      }
      due_.erase(due_.begin());
      if (!open) continue;
      Question question = std::move(waiter->second);
      questions_.erase(waiter);
      if (question.held) kept_.Release(file);
      question.held = false;
      replies.push_back({std::move(question),
                         DecideWithout(Reason::kDeadline, *config_), "", 0,
                         now - (deadline - config_->deadline)});
    }
    ScanWritten(lock);
  }
  Give(std::move(replies));
  return left;
}

void Gate::SetJudge(Judge* judge) {
  std::unique_lock lock(mutex_);
  judge_ = judge;
  std::vector<uint64_t> waiting;
  for (const auto& [id, job] : jobs_) {
    if (!job.asked) waiting.push_back(id);
  }
  for (const uint64_t id : waiting) {
    if (jobs_.contains(id)) Ask(id, lock);
  }
}

void Gate::SetConfig(Config config) {
  const std::lock_guard lock(mutex_);
  config_ = std::move(config);
  ForgetAll();
}

Gate::Config Gate::config() const {
  const std::lock_guard lock(mutex_);
  return config_;
}

void Gate::SetLastingMounts(MountIds mounts) {
  const std::lock_guard lock(mutex_);
  lasting_ = std::move(mounts);
}

void Gate::ForgetVerdicts(uint64_t database) {
  const std::lock_guard lock(mutex_);
  database_ = std::max(database_, database);
  ForgetAll();
}

void Gate::ForgetAll() {
  ++epoch_;
  verdicts_.Clear();
  kept_.Clear();
}

Counters Gate::counters() const {
  const std::lock_guard lock(mutex_);
  Counters counters = counters_;
  counters.waiting = questions_.size();
  counters.kept = kept_.size();
  counters.verdicts = verdicts_.size();
  return counters;
}

bool Gate::TookOwnOpenBelow(const FileKey& file) const {
  const std::lock_guard lock(mutex_);
  // Overlay may put the layer's number into the upper bits.
  return std::any_of(own_opens_.begin(), own_opens_.end(),
                     [&](const FileKey& own) {
                       return own.device != file.device &&
                              ((own.inode ^ file.inode) & UINT32_MAX) == 0;
                     });
}

bool Gate::TookOwnOpen(const FileKey& file) const {
  const std::lock_guard lock(mutex_);
  return std::find(own_opens_.begin(), own_opens_.end(), file) !=
         own_opens_.end();
}

}  // namespace vitrine::guard
