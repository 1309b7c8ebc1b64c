// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "base/check.h"
#include "crypto/signature.h"
#include "tlog/checkpoint.h"
#include "tlog/verifier_key.h"

// Toy keys: seeds of one byte, repeated.
namespace vitrine::tlog {

inline NoteSigner TestSigner(std::string name, KeyKind kind, uint8_t seed) {
  crypto::Ed25519Seed bytes;
  bytes.fill(seed);
  auto signer = NoteSigner::Make(std::move(name), kind,
                                 crypto::PrivateKey::Ed25519(bytes));
  CHECK(signer.ok());
  return std::move(signer).value();
}

inline NoteSigner TestLog() {
  return TestSigner("updates.example.org/log1", KeyKind::kLog, 1);
}

inline NoteSigner TestWitness(int number) {
  return TestSigner("w" + std::to_string(number) + ".example.net",
                    KeyKind::kWitness, static_cast<uint8_t>(15 + number));
}

inline Note SignedCheckpoint(uint64_t size, const Hash& root) {
  Note note;
  note.text = FormatCheckpoint({"updates.example.org/log1", size, root, {}});
  note.signatures = {TestLog().Sign(note.text)};
  return note;
}

}  // namespace vitrine::tlog
