// SPDX-License-Identifier: Apache-2.0
// What the server does for its connections: queue, scanners, folders, reload.
#include <cstdio>

#include "doorman/server.h"

namespace vitrine::doorman {

void Server::Submit(const PeerKey& peer, Job job) {
  gate_.Push(peer, std::move(job));
  Pump();
}

void Server::Pump() {
  while (std::optional<Job> job = gate_.Pop()) Dispatch(std::move(*job));
}

void Server::Dispatch(Job job) {
  const Asked asked{job.connection, job.tag, job.digest};
  if (job.spool) held_[{job.connection, job.tag}] = std::move(job.spool);
  Scanning::Request request;
  request.deadline = Deadline::After(settings_.scan_time + kQueueTime);
  request.scan_time = settings_.scan_time;
  request.all_match = job.all_match;
  request.name = std::move(job.name);
  scanning_.Submit(
      std::move(job.sample), std::move(request),
      [this, inbox = inbox_, asked](ScanReport report, uint64_t database) {
        inbox->Post([this, asked, database, report = std::move(report)] {
          OnScanned(asked, report, database);
        });
      });
}

void Server::OnScanned(const Asked& asked, const ScanReport& report,
                       uint64_t database) {
  held_.erase({asked.connection, asked.tag});
  gate_.Leave();
  if (asked.digest && report.verdict == Verdict::kClean &&
      report.alerts.empty()) {
    clean_.Remember(*asked.digest, database, Clock::now());
  }
  const auto entry = connections_.find(asked.connection);
  if (entry != connections_.end()) {
    entry->second->OnReport(asked.tag, report);
    Sync(*entry->second);
  }
  Pump();
}

void Server::Step(uint64_t connection, uint64_t command,
                  std::shared_ptr<Walk> walk) {
  openers_->Run(
      [this, inbox = inbox_, connection, command, walk = std::move(walk)] {
        // Shared, because work must be copyable; nobody shares it.
        const auto item = std::make_shared<Walk::Item>(walk->Next());
        inbox->Post([this, connection, command, item] {
          const auto entry = connections_.find(connection);
          if (entry == connections_.end()) return;
          entry->second->OnItem(command, std::move(*item));
          Sync(*entry->second);
        });
      });
}

void Server::Reload() {
  if (reloading_) {
    reload_again_ = true;  // What changed since needs one more, and only one.
    return;
  }
  reloading_ = true;
  scanning_.Reload([this, inbox = inbox_](const Status& status) {
    if (!status.ok()) {
      fprintf(stderr, "vitrine-doorman: reload: %s; the old database stays\n",
              status.error().message.c_str());
    }
    inbox->Post([this] {
      clean_.Change(scanning_.state().database);
      reloading_ = false;
      if (reload_again_) {
        reload_again_ = false;
        Reload();
      }
    });
  });
}

Stats Server::stats() const {
  const Scanning::State state = scanning_.state();
  Stats stats;
  stats.live = std::max(1u, state.busy);
  stats.scanners = state.scanners;
  stats.queued = gate_.waiting();
  stats.database_bytes = state.database_bytes;
  return stats;
}

}  // namespace vitrine::doorman
