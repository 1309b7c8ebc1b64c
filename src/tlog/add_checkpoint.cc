// SPDX-License-Identifier: Apache-2.0
#include "tlog/add_checkpoint.h"

#include <utility>

#include "tlog/limits.h"

namespace vitrine::tlog {
namespace {

constexpr std::string_view kOld = "old ";

WitnessDecision Refuse(WitnessStatus status, std::string reason) {
  return {status, std::move(reason), {}, {}};
}

}  // namespace

Result<AddCheckpoint> ParseAddCheckpoint(std::string_view body) {
  const Error wrong = {Code::kInvalid, "no add-checkpoint request"};
  if (body.size() > kAddCheckpointBytesMax) {
    return Error{Code::kLimit, "request too long"};
  }
  const size_t end = body.find('\n');
  if (end == body.npos || !body.starts_with(kOld)) return wrong;
  const auto old_size =
      ParseNumber(body.substr(kOld.size(), end - kOld.size()));
  if (!old_size) return wrong;
  AddCheckpoint request;
  request.old_size = *old_size;
  body.remove_prefix(end + 1);
  while (!body.starts_with('\n')) {
    const size_t line = body.find('\n');
    if (line == body.npos || request.proof.size() == kConsistencyProofMax) {
      return wrong;
    }
    const auto hash = ParseHash(body.substr(0, line));
    if (!hash) return wrong;
    request.proof.push_back(*hash);
    body.remove_prefix(line + 1);
  }
  request.checkpoint = body.substr(1);
  const Note note = TRY(ParseNote(request.checkpoint));
  TRY(ParseCheckpoint(note.text));
  return request;
}

std::string FormatAddCheckpoint(const AddCheckpoint& request) {
  std::string body(kOld);
  body += std::to_string(request.old_size) + "\n";
  for (const Hash& hash : request.proof) body += HashText(hash) + "\n";
  return body + "\n" + request.checkpoint;
}

WitnessDecision DecideAddCheckpoint(const AddCheckpoint& request,
                                    const WatchedLog* log) {
  auto note = ParseNote(request.checkpoint);
  if (!note.ok()) {
    return Refuse(WitnessStatus::kBadRequest, note.error().message);
  }
  auto checkpoint = ParseCheckpoint(note.value().text);
  if (!checkpoint.ok()) {
    return Refuse(WitnessStatus::kBadRequest, checkpoint.error().message);
  }
  const Checkpoint& offered = checkpoint.value();
  if (log == nullptr || log->origin != offered.origin) {
    return Refuse(WitnessStatus::kUnknownLog, "unknown log");
  }
  const auto by = VerifyLogSignatures(note.value(), log->keys);
  if (!by.ok()) return Refuse(WitnessStatus::kForbidden, by.error().message);
  if (request.old_size > offered.size) {
    return Refuse(WitnessStatus::kBadRequest, "old size above the new one");
  }
  if (request.old_size != log->size) {
    return Refuse(WitnessStatus::kConflict, "another tree was cosigned last");
  }
  if (offered.size == 0 && offered.root != EmptyRoot()) {
    return Refuse(WitnessStatus::kUnprocessable,
                  "an empty tree that is not empty");
  }
  const auto consistent = VerifyConsistency(log->size, log->root, offered.size,
                                            offered.root, request.proof);
  if (!consistent.ok()) {
    return Refuse(WitnessStatus::kUnprocessable, consistent.error().message);
  }
  return {WitnessStatus::kCosigned, "", offered, std::move(note.value().text)};
}

Result<std::string> OriginOf(const AddCheckpoint& request) {
  const Note note = TRY(ParseNote(request.checkpoint));
  return TRY(ParseCheckpoint(note.text)).origin;
}

std::string FormatSize(uint64_t size) { return std::to_string(size) + "\n"; }

Result<uint64_t> ParseSize(std::string_view body) {
  const Error wrong = {Code::kInvalid, "no size of a tree"};
  if (!body.ends_with('\n')) return wrong;
  const auto size = ParseNumber(body.substr(0, body.size() - 1));
  if (!size || *size > kTreeSizeMax) return wrong;
  return *size;
}

Result<uint64_t> TakeCosignature(std::string_view body,
                                 const VerifierKey& witness, Note& note) {
  if (body.size() > kAddCheckpointReplyMax) {
    return Error{Code::kLimit, "answer too long"};
  }
  const Note answered = {note.text, TRY(ParseSignatures(body))};
  const NoteSignature* signature = TRY(SignatureOf(witness, answered));
  if (signature == nullptr) {
    return Error{Code::kDenied, "no cosignature of " + witness.name()};
  }
  const uint64_t time = TRY(witness.VerifyCosignature(note.text, *signature));
  MergeSignature(*signature, note);
  return time;
}

}  // namespace vitrine::tlog
