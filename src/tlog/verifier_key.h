// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/signature.h"
#include "tlog/note.h"

// Who signs notes: keys with names (C2SP signed-note), of the two kinds that we
// speak, and the cosignatures of the second (C2SP tlog-cosignature).
namespace vitrine::tlog {

enum class KeyKind : uint8_t {
  kLog = 0x01,      // Ed25519 over the note's text.
  kWitness = 0x04,  // cosignature/v1: Ed25519 over a time and a checkpoint.
};

// A public key with its name: "name+key ID+base64(kind, key)". A value.
class VerifierKey {
 public:
  // kInvalid for a name that is none, or a key that is not canonical.
  static Result<VerifierKey> Make(std::string name, KeyKind kind,
                                  const crypto::Ed25519Public& key);
  // The key whose Text() it is, exactly. kInvalid too for kinds of signatures
  // that are not spoken here; the message says so.
  static Result<VerifierKey> Parse(std::string_view text);

  std::string Text() const;

  const std::string& name() const { return name_; }
  uint32_t key_id() const { return key_id_; }
  KeyKind kind() const { return kind_; }
  const crypto::Ed25519Public& bytes() const { return bytes_; }

  // Whether the signature names this key: name and key ID.
  bool Names(const NoteSignature& signature) const {
    return signature.key_id == key_id_ && signature.name == name_;
  }

  // For kLog: whether the signature holds over the note's text.
  bool Verify(std::string_view text, const NoteSignature& signature) const;

  // For kWitness: the time of the cosignature of the checkpoint with this text
  // (the note's, extension lines included), or kDenied.
  Result<uint64_t> VerifyCosignature(std::string_view text,
                                     const NoteSignature& signature) const;

  bool operator==(const VerifierKey& other) const {
    return kind_ == other.kind_ && bytes_ == other.bytes_ &&
           name_ == other.name_;
  }

 private:
  VerifierKey(std::string name, KeyKind kind,
              const crypto::Ed25519Public& bytes, crypto::PublicKey key);

  std::string name_;
  KeyKind kind_;
  uint32_t key_id_;
  crypto::Ed25519Public bytes_;
  crypto::PublicKey key_;
};

// The note's signature that names this key; null without one. kDenied where
// there are two: which of them counts must not depend on who reads.
Result<const NoteSignature*> SignatureOf(const VerifierKey& key,
                                         const Note& note);

// The number of the first of `keys` (kLog) that signed the note. kDenied if
// none did, or if a signature that names one of them does not hold.
Result<size_t> VerifyLogSignatures(const Note& note,
                                   std::span<const VerifierKey> keys);

// What a cosigner signs: "cosignature/v1\ntime 1790000000\n" and the text.
std::string CosignedMessage(uint64_t time, std::string_view text);

// A private key with its name. A log's signs texts, a witness's cosigns.
class NoteSigner {
 public:
  // `key` is Ed25519; kInvalid otherwise, or for a name that is none.
  static Result<NoteSigner> Make(std::string name, KeyKind kind,
                                 crypto::PrivateKey key);

  const VerifierKey& verifier() const { return verifier_; }

  // For kLog.
  NoteSignature Sign(std::string_view text) const;
  // For kWitness. `time`: seconds since 1970, 1..kTimeMax.
  NoteSignature Cosign(std::string_view text, uint64_t time) const;

 private:
  NoteSigner(VerifierKey verifier, crypto::PrivateKey key)
      : verifier_(std::move(verifier)), key_(std::move(key)) {}

  VerifierKey verifier_;
  crypto::PrivateKey key_;
};

}  // namespace vitrine::tlog
