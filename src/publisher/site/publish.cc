// SPDX-License-Identifier: Apache-2.0
#include "publisher/site/publish.h"

#include <algorithm>

#include "base/private_file.h"
#include "base/read_file.h"
#include "publisher/log/log_files.h"
#include "publisher/site/leaf_index.h"
#include "publisher/site/limits.h"
#include "publisher/site/staging.h"
#include "tlog/limits.h"
#include "tlog/proof_file.h"
#include "tuf/limits.h"
#include "tuf/paths.h"
#include "tuf/repository.h"
#include "tuf/signer.h"
#include "update/release/release_path.h"

namespace vitrine::publisher {
namespace {

class Publisher {
 public:
  Publisher(const Places& places, const PublishOptions& options,
            tlog::Policy policy, LogWriter writer, tuf::Repository repository,
            const DurableFiles& files)
      : places_(places),
        options_(options),
        files_(files),
        policy_(std::move(policy)),
        writer_(std::move(writer)),
        repository_(std::move(repository)) {}

  Result<Published> Run() {
    staged_ = TRY(ListStaging(places_.Staging()));
    for (const Staged& each : staged_) TRY(PublishMetadata(each));
    TRY(AppendLeaves());
    out_.publication = TRY(writer_.Publish(
        policy_, options_.ask, options_.cosignatures, options_.force));
    if (!out_.publication.has_quorum &&
        options_.force == LogWriter::Force::kNo) {
      return std::move(out_);
    }
    if (out_.publication.has_quorum) TRY(ShowEarlier());
    TRY(Freshen());
    TRY(ClearStaging(places_.Staging(), files_));
    out_.is_done = true;
    return std::move(out_);
  }

 private:
  Status PublishMetadata(const Staged& staged) {
    const ByteVector file = TRY(ReadFile(staged.path, tuf::kTargetsSizeMax));
    // A run that was ended may have done it.
    const auto there = ReadFile(
        places_.Metadata() + "/" + tuf::RemoteName(staged.role, staged.version),
        tuf::kTargetsSizeMax);
    if (there.ok() && there.value() == file) return Ok();
    return staged.role == "root"
               ? repository_.PublishRoot(file)
               : repository_.PublishTargets(staged.role, file);
  }

  Status AppendLeaves() {
    index_ = TRY(LeafIndex::Read(writer_.size(), TilesIn(places_.Log())));
    LeafIndex& index = index_;
    std::vector<std::string> texts;
    const auto add = [&](update::Leaf leaf) -> Status {
      leaf.previous = index.Last(leaf.type, leaf.role);
      index.Add(writer_.size() + texts.size(), leaf);
      texts.push_back(TRY(update::FormatLeaf(leaf)));
      return Ok();
    };
    for (const update::Leaf& note : options_.notes) {
      if (!index.Last(note.type, note.role)) TRY(add(note));
    }
    for (const Staged& staged : staged_) {
      const ByteVector file = TRY(ReadFile(staged.path, tuf::kTargetsSizeMax));
      update::Leaf leaf = staged.leaf;
      leaf.metadata = {static_cast<uint64_t>(staged.version), file.size(),
                       crypto::Sha256(file)};
      if (const auto there = index.Find(staged.role, *leaf.metadata)) {
        out_.leaves.emplace_back(staged.role, *there);
        continue;
      }
      out_.leaves.emplace_back(staged.role, writer_.size() + texts.size());
      TRY(add(std::move(leaf)));
    }
    std::vector<Bytes> entries;
    for (const std::string& text : texts) entries.push_back(AsBytes(text));
    TRY(writer_.Append(entries));
    return Ok();
  }

  // Those of who may sign, which waits for days, and of the database.
  Status ShowEarlier() {
    const auto last = [this](const char* role) {
      return index_.Last(update::LeafType::kTuf, role).value_or(0);
    };
    const uint64_t top = std::max(last("root"), last("targets"));
    const uint64_t database = last(update::kDatabaseRole);
    const uint64_t entries[] = {std::min(top, database),
                                std::max(top, database)};
    for (size_t i = 0; i < std::size(entries); ++i) {
      const ByteVector proof =
          TRY(ReadFile(places_.Log() + "/" + ProofPath(entries[i]),
                       tlog::kProofFileBytesMax));
      const std::string note =
          TRY(tlog::ParseProofFile(AsText(proof))).checkpoint;
      TRY(files_.Write(places_.Log() + "/" + kEarlierNames[i], AsBytes(note)));
    }
    return Ok();
  }

  Status Freshen() {
    tuf::Repository::Freshness freshness;
    freshness.now = options_.now;
    freshness.snapshot_expires = options_.now + kSnapshotDays * kSecondsADay;
    freshness.timestamp_expires = options_.now + kTimestampDays * kSecondsADay;
    const std::vector<tuf::Signer> snapshot = {
        TRY(tuf::ReadKeyFile(places_.OnlineKey("snapshot1")))};
    const std::vector<tuf::Signer> timestamp = {
        TRY(tuf::ReadKeyFile(places_.OnlineKey("timestamp")))};
    return repository_.Freshen(freshness, snapshot, timestamp);
  }

  const Places& places_;
  const PublishOptions& options_;
  const DurableFiles& files_;
  tlog::Policy policy_;
  LogWriter writer_;
  tuf::Repository repository_;
  LeafIndex index_;
  std::vector<Staged> staged_;
  Published out_;
};

}  // namespace

Result<tlog::Policy> ReadPolicy(const std::string& path) {
  const ByteVector text = TRY(ReadFile(path, kTextMax));
  auto policy = tlog::ParsePolicy(AsText(text));
  if (!policy.ok()) return WithContext(policy.error(), path);
  return policy;
}

Result<tlog::NoteSigner> ReadLogKey(const Places& places,
                                    const tlog::Policy& policy) {
  const ByteVector text =
      TRY(ReadPrivateFile(places.OnlineKey("log"), tuf::kKeyFileMax));
  // A key file: a line of fields, then PEM.
  const std::string_view all = AsText(text);
  const auto key = TRY(crypto::PrivateKey::FromPem(all.substr(std::min(
      all.size(), all.find('\n') == all.npos ? 0 : all.find('\n') + 1))));
  for (const tlog::PolicyLog& log : policy.logs) {
    auto signer =
        TRY(tlog::NoteSigner::Make(log.key.name(), tlog::KeyKind::kLog, key));
    if (signer.verifier() == log.key) return signer;
  }
  return Error{Code::kDenied, "the policy names no log with our key"};
}

Result<Published> PublishStaged(const Places& places,
                                const PublishOptions& options,
                                const DurableFiles& files) {
  tlog::Policy policy = TRY(ReadPolicy(places.Policy()));
  const tlog::NoteSigner signer = TRY(ReadLogKey(places, policy));
  LogWriter writer =
      TRY(LogWriter::Open(places.Log(), places.LogState(), signer, files));
  auto repository = TRY(tuf::Repository::Open(places.Site(), {}));
  return Publisher(places, options, std::move(policy), std::move(writer),
                   std::move(repository), files)
      .Run();
}

}  // namespace vitrine::publisher
