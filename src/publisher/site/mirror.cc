// SPDX-License-Identifier: Apache-2.0
#include "publisher/site/mirror.h"

#include <optional>

#include "base/read_file.h"
#include "base/text.h"
#include "publisher/files/durable_files.h"
#include "publisher/log/log_files.h"
#include "publisher/site/limits.h"
#include "tlog/limits.h"
#include "tuf/limits.h"
#include "tuf/metadata.h"
#include "tuf/paths.h"

namespace vitrine::publisher {
namespace {

// Files that the log does not name, and select among what it does.
struct Selection {
  ByteVector timestamp;
  std::string snapshot_path;
  ByteVector snapshot;
};

Result<Selection> FetchSelection(SiteSource& source) {
  Selection out;
  out.timestamp =
      TRY(source.Fetch("metadata/timestamp.json", tuf::kTimestampSizeMax));
  const tuf::Envelope envelope =
      TRY(tuf::ReadEnvelope(out.timestamp, tuf::kTimestampSizeMax));
  const tuf::Timestamp document = TRY(tuf::ReadTimestamp(envelope.body));
  out.snapshot_path =
      "metadata/" + tuf::RemoteName("snapshot", document.snapshot.version);
  out.snapshot = TRY(source.Fetch(out.snapshot_path, tuf::kSnapshotSizeMax));
  return out;
}

// Shows what the copy has of everything else: what a client reads first comes
// last.
Status ShowCopy(SiteSource& source, const std::string& site,
                const AuditReport& report, const Selection& selection) {
  const DurableFiles files;
  for (uint64_t i = FirstUnproven(site + "/log", report.size); i < report.size;
       ++i) {
    const std::string path = "log/" + ProofPath(i);
    const ByteVector bytes = TRY(source.Fetch(path, tlog::kProofFileBytesMax));
    TRY(files.Write(site + "/" + path, bytes));
  }
  TRY(files.Write(site + "/" + selection.snapshot_path, selection.snapshot));
  TRY(files.Write(site + "/log/checkpoint", AsBytes(report.checkpoint)));
  for (const auto& [name, note] : report.earlier) {
    TRY(files.Write(site + "/log/" + name, AsBytes(note)));
  }
  return files.Write(site + "/metadata/timestamp.json", selection.timestamp);
}

}  // namespace

Result<AuditState> ReadAuditState(const std::string& path) {
  const auto bytes = ReadFile(path, kTextMax);
  AuditState state;
  if (!bytes.ok()) {
    if (bytes.error().code == Code::kNotFound) return state;
    return bytes.error();
  }
  const auto fields = Split(Trim(AsText(bytes.value())), ' ');
  const auto size = fields.size() == 2 ? ParseDecimal(fields[0]) : std::nullopt;
  const auto root =
      fields.size() == 2 ? tlog::ParseHash(fields[1]) : std::nullopt;
  if (!size || !root) return Error{Code::kInvalid, path + ": not a state"};
  return AuditState{*size, *root};
}

Status WriteAuditState(const std::string& path, const AuditState& state) {
  return DurableFiles().Write(path, AsBytes(std::to_string(state.size) + " " +
                                            tlog::HashText(state.root) + "\n"));
}

Result<AuditReport> CopySite(const MirrorOptions& options) {
  const auto source = TRY(OpenSite(options.from));
  const std::string site = options.folder + "/site";
  const std::string state_path = options.folder + "/state/copied";
  const AuditState state = TRY(ReadAuditState(state_path));
  AuditOptions audit;
  audit.policy = options.policy;
  audit.checkpoint = options.checkpoint;
  audit.known_size = state.size;
  audit.known_root = state.root;
  audit.keep = [&site](const std::string& path, Bytes bytes) {
    return DurableFiles().WriteOnce(site + "/" + path, bytes);
  };
  // Before the log is read: all that they name is in it then. A publisher goes
  // on meanwhile, and later ones may name what this copy lacks.
  std::optional<Selection> selection;
  if (options.checkpoint.empty()) selection = TRY(FetchSelection(*source));
  AuditReport report = TRY(Audit(*source, audit));
  if (!report.alarms.empty()) {
    return Error{Code::kDenied, report.alarms.front()};
  }
  if (selection) TRY(ShowCopy(*source, site, report, *selection));
  TRY(WriteAuditState(state_path, {report.size, report.root}));
  return report;
}

}  // namespace vitrine::publisher
