// SPDX-License-Identifier: Apache-2.0
#include "publisher/log/log_writer.h"

#include <cstdio>

#include "base/read_file.h"
#include "base/text.h"
#include "publisher/log/limits.h"
#include "publisher/log/log_files.h"
#include "tlog/judgement.h"
#include "tlog/proof_file.h"

namespace vitrine::publisher {
namespace {

using tlog::Checkpoint;
using tlog::Note;
using tlog::WitnessStatus;

std::string KeyOf(const tlog::Hash& hash) { return std::string(AsText(hash)); }

// The file that keeps what a witness has cosigned: by its key, not its name.
std::string WitnessFile(const std::string& state,
                        const tlog::PolicyWitness& witness) {
  char id[16];
  std::snprintf(id, sizeof id, "%08x", witness.key.key_id());
  return state + "/witness/" + id;
}

}  // namespace

Result<LogWriter> LogWriter::Open(const std::string& log,
                                  const std::string& state,
                                  const tlog::NoteSigner& signer,
                                  const DurableFiles& files) {
  TRY(files.MakeFolder(state));
  auto lock = TRY(FileLock::Take(state + "/lock"));
  LogWriter writer(log, state, signer, files, std::move(lock));
  TRY(writer.ReadState());
  return writer;
}

Status LogWriter::ReadState() {
  const auto bytes = ReadFile(state_ + "/signed", tlog::kNoteBytesMax);
  if (!bytes.ok()) {
    if (bytes.error().code != Code::kNotFound) return bytes.error();
    // Beginning anew beside a log that is there would fork it.
    const auto there = ReadFile(log_ + "/checkpoint", tlog::kNoteBytesMax);
    if (there.ok() || there.error().code != Code::kNotFound) {
      return Error{Code::kDenied, state_ +
                                      "/signed is missing, but there is a "
                                      "log: restore it from where it was kept"};
    }
    return Ok();
  }
  signed_note_ = AsText(bytes.value());
  const Note note = TRY(tlog::ParseNote(signed_note_));
  const tlog::VerifierKey keys[] = {signer_.verifier()};
  TRY(tlog::VerifyLogSignatures(note, keys));
  const Checkpoint checkpoint = TRY(tlog::ParseCheckpoint(note.text));
  if (checkpoint.origin != signer_.verifier().name()) {
    return Error{Code::kDenied, "what was signed is of another log"};
  }
  const tlog::TileSource tiles = TilesIn(log_);
  edge_ = TRY(tlog::Edge::Read(checkpoint.size, checkpoint.root, tiles));
  const auto hashes = TRY(LeafHashes(checkpoint.size, tiles));
  for (uint64_t i = 0; i < hashes.size(); ++i) {
    indices_.emplace(KeyOf(hashes[i]), i);
  }
  return Ok();
}

std::optional<uint64_t> LogWriter::Find(Bytes entry) const {
  const auto found = indices_.find(KeyOf(tlog::LeafHash(entry)));
  if (found == indices_.end()) return std::nullopt;
  return found->second;
}

Status LogWriter::Sign() {
  Note note;
  note.text = tlog::FormatCheckpoint(
      {signer_.verifier().name(), edge_.size(), edge_.Root(), {}});
  note.signatures = {signer_.Sign(note.text)};
  std::string text = FormatNote(note);
  TRY(files_.Write(state_ + "/signed", AsBytes(text)));
  signed_note_ = std::move(text);
  return Ok();
}

Result<std::vector<uint64_t>> LogWriter::Append(
    std::span<const Bytes> entries) {
  std::vector<uint64_t> out;
  std::vector<Bytes> fresh;
  std::unordered_map<std::string, uint64_t> indices = indices_;
  for (const Bytes entry : entries) {
    const auto [found, is_new] = indices.try_emplace(
        KeyOf(tlog::LeafHash(entry)), edge_.size() + fresh.size());
    if (is_new) fresh.push_back(entry);
    out.push_back(found->second);
  }
  if (fresh.empty()) return out;
  // On a failure the object is as it was; tiles that were written are what
  // the next append overwrites.
  const tlog::Edge before = edge_;
  for (const tlog::TileFile& file : TRY(edge_.Append(fresh))) {
    const Status written =
        files_.Write(log_ + "/" + TilePath(file.tile), file.bytes);
    if (written.ok()) continue;
    edge_ = before;
    return written.error();
  }
  const Status done = Sign();
  if (!done.ok()) {
    edge_ = before;
    return done.error();
  }
  indices_ = std::move(indices);
  return out;
}

Result<tlog::Proof> LogWriter::ProveFrom(uint64_t old_size) const {
  tlog::TileNodes nodes(edge_.size(), TilesIn(log_));
  return tlog::ProveConsistency(old_size, edge_.size(), std::ref(nodes));
}

Status LogWriter::AskOne(const tlog::PolicyWitness& witness,
                         const AskWitness& ask, Note& note) {
  const std::string file = WitnessFile(state_, witness);
  uint64_t known = 0;
  if (const auto text = ReadFile(file, 32); text.ok()) {
    known = ParseDecimal(Trim(AsText(text.value()))).value_or(0);
  }
  if (known > edge_.size()) known = 0;
  for (int tries = 0; tries < kWitnessTries; ++tries) {
    tlog::AddCheckpoint request;
    request.old_size = known;
    request.proof = TRY(ProveFrom(known));
    request.checkpoint = signed_note_;
    const WitnessAnswer answer =
        TRY(ask(witness, FormatAddCheckpoint(request)));
    if (answer.status == static_cast<int>(WitnessStatus::kCosigned)) {
      TRY(tlog::TakeCosignature(answer.body, witness.key, note));
      return files_.Write(file, AsBytes(std::to_string(edge_.size()) + "\n"));
    }
    if (answer.status != static_cast<int>(WitnessStatus::kConflict)) {
      return Error{Code::kDenied,
                   "answered " + std::to_string(answer.status) + " " +
                       std::string(Trim(answer.body.substr(0, 200)))};
    }
    known = TRY(tlog::ParseSize(answer.body));
    if (known > edge_.size()) {
      return Error{Code::kDenied, "has cosigned a larger tree than ours"};
    }
  }
  return Error{Code::kUnavailable, "its size changes while it is asked"};
}

// The first checkpoint with a quorum that an entry is in: from its times a
// client tells for how long the entry has been public.
Status LogWriter::WriteProofs(const std::string& note) {
  const uint64_t first = FirstUnproven(log_, edge_.size());
  tlog::TileNodes nodes(edge_.size(), TilesIn(log_));
  for (uint64_t index = first; index < edge_.size(); ++index) {
    tlog::ProofFile proof;
    proof.index = index;
    proof.proof =
        TRY(tlog::ProveInclusion(index, edge_.size(), std::ref(nodes)));
    proof.checkpoint = note;
    TRY(files_.Write(log_ + "/" + ProofPath(index),
                     AsBytes(FormatProofFile(proof))));
  }
  return Ok();
}

Result<Publication> LogWriter::Publish(const tlog::Policy& policy,
                                       const AskWitness& ask,
                                       const std::string& cosignatures,
                                       Force force) {
  if (signed_note_.empty()) return Error{Code::kInvalid, "the log is empty"};
  Publication out;
  out.size = edge_.size();
  Note note = TRY(tlog::ParseNote(signed_note_));
  if (!cosignatures.empty()) {
    for (auto& signature : TRY(tlog::ParseSignatures(cosignatures))) {
      tlog::MergeSignature(std::move(signature), note);
    }
  }
  for (const tlog::PolicyWitness& witness : policy.witnesses) {
    if (witness.url.empty()) continue;
    const Status asked = AskOne(witness, ask, note);
    if (!asked.ok()) {
      out.failed.push_back(witness.name + ": " + asked.error().message);
    }
  }
  const std::string text = FormatNote(note);
  const auto opened = TRY(tlog::OpenCheckpoint(text, policy));
  for (size_t i = 0; i < policy.witnesses.size(); ++i) {
    if (opened.times[i]) out.cosigned.push_back(policy.witnesses[i].name);
  }
  out.has_quorum = policy.Quorum(opened.times).ok();
  if (!out.has_quorum && force == Force::kNo) return out;
  if (out.has_quorum) TRY(WriteProofs(text));
  TRY(files_.Write(log_ + "/checkpoint", AsBytes(text)));
  return out;
}

}  // namespace vitrine::publisher
