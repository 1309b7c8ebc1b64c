// SPDX-License-Identifier: Apache-2.0
#include "cli/update_reports.h"

#include <unistd.h>

#include "base/text.h"
#include "base/utf8.h"
#include "cli/guard_socket.h"
#include "cli/limits.h"
#include "cli/number.h"
#include "config/paths.h"
#include "control/client.h"
#include "events/present.h"
#include "events/spool_writer.h"
#include "update/accept/limits.h"
#include "update/accept/log_view.h"

namespace vitrine::cli {
namespace {

constexpr int64_t kDay = 86400;
constexpr int64_t kNanoseconds = 1'000'000'000;

std::string Time(uint64_t seconds) {
  return events::UtcTime(static_cast<int64_t>(seconds) * kNanoseconds);
}

std::string Files(const update::Leaf& leaf) {
  std::string text;
  for (const update::LeafFile& file : leaf.contents) {
    text += "  says of   " + file.path + '\n' + "  size      " +
            std::to_string(file.size) + "\n  sha256    " + ToHex(file.sha256) +
            '\n';
  }
  return text;
}

// What somebody types who does not believe this program.
std::string HowToCheck(const update::KeptDatabase& database,
                       const update::Trust& trust) {
  std::string text =
      "\nThe same with tools that are not ours (docs/check-us.md):\n"
      "  sha256sum " +
      database.File() + "\n  tlog-proof verifiers take " + database.folder +
      "/leaf and leaf.tlog-proof with these keys:\n  " +
      trust.policy.logs.front().key.Text() + '\n';
  for (const auto& witness : trust.policy.witnesses) {
    text += "  " + witness.key.Text() + '\n';
  }
  return text;
}

}  // namespace

std::string PrintableLines(std::string_view text) {
  std::string out;
  bool first = true;
  for (const std::string_view line : Split(text, '\n')) {
    if (!first) out += '\n';
    first = false;
    out += Printable(line);
  }
  return out;
}

std::string ProofReport(const update::KeptDatabase& database,
                        const update::KeptProof& proof) {
  const update::Leaf& leaf = proof.leaf;
  const tlog::Judgement& judgement = proof.entry.judgement;
  const tlog::OpenedCheckpoint& opened = judgement.opened;
  std::string text = database.Name() + " is proven.\n  log       " +
                     opened.checkpoint.origin + "\n  entry     " +
                     std::to_string(proof.entry.index) + " of " +
                     std::to_string(opened.checkpoint.size) + "\n  root      " +
                     tlog::HashText(opened.checkpoint.root) + '\n';
  for (size_t i = 0; i < opened.times.size(); ++i) {
    if (!opened.times[i]) continue;
    text += "  witness   " + proof.trust.policy.witnesses[i].name + " at " +
            Time(*opened.times[i]) + '\n';
  }
  if (judgement.times) {
    text += "  public    by " + Time(judgement.times->public_by) + '\n';
  } else {
    text += "  witness   none: the trust file asks for none\n";
  }
  if (leaf.metadata) {
    text += "  metadata  db version " + std::to_string(leaf.metadata->version) +
            ", sha256 " + ToHex(leaf.metadata->sha256) + '\n';
  }
  if (leaf.source) {
    text += "  sources   " + leaf.source->path + ", sha256 " +
            ToHex(leaf.source->sha256) + '\n';
  }
  return PrintableLines(text + Files(leaf) + HowToCheck(database, proof.trust));
}

std::string DatabaseAlarm(const std::string& root, std::time_t now) {
  const auto state = update::UpdateState::Look(config::Paths(root));
  const auto file = state.ReadKept("log-view", update::kLogViewSizeMax);
  if (!file.ok()) return {};
  const auto view = update::ParseLogView(AsText(file.value()));
  if (!view.ok() || view.value().time == 0) return {};
  const int64_t age = now - static_cast<int64_t>(view.value().time);
  if (age < kAgeWarning * kDay) return {};
  const std::string days = Counted(static_cast<uint64_t>(age / kDay), "day");
  if (age < kAgeAlarm * kDay) {
    return "the database was last known to be the newest " + days + " ago";
  }
  return "THE DATABASE IS OLD: it was last known to be the newest " + days +
         " ago";
}

void RecordUpdate(const std::string& root, UpdateNews news,
                  const std::string& text) {
  events::Event event = events::Make(events::LifecycleActivity::kUpdate);
  event.reason = "update";
  event.message = text.substr(0, kEventTextMax);
  event.outcome = news == UpdateNews::kTaken ? events::Outcome::kSuccess
                                             : events::Outcome::kFailure;
  if (news != UpdateNews::kTaken) event.severity = events::Severity::kHigh;
  event.uid = getuid();
  event.pid = static_cast<uint32_t>(getpid());
  const config::Paths paths(root);
  auto spool = events::SpoolWriter::Open({paths.EventSpool() + "/cli", "cli"});
  if (spool.ok()) static_cast<void>(spool.value()->Append(event));
}

void TellPrograms(const std::string& root) {
  static_cast<void>(AskGuard(root, "reload-database"));
  static_cast<void>(control::Ask(config::Paths(root).ClamdSocket(), "nRELOAD",
                                 "doorman", kDoormanTime, kDoormanAnswerMax));
}

}  // namespace vitrine::cli
