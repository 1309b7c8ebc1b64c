// SPDX-License-Identifier: Apache-2.0
#include "publisher/site/ask_witness.h"

#include <filesystem>
#include <memory>

#include "base/private_file.h"
#include "base/read_file.h"
#include "base/text.h"
#include "http/client.h"
#include "publisher/site/limits.h"
#include "publisher/witness/limits.h"
#include "publisher/witness/watched_logs.h"
#include "publisher/witness/witness.h"
#include "tlog/limits.h"

namespace vitrine::publisher {
namespace {

constexpr std::string_view kLocal = "file:";

Result<tlog::NoteSigner> ReadSigner(const std::string& folder) {
  const ByteVector pem =
      TRY(ReadPrivateFile(folder + "/key", crypto::kKeySizeMax));
  const ByteVector name = TRY(ReadFile(folder + "/name", kTextMax));
  return tlog::NoteSigner::Make(std::string(Trim(AsText(name))),
                                tlog::KeyKind::kWitness,
                                TRY(crypto::PrivateKey::FromPem(AsText(pem))));
}

Result<WitnessAnswer> AskLocal(const std::string& folder,
                               const std::string& body,
                               const CopyFirst& before) {
  std::error_code error;
  if (before && std::filesystem::exists(folder + "/mirror", error)) {
    const auto request = TRY(tlog::ParseAddCheckpoint(body));
    TRY(before(folder, request.checkpoint));
  }
  const ByteVector logs = TRY(ReadFile(folder + "/logs", kLogsFileMax));
  auto watched = TRY(ParseWatchedLogs(AsText(logs)));
  auto signer = TRY(ReadSigner(folder));
  const auto witness =
      TRY(Witness::Open({folder}, std::move(signer), std::move(watched)));
  const http::Reply reply = witness->AddCheckpoint(body);
  return WitnessAnswer{reply.status, reply.body};
}

Result<WitnessAnswer> AskRemote(const std::string& base,
                                const std::string& body) {
  http::NoSendLog log;
  const auto client = TRY(http::MakeClient({}, log));
  http::Request request;
  request.method = http::Method::kPost;
  request.url = TRY(http::ParseUrl(base + (base.ends_with('/') ? "" : "/") +
                                   "add-checkpoint"));
  request.body.assign(body.begin(), body.end());
  request.content_type = "text/plain; charset=utf-8";
  request.body_max = tlog::kAddCheckpointReplyMax;
  request.total = kWitnessTime;
  // A mirror copies before it answers, and is silent for that long.
  request.slow_time = kWitnessTime;
  http::TextTaker taker;
  const http::Answer answer = client->Fetch(request, taker);
  if (answer.status == 0) {
    return Error{
        Code::kUnavailable,
        std::string(http::OutcomeName(answer.outcome)) + " " + answer.detail};
  }
  return WitnessAnswer{answer.status, answer.outcome == http::Outcome::kDone
                                          ? taker.text
                                          : answer.error_body};
}

}  // namespace

AskWitness AskByUrl(CopyFirst before) {
  return [before = std::move(before)](
             const tlog::PolicyWitness& witness,
             const std::string& body) -> Result<WitnessAnswer> {
    if (witness.url.starts_with(kLocal)) {
      return AskLocal(witness.url.substr(kLocal.size()), body, before);
    }
    return AskRemote(witness.url, body);
  };
}

Status MakeLocalWitness(const std::string& folder, const std::string& name,
                        const std::string& log_key) {
  std::error_code error;
  if (std::filesystem::exists(folder + "/key", error)) {
    return Error{Code::kDenied, folder + "/key: already there"};
  }
  const auto key =
      crypto::PrivateKey::Generate(crypto::SignatureScheme::kEd25519);
  const DurableFiles files;
  TRY(files.Write(folder + "/name", AsBytes(name + "\n")));
  TRY(files.Write(folder + "/logs", AsBytes(log_key + "\n")));
  return WritePrivateFile(folder + "/key", AsBytes(key.Pem()));
}

Result<std::string> LocalWitnessKey(const std::string& folder) {
  return TRY(ReadSigner(folder)).verifier().Text();
}

}  // namespace vitrine::publisher
