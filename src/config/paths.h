// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace vitrine::config {

// Where an installation keeps its things. `root` is "" for the machine's own,
// or the DIR of --root: whole systems then live side by side, each below its
// DIR. Only names; nothing is opened or made.
class Paths {
 public:
  Paths() = default;
  // A trailing slash is dropped: "/" is the machine's own.
  explicit Paths(std::string root);

  const std::string& root() const { return root_; }

  std::string Etc() const { return root_ + "/etc/vitrine"; }
  std::string State() const { return root_ + "/var/lib/vitrine"; }
  std::string Run() const { return root_ + "/run/vitrine"; }

  std::string ConfigFile() const { return Etc() + "/vitrine.toml"; }
  // The compiled database in use; replaced by renaming another onto it.
  std::string Database() const { return State() + "/database/active.vdb"; }
  std::string Quarantine() const { return State() + "/quarantine"; }
  std::string QuarantineKey() const { return State() + "/quarantine.key"; }
  // What was given back and is to be left alone.
  std::string Trusted() const { return State() + "/quarantine.trusted"; }
  // A folder; every program that writes events has one of its own in it.
  std::string EventSpool() const { return State() + "/spool"; }
  std::string EventStore() const { return State() + "/events/events.db"; }
  // What left this machine: docs/spec/ledger.md.
  std::string Ledger() const { return State() + "/ledger"; }
  // What updates are judged by, and the databases that they brought.
  std::string Update() const { return State() + "/update"; }
  // The courier's: what it fetched, judged by nobody yet.
  std::string Staging() const { return State() + "/staging"; }
  // A folder; each task has one of its own in it.
  std::string Tasks() const { return State() + "/tasks"; }
  std::string TaskerSocket() const { return Run() + "/tasker.sock"; }
  std::string GuardSocket() const { return Run() + "/guard.sock"; }
  std::string ClamdSocket() const { return Run() + "/clamd.ctl"; }
  // Name of the cgroup for the scanners that `program` starts; another one for
  // each root, so that installations side by side do not share their bounds.
  std::string ScannerGroup(const std::string& program) const;

 private:
  std::string root_;
};

}  // namespace vitrine::config
