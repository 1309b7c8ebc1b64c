// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/json/value.h"
#include "base/result.h"
#include "crypto/signature.h"
#include "tuf/metadata.h"

namespace vitrine::tuf {

// A private key with the entry that metadata has of it. Copies share the key.
class Signer {
 public:
  // `fields` stand in the key's object beside the three that TUF names.
  explicit Signer(crypto::PrivateKey key, const json::Object& fields = {})
      : private_(std::move(key)),
        public_(Key::FromPublic(private_.Public(), fields)) {}

  const Key& key() const { return public_; }
  Signature Sign(const json::Object& body) const;

  // One file for both: the entry's other fields as one line "# {...}", then the
  // private key as unencrypted PKCS #8 in PEM, which openssl(1) also reads.
  std::string ToText() const;
  static Result<Signer> FromText(std::string_view text);

 private:
  crypto::PrivateKey private_;
  Key public_;
};

// Bytes of a key file.
inline constexpr size_t kKeyFileMax = 32'768;

// A new file that only its owner reads; kDenied when there is one. Reading one
// that others may read is kDenied too (base/private_file.h).
Status WriteKeyFile(const std::string& path, const Signer& signer);
Result<Signer> ReadKeyFile(const std::string& path);

// A document's file with a signature by each of `signers`.
std::string SignDocument(const json::Object& body,
                         std::span<const Signer> signers);

// The file with one more signature, or this signer's renewed: how the holders
// of a threshold sign one after the other. What is signed stays as it was.
Result<std::string> AddSignature(Bytes file, const Signer& signer);

}  // namespace vitrine::tuf
