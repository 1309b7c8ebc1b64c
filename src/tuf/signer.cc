// SPDX-License-Identifier: Apache-2.0
#include "tuf/signer.h"

#include <algorithm>

#include "base/json/reader.h"
#include "base/json/writer.h"
#include "base/private_file.h"
#include "tuf/limits.h"

namespace vitrine::tuf {
namespace {

constexpr std::string_view kFieldsMark = "# ";

}  // namespace

Signature Signer::Sign(const json::Object& body) const {
  const std::string canonical = json::WriteCanonical(body);
  return {public_.id(), private_.Sign(AsBytes(canonical))};
}

std::string Signer::ToText() const {
  json::Object fields = public_.json();
  for (const char* name : {"keytype", "scheme", "keyval"}) fields.Remove(name);
  return std::string(kFieldsMark) + json::Write(fields) + "\n" + private_.Pem();
}

Result<Signer> Signer::FromText(std::string_view text) {
  const size_t end = text.find('\n');
  if (!text.starts_with(kFieldsMark) || end == text.npos) {
    return Error{Code::kInvalid, "key file: no line of fields"};
  }
  const auto line = text.substr(kFieldsMark.size(), end - kFieldsMark.size());
  const json::Value fields = TRY(json::Read(AsBytes(line), kKeyFileMax));
  if (fields.object() == nullptr) {
    return Error{Code::kInvalid, "key file: fields are no object"};
  }
  const auto key = TRY(crypto::PrivateKey::FromPem(text.substr(end + 1)));
  return Signer(key, *fields.object());
}

Status WriteKeyFile(const std::string& path, const Signer& signer) {
  return WritePrivateFile(path, AsBytes(signer.ToText()));
}

Result<Signer> ReadKeyFile(const std::string& path) {
  const ByteVector bytes = TRY(ReadPrivateFile(path, kKeyFileMax));
  auto signer = Signer::FromText(AsText(bytes));
  if (!signer.ok()) return WithContext(signer.error(), path);
  return signer;
}

std::string SignDocument(const json::Object& body,
                         std::span<const Signer> signers) {
  std::vector<Signature> signatures;
  for (const Signer& signer : signers) signatures.push_back(signer.Sign(body));
  return WriteEnvelope(body, signatures);
}

Result<std::string> AddSignature(Bytes file, const Signer& signer) {
  Envelope envelope = TRY(ReadEnvelope(file, kTargetsSizeMax));
  std::erase_if(envelope.signatures, [&signer](const Signature& signature) {
    return signature.key_id == signer.key().id();
  });
  envelope.signatures.push_back(signer.Sign(envelope.body));
  return WriteEnvelope(envelope.body, envelope.signatures);
}

}  // namespace vitrine::tuf
