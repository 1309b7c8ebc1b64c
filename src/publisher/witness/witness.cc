// SPDX-License-Identifier: Apache-2.0
#include "publisher/witness/witness.h"

#include <algorithm>

#include "base/atomic_file.h"
#include "base/read_file.h"
#include "base/text.h"
#include "base/wall_clock.h"
#include "crypto/digest.h"
#include "publisher/witness/limits.h"
#include "tlog/limits.h"

namespace vitrine::publisher {
namespace {

constexpr const char* kSizeType = "text/x.tlog.size";
constexpr int64_t kNsASecond = 1'000'000'000;

std::string NameOf(const std::string& origin) {
  return ToHex(crypto::Sha256(AsBytes(origin)));
}

// A checkpoint is four lines; more is no state of ours.
constexpr size_t kStateMax = 64 * 1024;

http::Reply Plain(int status, const std::string& text) {
  http::Reply reply;
  reply.status = status;
  reply.body = text + "\n";
  return reply;
}

}  // namespace

Witness::Witness(Options options, tlog::NoteSigner signer,
                 std::vector<tlog::WatchedLog> logs)
    : options_(std::move(options)),
      signer_(std::move(signer)),
      logs_(std::move(logs)) {}

Result<std::unique_ptr<Witness>> Witness::Open(
    Options options, tlog::NoteSigner signer,
    std::vector<tlog::WatchedLog> logs) {
  if (signer.verifier().kind() != tlog::KeyKind::kWitness) {
    return Error{Code::kInvalid, "not the key of a witness"};
  }
  std::unique_ptr<Witness> witness(
      new Witness(std::move(options), std::move(signer), std::move(logs)));
  const std::string& folder = witness->options_.folder;
  const DurableFiles files;
  TRY(files.MakeFolder(folder + "/state"));
  TRY(files.MakeFolder(witness->PublicFolder()));
  witness->lock_ = TRY(FileLock::Take(folder + "/lock"));
  for (tlog::WatchedLog& log : witness->logs_) TRY(witness->ReadState(log));
  return witness;
}

Status Witness::ReadState(tlog::WatchedLog& log) {
  const std::string path = options_.folder + "/state/" + NameOf(log.origin);
  const auto text = ReadTextFile(path, kStateMax, Links::kRefused);
  if (!text.ok()) {
    return text.error().code == Code::kNotFound ? Ok() : text.error();
  }
  const auto last = tlog::ParseCheckpoint(text.value());
  if (!last.ok() || last.value().origin != log.origin) {
    return Error{Code::kInvalid, path + ": not the state of " + log.origin};
  }
  log.size = last.value().size;
  log.root = last.value().root;
  return Ok();
}

// Once this is Ok, no power cut brings the older state back.
Status Witness::Store(const tlog::WitnessDecision& decision) {
  const std::string folder = options_.folder + "/state";
  tlog::Checkpoint state = decision.checkpoint;
  state.extensions.clear();
  return WriteFileAtomically(folder + "/" + NameOf(state.origin),
                             AsBytes(tlog::FormatCheckpoint(state)));
}

// For readers; nothing rests on it, and the next one will do.
void Witness::Publish(const tlog::AddCheckpoint& request,
                      const tlog::NoteSignature& cosignature) {
  auto note = tlog::ParseNote(request.checkpoint);
  const auto origin = tlog::OriginOf(request);
  if (!note.ok() || !origin.ok()) return;
  tlog::MergeSignature(cosignature, note.value());
  const std::string folder = PublicFolder() + "/" + NameOf(origin.value());
  if (!DurableFiles().MakeFolder(folder).ok()) return;
  (void)WriteFileAtomically(folder + "/checkpoint",
                            AsBytes(tlog::FormatNote(note.value())));
}

http::Reply Witness::Cosign(const tlog::AddCheckpoint& request,
                            const tlog::WitnessDecision& decision,
                            tlog::WatchedLog& log) {
  const uint64_t now = options_.clock
                           ? options_.clock()
                           : static_cast<uint64_t>(UnixNowNs() / kNsASecond);
  if (now < kClockLeast) {
    return Plain(503, "the clock of this witness is not set");
  }
  const Status stored = Store(decision);
  if (!stored.ok()) return Plain(500, "the state could not be kept");
  log.size = decision.checkpoint.size;
  log.root = decision.checkpoint.root;
  At(Step::kStored);
  const tlog::NoteSignature cosignature = signer_.Cosign(decision.text, now);
  At(Step::kCosigned);
  Publish(request, cosignature);
  At(Step::kPublished);
  http::Reply reply;
  reply.body = tlog::FormatSignature(cosignature);
  return reply;
}

http::Reply Witness::AddCheckpoint(std::string_view body) {
  const auto request = tlog::ParseAddCheckpoint(body);
  if (!request.ok()) return Plain(400, request.error().message);
  const auto origin = tlog::OriginOf(request.value());
  const auto log =
      std::find_if(logs_.begin(), logs_.end(), [&](const auto& each) {
        return origin.ok() && each.origin == origin.value();
      });
  const tlog::WitnessDecision decision = tlog::DecideAddCheckpoint(
      request.value(), log == logs_.end() ? nullptr : &*log);
  At(Step::kDecided);
  if (decision.status == tlog::WitnessStatus::kCosigned) {
    return Cosign(request.value(), decision, *log);
  }
  if (decision.status == tlog::WitnessStatus::kConflict) {
    http::Reply reply;
    reply.status = 409;
    reply.content_type = kSizeType;
    reply.body = tlog::FormatSize(log->size);
    return reply;
  }
  return Plain(static_cast<int>(decision.status), decision.reason);
}

Status AttachWitness(Witness& witness, const std::string& prefix,
                     http::Server& server) {
  server.HandlePost(prefix + "/add-checkpoint",
                    [&witness](const http::Posted& posted) {
                      return witness.AddCheckpoint(AsText(posted.body));
                    });
  return server.ServeFolder(prefix.empty() ? "" : prefix.substr(1),
                            witness.PublicFolder());
}

}  // namespace vitrine::publisher
