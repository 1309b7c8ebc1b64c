// SPDX-License-Identifier: Apache-2.0
#include "update/session/session.h"

#include <algorithm>
#include <ctime>
#include <memory>
#include <utility>

#include "base/utf8.h"
#include "update/accept/refusal.h"
#include "update/fetch/courier_client.h"
#include "update/proof_check/proof_check.h"
#include "update/session/canary.h"
#include "update/session/relay.h"

namespace vitrine::update {
namespace {

class Session {
 public:
  Session(UpdateState& state, const SessionOptions& options,
          SessionResult& result)
      : state_(state), options_(options), result_(result) {}

  Status Run() {
    trust_ = TRY(state_.ReadTrust());
    order_.channel = options_.channel;
    order_.pin = options_.pin;
    order_.min_age = options_.min_age;
    order_.bundle = !options_.bundle.empty();
    order_.look = options_.look;
    order_.clock = static_cast<uint64_t>(std::time(nullptr));
    order_.current = CurrentRelease();
    TRY(Verify());
    if (result_.verdict.what != Verdict::What::kTaken) return Ok();
    const Status accepted = Accept();
    if (!accepted.ok()) state_.Abandon();
    return accepted;
  }

 private:
  // Releases of another channel are other numbers, and so are those of another
  // publisher, whose held versions `trust init --replace` has removed.
  uint64_t CurrentRelease() const {
    const auto active = state_.Active();
    if (!active || active->channel != order_.channel) return 0;
    const auto held = state_.OpenKept(active->Kept("held"));
    const bool forgotten = !held.ok() && held.error().code == Code::kNotFound;
    return forgotten ? 0 : active->release;
  }

  Status Verify() {
    std::unique_ptr<CourierClient> courier;
    if (!order_.bundle) {
      courier = TRY(CourierClient::Start(
          {options_.courier, options_.paths.root(), options_.paths.Staging()}));
    }
    Relay::Options relay = {
        options_.verifier, courier.get(), options_.bundle, {}};
    for (;;) {
      Relay verifier(state_, relay);
      auto verdict = verifier.Run(order_);
      for (const std::string& alert : verifier.alerts()) Tell(alert);
      if (verdict.ok()) {
        result_.verdict = verdict.value();
        return Ok();
      }
      state_.Abandon();
      if (verdict.error().code != Code::kDenied) return verdict.error();
      TRY(state_.AddEvidence(AsBytes(verdict.error().message)));
      if (order_.bundle || relay.avoid.size() + 1 >= options_.mirrors) {
        return verdict.error();
      }
      Tell("mirror " + std::to_string(verifier.mirror() + 1) + ": " +
           verdict.error().message);
      relay.avoid.push_back(verifier.mirror());
    }
  }

  void Tell(const std::string& alert) {
    if (std::find(result_.alerts.begin(), result_.alerts.end(), alert) ==
        result_.alerts.end()) {
      result_.alerts.push_back(alert);
    }
  }

  // A verifier that was taken over chooses among what was asked for at most.
  Status CheckRelease() const {
    const uint64_t release = result_.verdict.version;
    if (order_.look) {
      return Error{Code::kInvalid,
                   "the verifier took what was to be looked at"};
    }
    if (order_.pin != 0 ? release == order_.pin : release > order_.current) {
      return Ok();
    }
    return Refused(Rule::kForward, "the verifier took release " +
                                       std::to_string(release) +
                                       ", which was not asked for");
  }

  // What the verifier says is checked by less code than it has.
  Status Accept() {
    TRY(CheckRelease());
    const UniqueFd file = TRY(state_.OpenRoom());
    const ByteVector leaf = TRY(state_.ReadRoom("leaf"));
    const ByteVector proof = TRY(state_.ReadRoom("leaf.tlog-proof"));
    const FileDigest digest = TRY(DigestFile(file.get()));
    KeptDatabase next;
    next.channel = options_.channel;
    next.release = result_.verdict.version;
    TRY(CheckProof(trust_, {next.TargetPath(), AsText(leaf), AsText(proof)},
                   digest.size, digest.sha256));
    auto tried =
        TryDatabase(file.get(), options_.scanner,
                    KnownGoodFiles(options_.paths.Etc() + "/known-good"));
    if (!tried.ok()) {
      if (tried.error().code == Code::kDenied) {
        TRY(state_.AddEvidence(AsBytes(tried.error().message)));
        TRY(state_.AddEvidence(leaf));
      }
      return tried.error();
    }
    result_.known_good = tried.value().scanned;
    if (const auto& left = tried.value().passed_over; !left.empty()) {
      Tell(
          "known-good files that it was not tried on, unreadable, too large or "
          "too many: " +
          std::to_string(left.size()) + ", the first is " +
          Printable(left.front()));
    }
    return state_.Activate(next.channel, next.release);
  }

  UpdateState& state_;
  const SessionOptions& options_;
  SessionResult& result_;
  Trust trust_;
  Order order_;
};

}  // namespace

Status RunSession(UpdateState& state, const SessionOptions& options,
                  SessionResult& result) {
  return Session(state, options, result).Run();
}

}  // namespace vitrine::update
