// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "tuf/metadata.h"
#include "tuf/signer.h"

namespace vitrine::tuf {

// The publisher's side: a folder of static files, metadata/ and targets/, that
// any web server serves, with consistent snapshots. Holds no key: whoever signs
// hands in signed files, and nothing is written that a client which has all the
// rest would refuse.
//
// Clients see nothing of new targets before Freshen() has written its last
// file, timestamp.json, the only one that ever changes; a new root they see at
// once. Keys are therefore rotated in this order: targets, snapshot and
// timestamp once signed by the old keys and the new ones; then the root; then
// by the new ones alone. Clients are served at each step, and a stop at any
// point leaves what was there or what is to be.
//
// One writer at a time. Thread-compatible.
class Repository {
 public:
  struct Rules {
    Schemes schemes = Schemes::kEd25519;
    bool profile = true;  // Refuse what is outside of profile.h.
  };

  // Makes the two folders where they are missing and reads what is there.
  static Result<Repository> Open(const std::string& folder, const Rules& rules);

  // What is published last; null before there is one.
  const Root* root() const { return root_ ? &root_->document : nullptr; }
  const Targets* targets(std::string_view role) const;
  const Timestamp* timestamp() const;
  const Snapshot* snapshot() const;

  // The next version of a role's targets ("targets", "db", ...) for somebody to
  // change, give an expiry and sign: the last one, or an empty first one.
  Targets Draft(std::string_view role) const;

  // Publishes a root: the first, or the next version of the last.
  Status PublishRoot(Bytes file);
  // Publishes the next version of a role's targets. Files that it names must
  // have been added.
  Status PublishTargets(std::string_view role, Bytes file);

  // Adds a target's file under the names that its hashes give it, and says what
  // a role's targets are to say of it.
  Result<Target> AddTargetFile(const std::string& path, Bytes content);

  // A new snapshot of all roles and a timestamp for it. Refused when a role's
  // last file is not signed by today's keys for it, or expires before `now`.
  struct Freshness {
    Time now = 0;
    Time snapshot_expires = 0;
    Time timestamp_expires = 0;
  };
  Status Freshen(const Freshness& freshness,
                 std::span<const Signer> snapshot_signers,
                 std::span<const Signer> timestamp_signers);

 private:
  template <typename T>
  struct Published {
    T document;
    std::string file;
  };

  Repository(std::string folder, const Rules& rules)
      : folder_(std::move(folder)), rules_(rules) {}

  Status ReadAll();
  Status ReadRole(const std::string& role);
  bool IsDelegated(std::string_view role) const;
  Status CheckSigned(std::string_view role, const Envelope& envelope) const;
  Status CheckFiles(const Targets& targets) const;
  // A file that must not be there yet, but may be the same.
  Status WriteNew(const std::string& name, Bytes file) const;
  std::string Metadata(const std::string& name) const;

  std::string folder_;
  Rules rules_;
  std::optional<Published<Root>> root_;
  std::map<std::string, Published<Targets>, std::less<>> roles_;
  std::optional<Published<Snapshot>> snapshot_;
  std::optional<Published<Timestamp>> timestamp_;
};

}  // namespace vitrine::tuf
