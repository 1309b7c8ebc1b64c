// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "tlog/judgement.h"
#include "tlog/tile.h"
#include "update/accept/log_view.h"
#include "update/accept/refusal.h"
#include "update/release/leaf.h"
#include "update/trust/trust.h"

// The acceptance rule, docs/spec/update.md: what the log, the witnesses and the
// trust file say about an update whose signatures (rule 1) src/tuf verifies.
namespace vitrine::update {

// What a person should hear of and an update does not stop for.
struct Alert {
  Rule rule = Rule::kExplained;
  std::string what;
};

// One update's judge. FollowEarlier() as often as there are earlier
// checkpoints, Follow() once, then the rest in any order. Pure but for the
// source of tiles that it is given. Not thread-safe.
//
// What is refused says by which rule. Where two signed trees do not go together
// evidence() holds both: anybody can verify them. A mirror that damages entries
// between them looks the same here; who has the log's files can tell.
class Judge {
 public:
  // `known`: from the last update, or a new one. `clock`: this machine's, in
  // seconds since 1970; believed only where it says that time has passed.
  // `trust` must outlive this.
  Judge(LogView known, const Trust& trust, uint64_t clock);

  // An older checkpoint that the publisher kept, so that the age of entries is
  // known to who sees them for the first time. Those of trees that are known
  // already are passed over. Rules 3, 8 and 10.
  Status FollowEarlier(std::string_view note, const tlog::TileSource& bundles);

  // The newest checkpoint, and all entries up to it. Rules 3, 4, 8 and 10.
  Status Follow(std::string_view note, const tlog::TileSource& bundles);

  // Rules 2, 5, 6 and 8 for one metadata file: the log has exactly these bytes
  // as that version of that role, for long enough. `held`: the version in use,
  // 0 without one. A newer one in the log becomes an alert.
  Result<LoggedVersion> CheckMetadata(std::string_view role, uint64_t version,
                                      Bytes file, uint64_t held);

  const LogView& view() const { return view_; }
  const std::vector<Alert>& alerts() const { return alerts_; }
  const std::string& evidence() const { return evidence_; }

 private:
  Status Advance(const tlog::Judgement& judgement, std::string_view note,
                 const tlog::TileSource& bundles);
  Status Walk(const tlog::Judgement& judgement, std::string_view note,
              const tlog::TileSource& bundles);
  Result<tlog::Judgement> Open(std::string_view note);
  void See(uint64_t index, Bytes entry, uint64_t public_by, LogView& view);
  void Record(uint64_t index, const Leaf& leaf, uint64_t public_by,
              LogView& view);
  // Rule 6: what the log has and nobody offers.
  void CheckOffered(std::string_view role, uint64_t version);
  void Warn(Rule rule, std::string what);
  Error Fork(std::string_view note, const std::string& why);

  LogView view_;
  const Trust& trust_;
  uint64_t clock_;
  uint64_t fresh_ = 0;
  std::vector<Alert> alerts_;
  std::string evidence_;
};

// Rule 9: the database's bytes are what the entry says of `path`.
Status CheckContent(const Leaf& leaf, std::string_view path, uint64_t size,
                    const crypto::Sha256Digest& sha256);

}  // namespace vitrine::update
