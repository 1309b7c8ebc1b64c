// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "config/paths.h"
#include "update/release/release_path.h"
#include "update/trust/trust.h"

// What updates leave on the disk, below State()/update:
//
//   trust                  the owner's file
//   metadata/ROLE.json     what TUF has proven
//   log-view               what is known of the log
//   databases/CHANNEL-N/   CHANNEL-N.vdb, leaf, leaf.tlog-proof, held, changes
//   evidence/N             contradictions, and what was refused
//   choice                 "hold" or "pin N"
//
// In use is the database that database/active.vdb is another name of: one
// rename switches, so there is no second place that could say otherwise.
namespace vitrine::update {

struct KeptDatabase {
  std::string channel;
  uint64_t release = 0;
  std::string folder;
  bool active = false;

  std::string Name() const { return channel + '-' + std::to_string(release); }
  std::string File() const { return folder + '/' + Name() + ".vdb"; }
  // What lies beside it, or itself, as OpenKept() and others take it.
  std::string Kept(const std::string& name) const {
    return "databases/" + Name() + '/' + name;
  }
  std::string TargetPath() const {
    return ReleasePath(channel, release, "vdb");
  }
};

// One process at a time has it open. A stop at any point, or a full disk,
// leaves the old database or the new one in use, each with what proves it;
// Open() removes what was not finished. Not thread-safe.
class UpdateState {
 public:
  // Called before each change of the disk with what is about to be done; an
  // error is returned as if the disk had refused. For tests.
  using Step = std::function<Status(const char* what)>;

  // Makes the folders. kUnavailable where another update runs.
  static Result<UpdateState> Open(const config::Paths& paths, Step step = {});
  // The same to look at only: takes no lock, changes nothing.
  static UpdateState Look(const config::Paths& paths);

  std::string Folder() const { return paths_.Update(); }
  std::string TrustFile() const { return Folder() + "/trust"; }

  // Below Folder(), one of the names above. kNotFound.
  Result<UniqueFd> OpenKept(const std::string& name) const;
  // The whole of it.
  Result<ByteVector> ReadKept(const std::string& name, size_t size_max) const;
  // kLimit for the file of metadata that would be one too many.
  Status Save(const std::string& name, Bytes bytes);
  Status Drop(const std::string& name);
  // Once each, and so many; those beyond are passed over.
  Status AddEvidence(Bytes bytes);

  Result<Trust> ReadTrust() const;

  // The next database: its file, then what goes beside it, then Activate().
  Result<UniqueFd> MakeRoom(uint64_t size);
  Status Keep(const std::string& name, Bytes bytes);
  // The file of the room, for reading.
  Result<UniqueFd> OpenRoom() const;
  Result<ByteVector> ReadRoom(const std::string& name) const;
  // Puts the room among the databases and switches to it.
  Status Activate(const std::string& channel, uint64_t release);
  // Removes a room that did not become a database.
  void Abandon();

  // By rising release.
  std::vector<KeptDatabase> Databases() const;
  std::optional<KeptDatabase> Active() const;
  // Switches to one that is kept.
  Status Switch(const KeptDatabase& database);

 private:
  UpdateState(config::Paths paths, Step step)
      : paths_(std::move(paths)), step_(std::move(step)) {}

  Status Before(const char* what) const;
  std::string Room() const { return Folder() + "/databases/.new"; }
  void Prune() const;

  config::Paths paths_;
  Step step_;
  UniqueFd lock_;
};

}  // namespace vitrine::update
