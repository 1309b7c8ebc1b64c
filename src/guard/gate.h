// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "config/config.h"
#include "guard/counters.h"
#include "guard/decision.h"
#include "guard/fanotify.h"
#include "guard/kernel_cache.h"
#include "guard/openers.h"
#include "guard/shared_state.h"
#include "guard/verdict_cache.h"
#include "response/actions.h"
#include "response/event_sink.h"
#include "response/identity.h"
#include "response/judge.h"

namespace vitrine::guard {

using response::Actions;
using response::EventSink;
using response::Found;
using response::Judge;
using response::Judgement;
using response::Rules;

// The guard's core: takes the kernel's questions and answers each exactly once,
// by its deadline, from what is known, from a judge, or by policy.
//
// One thread, the reader, calls Questions(), Notices(), LeaseBroken() and
// Expire(); the judge's thread brings verdicts; the rest may be called by any
// thread. The parts are borrowed and outlive the gate, which outlives the
// judge's callbacks. Reads no byte of any file. Bounded by the configuration's
// max_scan_queue questions, each with a descriptor, and the caches' bounds.
class Gate {
 public:
  struct Parts {
    Fanotify& permission;
    Fanotify& notice;
    Leases& leases;
    const Openers& openers;
    EventSink& sink;
    SharedState& shared;
    Actions* actions = nullptr;  // None: refusing is all.
    size_t kept_max = 0;
  };
  using Config = std::shared_ptr<const config::GuardConfig>;
  using MountIds = std::shared_ptr<const std::unordered_set<uint64_t>>;

  Gate(Parts parts, Config config);
  ~Gate();
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  // For the reader.
  void Questions(std::vector<KernelEvent> events);
  void Notices();
  void LeaseBroken(int file);
  // Answers what is due, begins scans of what was written; the time until it
  // must be called again is at most `kHeartbeat`.
  std::chrono::milliseconds Expire();

  // Until there is a judge, questions wait for it up to their deadlines.
  void SetJudge(Judge* judge);
  void SetConfig(Config config);
  Config config() const;
  // Mounts whose files may be pinned by leases.
  void SetLastingMounts(MountIds mounts);
  // Forgets all verdicts; older answers than of `database` are not remembered.
  void ForgetVerdicts(uint64_t database);

  Counters counters() const;
  // Whether this process has been seen opening that file: the proof that a
  // mount is watched.
  bool TookOwnOpen(const FileKey& file) const;
  // Whether it has been seen opening a file of that number on another file
  // system: one that the file's own is made of.
  bool TookOwnOpenBelow(const FileKey& file) const;

 private:
  struct Question {
    KernelEvent event;
    FileFacts facts;
    std::string path;  // Once it was looked for.
    Deadline deadline;
    uint64_t job = 0;
    bool held = false;  // A lease is on it.
    uint64_t keep = 0;  // Keep it in the kernel's cache, if this is epoch_.
  };
  // One request to the judge, and who waits for it.
  struct Job {
    FileFacts facts;
    std::vector<int> waiters;
    std::string path;
    Deadline deadline;
    Deadline::Clock::time_point begun;
    Rules rules = Rules::kFirst;
    bool asked = false;
    bool shared = false;  // More may join: it has no writer.
  };
  struct Written {
    UniqueFd file;
    FileFacts facts;
    Deadline::Clock::time_point at;
    bool held = false;
  };
  // An answer decided under the lock and given outside of it.
  struct Reply {
    Question question;
    Decision decision;
    std::string rule;
    uint64_t database = 0;
    std::chrono::nanoseconds spent{0};
  };

  // questions
  std::optional<Question> Begin(KernelEvent event, const Config& config);
  bool IsExcluded(const Question& question, const config::GuardConfig& config);
  void LetThrough(Question question);
  void Resolve(Question question, const Config& config);
  void Enqueue(Question question, std::unique_lock<std::mutex>& lock);
  void Ask(uint64_t id, std::unique_lock<std::mutex>& lock);
  void OnJudgement(uint64_t id, Judgement judgement);
  bool AskAgain(uint64_t id, Job& job, Judgement& judgement,
                std::unique_lock<std::mutex>& lock);
  bool Waits(int file, uint64_t job) const;
  std::vector<Reply> Conclude(uint64_t id, Job job, const Judgement& judgement);
  void Remember(Question& question, const Judgement& judgement);
  bool IsLasting(const FileFacts& facts) const;
  void ForgetAll();

  // answers
  void Give(std::vector<Reply> replies);
  void Give(Reply reply);
  void AnswerAtOnce(KernelEvent event, Access access);
  void Report(const Reply& reply);
  void ActOn(Reply& reply, UniqueFd root);

  // written files
  void OnWritten(KernelEvent event);
  bool IsExcludedWhenWritten(int file) const;
  void AddWritten(UniqueFd file, const FileFacts& facts);
  void OnOverflow();
  void ScanWritten(std::unique_lock<std::mutex>& lock);
  void OnWrittenJudgement(std::shared_ptr<Written> written,
                          Judgement judgement);

  const Parts parts_;
  mutable std::mutex mutex_;  // Guards all below.
  Config config_;
  MountIds lasting_;
  Judge* judge_ = nullptr;
  uint64_t database_ = 0;
  uint64_t epoch_ = 1;  // Ends when all verdicts are forgotten.
  VerdictCache verdicts_;
  KernelCache kept_;
  std::unordered_map<int, Question> questions_;
  // In the order of their deadlines, which a new configuration may bring
  // forward; may name what is answered.
  std::multimap<Deadline::Clock::time_point, int> due_;
  std::unordered_map<uint64_t, Job> jobs_;
  std::unordered_map<FileKey, uint64_t, FileKeyHash> shared_jobs_;
  uint64_t next_job_ = 0;
  std::deque<Written> written_;
  size_t written_at_work_ = 0;
  std::deque<FileKey> own_opens_;
  Counters counters_;
};

}  // namespace vitrine::guard
