// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/bytes.h"
#include "base/json/value.h"
#include "base/result.h"
#include "crypto/signature.h"

namespace vitrine::tuf {

// Which signatures count.
enum class Schemes : uint8_t {
  kEd25519,   // What Vitrine's own repositories use.
  kStandard,  // Also ECDSA on P-256 and RSA-PSS, as TUF 1.0 names them.
};

// A public key as metadata lists it: an object with keytype, scheme, keyval and
// whatever else, of which the identifier is the SHA-256 of the canonical form.
class Key {
 public:
  // kInvalid where that object is malformed. A type or scheme that we do not
  // know is no error: the key just verifies nothing.
  static Result<Key> FromJson(const json::Value& value);
  // With `fields` beside the three (x-vitrine-side, say).
  static Key FromPublic(const crypto::PublicKey& key,
                        const json::Object& fields = {});

  // 64 hexadecimal digits.
  const std::string& id() const { return id_; }
  const json::Object& json() const { return json_; }

  // The key, if it is of one of `schemes` and well-formed.
  Result<crypto::PublicKey> Public(Schemes schemes) const;

 private:
  Key(std::string id, json::Object json)
      : id_(std::move(id)), json_(std::move(json)) {}

  std::string id_;
  json::Object json_;
};

// Keys by identifier.
using Keys = std::map<std::string, Key, std::less<>>;

// An object of keys by their identifiers, each computed and compared.
Result<Keys> KeysFromJson(const json::Value* value);
json::Value KeysToJson(const Keys& keys);

}  // namespace vitrine::tuf
