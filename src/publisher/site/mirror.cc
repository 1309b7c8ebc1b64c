// SPDX-License-Identifier: Apache-2.0
#include "publisher/site/mirror.h"

#include <algorithm>

#include "base/read_file.h"
#include "base/text.h"
#include "publisher/files/durable_files.h"
#include "publisher/log/log_files.h"
#include "publisher/site/limits.h"
#include "tlog/limits.h"
#include "tuf/limits.h"
#include "tuf/metadata.h"

namespace vitrine::publisher {
namespace {

// Of files that the log does not name: they select, or prove what is known.
Status CopyUnlogged(SiteSource& source, const std::string& site,
                    const AuditReport& report, uint64_t from) {
  const DurableFiles files;
  for (uint64_t i = from; i < report.size; ++i) {
    const std::string path = "log/" + ProofPath(i);
    const ByteVector bytes = TRY(source.Fetch(path, tlog::kProofFileBytesMax));
    TRY(files.Write(site + "/" + path, bytes));
  }
  const ByteVector timestamp =
      TRY(source.Fetch("metadata/timestamp.json", tuf::kTimestampSizeMax));
  const tuf::Envelope envelope =
      TRY(tuf::ReadEnvelope(timestamp, tuf::kTimestampSizeMax));
  const tuf::Timestamp document = TRY(tuf::ReadTimestamp(envelope.body));
  const std::string snapshot = "metadata/" +
                               std::to_string(document.snapshot.version) +
                               ".snapshot.json";
  const ByteVector bytes = TRY(source.Fetch(snapshot, tuf::kSnapshotSizeMax));
  TRY(files.Write(site + "/" + snapshot, bytes));
  TRY(files.Write(site + "/log/checkpoint", AsBytes(report.checkpoint)));
  return files.Write(site + "/metadata/timestamp.json", timestamp);
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
  audit.from = state.size;
  audit.known_size = state.size;
  audit.known_root = state.root;
  audit.keep = [&site](const std::string& path, Bytes bytes) {
    return DurableFiles().WriteOnce(site + "/" + path, bytes);
  };
  AuditReport report = TRY(Audit(*source, audit));
  if (!report.alarms.empty()) {
    return Error{Code::kDenied, report.alarms.front()};
  }
  if (options.checkpoint.empty()) {
    uint64_t proofs = report.size;
    while (proofs > 0 && !ReadFile(site + "/log/" + ProofPath(proofs - 1),
                                   tlog::kProofFileBytesMax)
                              .ok()) {
      --proofs;
    }
    TRY(CopyUnlogged(*source, site, report, proofs));
  }
  TRY(WriteAuditState(state_path, {report.size, report.root}));
  return report;
}

}  // namespace vitrine::publisher
