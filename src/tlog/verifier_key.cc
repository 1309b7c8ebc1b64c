// SPDX-License-Identifier: Apache-2.0
#include "tlog/verifier_key.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <utility>

#include "base/base64.h"
#include "base/byte_reader.h"
#include "base/check.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "tlog/limits.h"

namespace vitrine::tlog {
namespace {

constexpr size_t kTimeSize = sizeof(uint64_t);

// What the key ID is the hash of, after the name's line; a verifier key's last
// part.
using TypedBytes = std::array<uint8_t, 1 + sizeof(crypto::Ed25519Public)>;

TypedBytes TypedKey(KeyKind kind, const crypto::Ed25519Public& key) {
  TypedBytes bytes;
  bytes[0] = static_cast<uint8_t>(kind);
  std::copy(key.begin(), key.end(), bytes.begin() + 1);
  return bytes;
}

std::string IdText(uint32_t key_id) {
  ByteVector bytes;
  for (const int shift : {24, 16, 8, 0}) {
    bytes.push_back(static_cast<uint8_t>(key_id >> shift));
  }
  return ToHex(bytes);
}

uint32_t KeyId(const std::string& name, Bytes typed_key) {
  const std::string line = name + "\n";
  ByteVector message(line.begin(), line.end());
  message.insert(message.end(), typed_key.begin(), typed_key.end());
  const auto digest = crypto::Sha256(message);
  return ByteReader(digest).Peek<std::endian::big, uint32_t>(0).value_or(0);
}

}  // namespace

VerifierKey::VerifierKey(std::string name, KeyKind kind,
                         const crypto::Ed25519Public& bytes,
                         crypto::PublicKey key)
    : name_(std::move(name)),
      kind_(kind),
      key_id_(KeyId(name_, TypedKey(kind, bytes))),
      bytes_(bytes),
      key_(std::move(key)) {}

Result<VerifierKey> VerifierKey::Make(std::string name, KeyKind kind,
                                      const crypto::Ed25519Public& key) {
  if (!IsKeyName(name)) return Error{Code::kInvalid, "no name of a key"};
  auto verifier = TRY(crypto::PublicKey::Ed25519(key));
  return VerifierKey(std::move(name), kind, key, std::move(verifier));
}

Result<VerifierKey> VerifierKey::Parse(std::string_view text) {
  const Error wrong = {Code::kInvalid, "no verifier key: NAME+ID+KEY"};
  if (text.size() > kVerifierKeyTextMax) {
    return Error{Code::kLimit, "verifier key too long"};
  }
  // Base 64 may hold more of the separator.
  const size_t first = text.find('+');
  const size_t second = first == text.npos ? first : text.find('+', first + 1);
  if (second == text.npos) return wrong;
  const auto bytes = FromBase64(text.substr(second + 1));
  if (!bytes || bytes->empty()) return wrong;
  const auto kind = static_cast<KeyKind>(bytes->front());
  if (kind != KeyKind::kLog && kind != KeyKind::kWitness) {
    return Error{Code::kInvalid, "keys of this kind of signature (" +
                                     std::to_string(bytes->front()) +
                                     ") are not supported"};
  }
  crypto::Ed25519Public key;
  if (bytes->size() != 1 + key.size()) return wrong;
  std::copy(bytes->begin() + 1, bytes->end(), key.begin());
  auto verifier = TRY(Make(std::string(text.substr(0, first)), kind, key));
  if (verifier.Text() != text) {
    return Error{Code::kInvalid, "the key ID is not that of name and key"};
  }
  return verifier;
}

std::string VerifierKey::Text() const {
  return name_ + "+" + IdText(key_id_) + "+" +
         ToBase64(TypedKey(kind_, bytes_));
}

bool VerifierKey::Verify(std::string_view text,
                         const NoteSignature& signature) const {
  return kind_ == KeyKind::kLog && Names(signature) &&
         signature.bytes.size() == crypto::kEd25519SignatureSize &&
         key_.Verify(AsBytes(text), signature.bytes);
}

Result<uint64_t> VerifierKey::VerifyCosignature(
    std::string_view text, const NoteSignature& signature) const {
  const Error wrong = {Code::kDenied, "no cosignature of " + name_};
  const Bytes bytes = signature.bytes;
  if (kind_ != KeyKind::kWitness || !Names(signature) ||
      bytes.size() != kTimeSize + crypto::kEd25519SignatureSize) {
    return wrong;
  }
  const uint64_t time =
      ByteReader(bytes).Peek<std::endian::big, uint64_t>(0).value_or(0);
  if (time == 0 || time > kTimeMax ||
      !key_.Verify(AsBytes(CosignedMessage(time, text)),
                   bytes.subspan(kTimeSize))) {
    return wrong;
  }
  return time;
}

Result<size_t> VerifyLogSignatures(const Note& note,
                                   std::span<const VerifierKey> keys) {
  std::optional<size_t> first;
  for (size_t i = 0; i < keys.size(); ++i) {
    const auto signature = TRY(SignatureOf(keys[i], note));
    if (signature == nullptr) continue;
    if (!keys[i].Verify(note.text, *signature)) {
      return Error{Code::kDenied,
                   "the signature of " + keys[i].name() + " does not hold"};
    }
    if (!first) first = i;
  }
  if (!first) return Error{Code::kDenied, "no signature of a known log"};
  return *first;
}

Result<const NoteSignature*> SignatureOf(const VerifierKey& key,
                                         const Note& note) {
  const NoteSignature* found = nullptr;
  for (const NoteSignature& signature : note.signatures) {
    if (!key.Names(signature)) continue;
    if (found != nullptr) {
      return Error{Code::kDenied, "two signatures of " + key.name()};
    }
    found = &signature;
  }
  return found;
}

std::string CosignedMessage(uint64_t time, std::string_view text) {
  std::string message = "cosignature/v1\ntime " + std::to_string(time) + "\n";
  message += text;
  return message;
}

Result<NoteSigner> NoteSigner::Make(std::string name, KeyKind kind,
                                    crypto::PrivateKey key) {
  const auto public_bytes = key.Public().ed25519();
  if (!public_bytes) return Error{Code::kInvalid, "no Ed25519 key"};
  auto verifier = TRY(VerifierKey::Make(std::move(name), kind, *public_bytes));
  return NoteSigner(std::move(verifier), std::move(key));
}

NoteSignature NoteSigner::Sign(std::string_view text) const {
  CHECK(verifier_.kind() == KeyKind::kLog);
  return {verifier_.name(), verifier_.key_id(), key_.Sign(AsBytes(text))};
}

NoteSignature NoteSigner::Cosign(std::string_view text, uint64_t time) const {
  CHECK(verifier_.kind() == KeyKind::kWitness);
  CHECK(time >= 1 && time <= kTimeMax);
  NoteSignature signature = {verifier_.name(), verifier_.key_id(), {}};
  for (int shift = 56; shift >= 0; shift -= 8) {
    signature.bytes.push_back(static_cast<uint8_t>(time >> shift));
  }
  const ByteVector bytes = key_.Sign(AsBytes(CosignedMessage(time, text)));
  signature.bytes.insert(signature.bytes.end(), bytes.begin(), bytes.end());
  return signature;
}

}  // namespace vitrine::tlog
