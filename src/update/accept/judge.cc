// SPDX-License-Identifier: Apache-2.0
#include "update/accept/judge.h"

#include <algorithm>
#include <utility>

#include "tlog/checkpoint.h"
#include "tlog/tail.h"
#include "update/accept/limits.h"

namespace vitrine::update {
namespace {

// "3 h", "12 min", "40 s".
std::string Duration(uint64_t seconds) {
  if (seconds >= 2 * 86400) return std::to_string(seconds / 86400) + " days";
  if (seconds >= 2 * 3600) return std::to_string(seconds / 3600) + " h";
  if (seconds >= 120) return std::to_string(seconds / 60) + " min";
  return std::to_string(seconds) + " s";
}

std::string Named(std::string_view role, uint64_t version) {
  return std::string(role) + " version " + std::to_string(version);
}

}  // namespace

Judge::Judge(LogView known, const Trust& trust, uint64_t clock)
    : view_(std::move(known)),
      trust_(trust),
      clock_(std::max(clock, view_.time)) {}

Result<tlog::Judgement> Judge::Open(std::string_view note) {
  auto judgement = tlog::JudgeCheckpoint(note, trust_.policy);
  if (!judgement.ok()) {
    return Refused(Rule::kWitnessed, judgement.error().message);
  }
  return judgement;
}

Status Judge::FollowEarlier(std::string_view note,
                            const tlog::TileSource& bundles) {
  const tlog::Judgement judgement = TRY(Open(note));
  if (judgement.opened.checkpoint.size <= view_.frontier.size()) return Ok();
  return Advance(judgement, note, bundles);
}

Status Judge::Follow(std::string_view note, const tlog::TileSource& bundles) {
  const tlog::Judgement judgement = TRY(Open(note));
  if (judgement.times) {
    const uint64_t fresh = judgement.times->fresh;
    if (clock_ > fresh && clock_ - fresh > trust_.max_stale) {
      return Refused(Rule::kFresh,
                     "witnesses last saw this log " + Duration(clock_ - fresh) +
                         " ago; at most " + Duration(trust_.max_stale) +
                         " are allowed");
    }
    fresh_ = fresh;
  }
  return Advance(judgement, note, bundles);
}

Status Judge::Advance(const tlog::Judgement& judgement, std::string_view note,
                      const tlog::TileSource& bundles) {
  const size_t alerts = alerts_.size();
  Status walked = Walk(judgement, note, bundles);
  // Of entries that are not believed nothing is told.
  if (!walked.ok()) alerts_.resize(alerts);
  return walked;
}

Status Judge::Walk(const tlog::Judgement& judgement, std::string_view note,
                   const tlog::TileSource& bundles) {
  const tlog::Checkpoint& checkpoint = judgement.opened.checkpoint;
  const uint64_t known = view_.frontier.size();
  if (checkpoint.size < known) {
    return Refused(Rule::kForward, "the log had " + std::to_string(known) +
                                       " entries, and now has " +
                                       std::to_string(checkpoint.size));
  }
  if (checkpoint.size == known && checkpoint.root != view_.frontier.Root()) {
    return Fork(note, "the log shows two trees of " + std::to_string(known) +
                          " entries");
  }
  const uint64_t public_by = judgement.times ? judgement.times->public_by : 0;
  // Believed when the root is reached, and not before.
  LogView next = view_;
  tlog::Tail tail(next.frontier, checkpoint.size);
  while (const auto tile = tail.Next()) {
    const ByteVector bundle = TRY(bundles(*tile));
    const Status taken = tail.Take(bundle, [&](uint64_t index, Bytes entry) {
      See(index, entry, public_by, next);
    });
    if (!taken.ok()) {
      return Refused(Rule::kExplained,
                     "entries of the log: " + taken.error().message);
    }
  }
  auto frontier = tail.Finish(checkpoint.root);
  if (!frontier.ok()) {
    return Fork(note,
                "the entries that are served do not make the tree that was "
                "signed");
  }
  next.frontier = std::move(frontier).value();
  next.checkpoint = note;
  if (judgement.times) next.time = std::max(next.time, judgement.times->fresh);
  view_ = std::move(next);
  return Ok();
}

void Judge::See(uint64_t index, Bytes entry, uint64_t public_by,
                LogView& view) {
  const auto leaf = ParseLeaf(AsText(entry));
  if (!leaf.ok()) {
    Warn(Rule::kExplained,
         "entry " + std::to_string(index) + ": " + leaf.error().message);
    return;
  }
  Record(index, leaf.value(), public_by, view);
}

void Judge::Record(uint64_t index, const Leaf& leaf, uint64_t public_by,
                   LogView& view) {
  const std::string entry = "entry " + std::to_string(index) + ": ";
  const std::string key =
      std::string(LeafTypeName(leaf.type)) + ' ' + leaf.role;
  const auto last = view.last.find(key);
  const bool linked =
      last == view.last.end() ? !leaf.previous : leaf.previous == last->second;
  if (!linked) {
    Warn(Rule::kExplained, entry + "does not follow the last one of " + key);
  }
  if (last != view.last.end()) {
    last->second = index;
  } else if (view.last.size() < kLogRolesMax) {
    view.last.emplace(key, index);
  } else {
    Warn(Rule::kExplained, entry + "one role too many");
    return;
  }
  if (!leaf.metadata) return;
  auto& versions = view.roles[leaf.role];
  if (!versions.empty() && versions.back().version >= leaf.metadata->version) {
    Warn(Rule::kExplained, entry + Named(leaf.role, leaf.metadata->version) +
                               " after version " +
                               std::to_string(versions.back().version));
    return;
  }
  if (versions.size() == kLogVersionsMax) versions.erase(versions.begin());
  versions.push_back({leaf.metadata->version, index, leaf.metadata->size,
                      leaf.metadata->sha256, public_by});
}

Result<LoggedVersion> Judge::CheckMetadata(std::string_view role,
                                           uint64_t version, Bytes file,
                                           uint64_t held) {
  const LoggedVersion* const logged = view_.Find(role, version);
  if (logged == nullptr) {
    return Refused(Rule::kLogged,
                   Named(role, version) + " is signed, but is not in the log");
  }
  if (logged->size != file.size() || logged->sha256 != crypto::Sha256(file)) {
    return Refused(Rule::kLogged, Named(role, version) +
                                      " is signed, but the log has other bytes "
                                      "of it, in entry " +
                                      std::to_string(logged->index));
  }
  const uint64_t least = std::max(trust_.Floor(role), held);
  if (version < least) {
    return Refused(Rule::kForward, Named(role, version) + " is older than " +
                                       std::to_string(least));
  }
  const uint64_t wanted = trust_.MinAge(role);
  const uint64_t age =
      fresh_ > logged->public_by ? fresh_ - logged->public_by : 0;
  if (wanted > 0 && version > held &&
      (logged->public_by == 0 || age < wanted)) {
    return Refused(Rule::kAged, Named(role, version) + " has been public for " +
                                    Duration(logged->public_by == 0 ? 0 : age) +
                                    " of " + Duration(wanted));
  }
  CheckOffered(role, version);
  return *logged;
}

void Judge::CheckOffered(std::string_view role, uint64_t version) {
  const LoggedVersion* const newest = view_.Newest(role);
  if (newest == nullptr || newest->version <= version) return;
  if (fresh_ < newest->public_by ||
      fresh_ - newest->public_by <= kOfferSeconds) {
    return;
  }
  Warn(Rule::kOffered, "the log has " + Named(role, newest->version) + " for " +
                           Duration(fresh_ - newest->public_by) +
                           ", and only version " + std::to_string(version) +
                           " is offered here");
}

void Judge::Warn(Rule rule, std::string what) {
  if (alerts_.size() < kAlertsMax) alerts_.push_back({rule, std::move(what)});
}

Error Judge::Fork(std::string_view note, const std::string& why) {
  evidence_ = view_.checkpoint + '\n' + std::string(note);
  return Refused(Rule::kExplained, why);
}

Status CheckContent(const Leaf& leaf, std::string_view path, uint64_t size,
                    const crypto::Sha256Digest& sha256) {
  const auto says = [path](const LeafFile& file) { return file.path == path; };
  for (const auto* files : {&leaf.contents, &leaf.targets}) {
    const auto at = std::find_if(files->begin(), files->end(), says);
    if (at == files->end()) continue;
    if (at->size == size && at->sha256 == sha256) return Ok();
    return Refused(Rule::kContent,
                   std::string(path) + " is not the file that the log has");
  }
  return Refused(Rule::kContent, "the log has no file " + std::string(path));
}

}  // namespace vitrine::update
