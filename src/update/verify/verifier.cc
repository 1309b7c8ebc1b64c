// SPDX-License-Identifier: Apache-2.0
#include "update/verify/verifier.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "crypto/digest.h"
#include "crypto/signature.h"
#include "tlog/checkpoint.h"
#include "tlog/limits.h"
#include "tuf/content.h"
#include "tuf/limits.h"
#include "tuf/paths.h"
#include "update/accept/limits.h"
#include "update/release/release_path.h"
#include "update/trust/limits.h"
#include "update/verify/content.h"
#include "update/verify/held.h"
#include "update/verify/limits.h"
#include "update/verify/sources.h"

namespace vitrine::update {
namespace {

constexpr char kProbe[] = "/none";  // No release has this name.

Error Unproven(const Error& error) {
  // What could not be fetched was not judged.
  if (error.code == Code::kUnavailable || error.code == Code::kDeadline) {
    return error;
  }
  return Refused(Rule::kAuthorised, error.message);
}

class Verification {
 public:
  Verification(Office& office, const Order& order)
      : office_(office), order_(order), sources_(office), store_(office) {}

  Result<Verdict> Run() {
    TRY(Recall());
    Judge judge(std::move(view_), trust_, order_.bundle ? 0 : order_.clock);
    auto verdict = Decide(judge);
    // Also where it is refused: the view that is kept knows those entries, and
    // no later update would tell of them.
    for (const Alert& alert : judge.alerts()) TRY(office_.Tell(alert));
    return verdict;
  }

 private:
  Result<Verdict> Decide(Judge& judge) {
    const Status followed = Follow(judge);
    view_ = judge.view();
    if (!followed.ok()) return followed.error();
    TRY(Authorise());
    return Accept(judge);
  }

  Status Recall() {
    const ByteVector trust = TRY(office_.Load("trust", kTrustSizeMax));
    trust_ = TRY(ParseTrust(AsText(trust)));
    // Where the file has no line for db, it is not 0 that it asks for.
    const uint64_t age = std::max(trust_.MinAge(kDatabaseRole), order_.min_age);
    trust_.min_age[kDatabaseRole] = age;
    if (const auto held = TRY(Remembered("held", kHeldSizeMax))) {
      held_ = TRY(ParseHeld(AsText(*held)));
    }
    if (const auto view = TRY(Remembered("log-view", kLogViewSizeMax))) {
      view_ = TRY(ParseLogView(AsText(*view)));
    }
    if (!order_.bundle) return Ok();
    bundle_ = TRY(office_.Load("bundle", kBundleSizeMax));
    sources_.Use(TRY(Sources::Open(bundle_)));
    return Ok();
  }

  // What is there and cannot be read is not forgotten: rules 8 and 10 hold by
  // it.
  Result<std::optional<ByteVector>> Remembered(const std::string& name,
                                               size_t size_max) {
    auto file = office_.Load(name, size_max);
    if (file.ok()) return std::optional(std::move(file).value());
    if (file.error().code == Code::kNotFound)
      return std::optional<ByteVector>();
    return std::move(file).error();
  }

  Status Follow(Judge& judge) {
    const tlog::TileSource tiles = sources_.Tiles();
    // Publishers keep the checkpoints that who signs and a release were public
    // with, the smaller tree first.
    for (const char* name : {"checkpoint.earliest", "checkpoint.earlier"}) {
      const auto earlier =
          sources_.Fetch("log/" + std::string(name), tlog::kNoteBytesMax);
      if (!earlier.ok()) continue;
      static_cast<void>(judge.FollowEarlier(AsText(earlier.value()), tiles));
    }
    const ByteVector note =
        TRY(sources_.Fetch("log/checkpoint", tlog::kNoteBytesMax));
    const Status followed = judge.Follow(AsText(note), tiles);
    if (!judge.evidence().empty()) {
      TRY(office_.Testify(AsBytes(judge.evidence())));
    }
    TRY(office_.Save("log-view", AsBytes(FormatLogView(judge.view()))));
    if (!followed.ok()) return followed;
    const uint64_t seen = judge.view().time;
    if (order_.bundle && seen != 0 && order_.clock > seen + trust_.max_stale) {
      TRY(office_.Tell({Rule::kFresh,
                        "by this machine's clock the bundle is "
                        "older than the trust file allows"}));
    }
    return Ok();
  }

  Status Authorise() {
    TRY(FirstRoot());
    tuf::TrustedSet::Rules rules;
    rules.now = static_cast<tuf::Time>(trust_.policy.quorum ? view_.time
                                                            : order_.clock);
    client_.emplace(sources_, store_, rules);
    const Status refreshed = client_->Refresh();
    if (!refreshed.ok()) return Unproven(refreshed.error());
    const auto probed = client_->Find("db/" + order_.channel + kProbe);
    if (!probed.ok() && probed.error().code != Code::kNotFound) {
      return Unproven(probed.error());
    }
    db_file_ = TRY(store_.Load("db.json", tuf::kTargetsSizeMax));
    const tuf::Envelope envelope =
        TRY(tuf::ReadEnvelope(db_file_, tuf::kTargetsSizeMax));
    db_ = TRY(tuf::ReadTargets(envelope.body));
    return Ok();
  }

  Status FirstRoot() {
    if (TRY(Remembered("metadata/root.json", tuf::kRootSizeMax))) return Ok();
    const auto version = static_cast<int64_t>(trust_.root_version);
    const ByteVector file = TRY(sources_.FetchMetadata(
        tuf::RemoteName("root", version), tuf::kRootSizeMax));
    if (crypto::Sha256(file) != trust_.root) {
      return Refused(Rule::kAuthorised,
                     "the repository's first root is not the one of the trust "
                     "file");
    }
    return store_.Save("root.json", file);
  }

  uint64_t HeldOf(std::string_view role) const {
    const auto at = held_.find(role);
    return at == held_.end() ? 0 : at->second;
  }

  Result<LoggedVersion> CheckRole(Judge& judge, const std::string& role,
                                  int64_t version, Bytes file) {
    auto held = HeldOf(role);
    // The owner named this very file.
    if (role == "root") held = std::max(held, trust_.root_version);
    const auto number = static_cast<uint64_t>(version);
    auto logged = TRY(judge.CheckMetadata(role, number, file, held));
    next_[role] = number;
    return logged;
  }

  Result<Verdict> Accept(Judge& judge) {
    const tuf::TrustedSet& set = *client_->trusted();
    const ByteVector root = TRY(store_.Load("root.json", tuf::kRootSizeMax));
    TRY(CheckRole(judge, "root", set.root().version, root));
    const ByteVector targets =
        TRY(store_.Load("targets.json", tuf::kTargetsSizeMax));
    TRY(CheckRole(judge, "targets", set.targets()->version, targets));
    const LoggedVersion db =
        TRY(CheckRole(judge, kDatabaseRole, db_.version, db_file_));

    const ContentSource source = {office_, sources_, *client_,
                                  db_,     order_,   view_};
    Verdict verdict;
    verdict.version = TRY(ChooseRelease(db_, order_));
    if (verdict.version == order_.current) return verdict;
    if (verdict.version < order_.current && order_.pin == 0) {
      return Refused(Rule::kForward,
                     "release " + std::to_string(verdict.version) +
                         " is offered, and " + std::to_string(order_.current) +
                         " is in use");
    }
    verdict.what = Verdict::What::kOffered;
    if (order_.look) return verdict;
    TRY(TakeContent(source, db.index, verdict));
    TRY(office_.Keep("held", AsBytes(FormatHeld(next_))));
    return verdict;
  }

  Office& office_;
  const Order& order_;
  Sources sources_;
  OfficeStore store_;
  ByteVector bundle_;
  Trust trust_;
  Held held_;
  Held next_;
  LogView view_;
  std::optional<tuf::Client> client_;
  ByteVector db_file_;
  tuf::Targets db_;
};

}  // namespace

Result<Verdict> VerifyUpdate(Office& office, const Order& order) {
  return Verification(office, order).Run();
}

void WarmUpVerifier() {
  const auto key =
      crypto::PrivateKey::Generate(crypto::SignatureScheme::kEd25519);
  const ByteVector signature = key.Sign({});
  static_cast<void>(key.Public().Verify({}, signature));
  static_cast<void>(crypto::Sha256({}));
}

}  // namespace vitrine::update
