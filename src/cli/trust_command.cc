// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/rule_source.h"
#include "cli/update_reports.h"
#include "config/paths.h"
#include "update/state/state.h"
#include "update/trust/limits.h"
#include "update/trust/trust.h"

namespace vitrine::cli {
namespace {

using update::Trust;
using update::UpdateState;

Result<std::string> ReadTrustText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{Code::kNotFound, path + ": cannot be read"};
  std::string text(update::kTrustSizeMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  return text;
}

Status Show(const UpdateState& state) {
  const Trust trust = TRY(state.ReadTrust());
  std::fputs(PrintableLines(FormatTrust(trust)).c_str(), stdout);
  return Ok();
}

// What is known of one says nothing of another.
Status ForgetPublisher(UpdateState& state) {
  TRY(state.Drop("log-view"));
  std::error_code ignored;
  for (const auto& file : std::filesystem::directory_iterator(
           state.Folder() + "/metadata", ignored)) {
    TRY(state.Drop("metadata/" + file.path().filename().string()));
  }
  for (const update::KeptDatabase& database : state.Databases()) {
    TRY(state.Drop(database.Kept("held")));
  }
  return Ok();
}

Status Init(const TrustArguments& arguments, UpdateState& state) {
  const std::string text = TRY(ReadTrustText(arguments.file));
  const Trust next = TRY(update::ParseTrust(text));
  const auto now = state.ReadTrust();
  const bool is_there = now.ok() || now.error().code != Code::kNotFound;
  if (is_there && !arguments.replace) {
    return Error{Code::kDenied,
                 "there is a trust file: tighten makes it stricter, init "
                 "--replace takes another publisher's"};
  }
  if (is_there && (!now.ok() || now.value().root != next.root ||
                   !(now.value().policy.logs.front().key ==
                     next.policy.logs.front().key))) {
    TRY(ForgetPublisher(state));
  }
  TRY(state.Save("trust", AsBytes(text)));
  std::printf("believed from now on: root %llu, sha256 %s, log %s\n",
              static_cast<unsigned long long>(next.root_version),
              ToHex(next.root).c_str(),
              next.policy.logs.front().key.name().c_str());
  return Ok();
}

// The quorum that there is and one witness more.
Result<Trust> WithWitness(Trust trust, const TrustArguments& arguments) {
  using Member = tlog::PolicyMember;
  tlog::Policy& policy = trust.policy;
  policy.witnesses.push_back(
      {arguments.name, TRY(tlog::VerifierKey::Parse(arguments.key)), ""});
  const Member witness = {Member::Kind::kWitness, policy.witnesses.size() - 1};
  if (policy.quorum) {
    policy.groups.push_back(
        {"with-" + arguments.name, 2, {*policy.quorum, witness}});
    policy.quorum = Member{Member::Kind::kGroup, policy.groups.size() - 1};
  } else {
    policy.quorum = witness;
  }
  // Read again: the policy's grammar knows more than this function.
  return update::ParseTrust(FormatTrust(trust));
}

Status Tighten(const Trust& next, UpdateState& state) {
  const Trust now = TRY(state.ReadTrust());
  TRY(update::CheckTightened(now, next));
  TRY(state.Save("trust", AsBytes(FormatTrust(next))));
  std::puts("the trust file is stricter now");
  return Ok();
}

Status RunVerb(const TrustArguments& arguments) {
  using Verb = TrustArguments::Verb;
  const config::Paths paths(arguments.root);
  if (arguments.verb == Verb::kShow) return Show(UpdateState::Look(paths));
  auto state = TRY(UpdateState::Open(paths));
  if (arguments.verb == Verb::kInit) return Init(arguments, state);
  if (arguments.verb == Verb::kAdd) {
    Trust now = TRY(state.ReadTrust());
    const Trust next = TRY(WithWitness(std::move(now), arguments));
    return Tighten(next, state);
  }
  const std::string text = TRY(ReadTrustText(arguments.file));
  return Tighten(TRY(update::ParseTrust(text)), state);
}

}  // namespace

int RunTrust(const TrustArguments& arguments) {
  const Status done = RunVerb(arguments);
  if (done.ok()) return 0;
  Complain(done.error().message);
  return 2;
}

}  // namespace vitrine::cli
