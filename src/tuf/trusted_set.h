// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "tuf/metadata.h"

namespace vitrine::tuf {

// What a client holds true during one update. Files go in, in the order of the
// specification's chapter 5, and each is believed or refused; nothing is read,
// fetched or stored here. An error names the file and the rule, and leaves what
// was trusted before. kDenied: not proven; kInvalid: malformed; kLimit.
// Thread-compatible.
class TrustedSet {
 public:
  struct Rules {
    // The time at which the update began: what expires at it is expired. On a
    // client of Vitrine it is the time that witnesses signed.
    Time now = 0;
    Schemes schemes = Schemes::kEd25519;
    // Whether documents must be within Vitrine's profile (profile.h).
    bool profile = true;
  };

  // Starts from a root that is trusted already (5.2): it must be well-formed
  // and signed by its own threshold, and may be expired.
  static Result<TrustedSet> Start(Bytes root, const Rules& rules);

  // The root of the next version (5.3.4 to 5.3.7).
  Status AddRoot(Bytes file);
  // Whether the last AddRoot() gave timestamp or snapshot other keys; the files
  // kept of those two must then be removed before the root is kept (5.3.11).
  bool online_keys_changed() const { return online_keys_changed_; }
  // No more roots: this one must not be expired (5.3.10).
  Status EndRoots() const;

  // The timestamp and snapshot kept from the last update, to compare with.
  // Refused when the present root's keys have not signed them.
  Status RecallTimestamp(Bytes file);
  Status RecallSnapshot(Bytes file);

  enum class News : uint8_t { kNone, kSome };
  // 5.4.2 to 5.4.4. kNone where the version is the recalled one: the recalled
  // one stays, and has to be fresh.
  Result<News> AddTimestamp(Bytes file);
  // 5.5.2 to 5.5.6.
  Status AddSnapshot(Bytes file);
  // 5.6.2 to 5.6.5.
  Status AddTargets(Bytes file);

  // The metadata of `role`, delegated by `delegator` (the top-level targets or
  // a result of this function), as 5.6.2 to 5.6.5 say of delegated roles.
  Result<std::shared_ptr<const Targets>> Delegated(const Targets& delegator,
                                                   std::string_view role,
                                                   Bytes file) const;

  // What the snapshot says of a role's file; null where it does not list it.
  const MetaFile* Listed(std::string_view role) const;

  const Root& root() const { return root_; }
  // Null before there is one.
  const Timestamp* timestamp() const;
  const Snapshot* snapshot() const;
  std::shared_ptr<const Targets> targets() const { return targets_; }

 private:
  explicit TrustedSet(const Rules& rules) : rules_(rules) {}

  Status CheckRole(const Envelope& envelope, Type type) const;
  Status CheckFresh(const Common& document, const std::string& what) const;
  Status CheckNotOlder(const Snapshot& snapshot) const;
  Result<Targets> ReadListed(Bytes file, std::string_view role,
                             const Keys& keys, const RoleKeys& signers,
                             const std::string& whose) const;

  Rules rules_;
  Root root_;
  bool online_keys_changed_ = false;
  std::optional<Timestamp> timestamp_;
  std::optional<Snapshot> recalled_snapshot_;
  std::optional<Snapshot> snapshot_;
  std::shared_ptr<const Targets> targets_;
};

}  // namespace vitrine::tuf
