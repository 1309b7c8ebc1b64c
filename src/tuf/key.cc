// SPDX-License-Identifier: Apache-2.0
#include "tuf/key.h"

#include "base/json/writer.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "tuf/limits.h"

namespace vitrine::tuf {
namespace {

constexpr char kEd25519[] = "ed25519";
constexpr char kEcdsa[] = "ecdsa";
// How TUF named the type before 1.0.31; old roots still have it.
constexpr char kOldEcdsa[] = "ecdsa-sha2-nistp256";
constexpr char kEcdsaScheme[] = "ecdsa-sha2-nistp256";
constexpr char kRsa[] = "rsa";
constexpr char kRsaScheme[] = "rsassa-pss-sha256";

std::string IdOf(const json::Object& key) {
  const std::string canonical = json::WriteCanonical(key);
  return ToHex(crypto::Sha256(AsBytes(canonical)));
}

const std::string* TextOf(const json::Object& object, std::string_view name) {
  const json::Value* value = object.Find(name);
  return value == nullptr ? nullptr : value->text();
}

}  // namespace

Result<Key> Key::FromJson(const json::Value& value) {
  const json::Object* key = value.object();
  if (key == nullptr) return Error{Code::kInvalid, "a key is no object"};
  const json::Value* keyval = key->Find("keyval");
  if (TextOf(*key, "keytype") == nullptr || TextOf(*key, "scheme") == nullptr ||
      keyval == nullptr || keyval->object() == nullptr ||
      TextOf(*keyval->object(), "public") == nullptr) {
    return Error{Code::kInvalid,
                 "a key lacks its keytype, scheme or public value"};
  }
  return Key(IdOf(*key), *key);
}

Key Key::FromPublic(const crypto::PublicKey& key, const json::Object& fields) {
  json::Object json = fields;
  std::string text;
  switch (key.scheme()) {
    case crypto::SignatureScheme::kEd25519:
      json.Set("keytype", kEd25519);
      json.Set("scheme", kEd25519);
      text = ToHex(*key.ed25519());
      break;
    case crypto::SignatureScheme::kEcdsaP256:
      json.Set("keytype", kEcdsa);
      json.Set("scheme", kEcdsaScheme);
      text = key.Pem();
      break;
    case crypto::SignatureScheme::kRsaPssSha256:
      json.Set("keytype", kRsa);
      json.Set("scheme", kRsaScheme);
      text = key.Pem();
      break;
  }
  json.Set("keyval", json::Object{{"public", text}});
  std::string id = IdOf(json);
  return Key(std::move(id), std::move(json));
}

Result<crypto::PublicKey> Key::Public(Schemes schemes) const {
  const std::string& type = *TextOf(json_, "keytype");
  const std::string& scheme = *TextOf(json_, "scheme");
  const std::string& text = *TextOf(*json_.Find("keyval")->object(), "public");
  if (type == kEd25519 && scheme == kEd25519) {
    const auto bytes = FromHex(text);
    crypto::Ed25519Public raw;
    if (!bytes || bytes->size() != raw.size()) {
      return Error{Code::kInvalid, "an Ed25519 key has no 32 bytes"};
    }
    std::copy(bytes->begin(), bytes->end(), raw.begin());
    return crypto::PublicKey::Ed25519(raw);
  }
  const bool ecdsa =
      (type == kEcdsa || type == kOldEcdsa) && scheme == kEcdsaScheme;
  const bool rsa = type == kRsa && scheme == kRsaScheme;
  if (schemes != Schemes::kStandard || (!ecdsa && !rsa)) {
    return Error{Code::kDenied, "keys of type " + type + " with scheme " +
                                    scheme + " do not count"};
  }
  const auto key = TRY(crypto::PublicKey::FromPem(text));
  if (key.scheme() != (ecdsa ? crypto::SignatureScheme::kEcdsaP256
                             : crypto::SignatureScheme::kRsaPssSha256)) {
    return Error{Code::kInvalid, "a key is not of the type it names"};
  }
  return key;
}

Result<Keys> KeysFromJson(const json::Value* value) {
  const json::Object* object = value == nullptr ? nullptr : value->object();
  if (object == nullptr) return Error{Code::kInvalid, "keys are no object"};
  if (object->size() > kKeysMax) {
    return Error{Code::kLimit, "more than 512 keys"};
  }
  Keys keys;
  for (const auto& [id, json] : *object) {
    Key key = TRY(Key::FromJson(json));
    if (key.id() != id) {
      return Error{Code::kInvalid, "key " + id + " is " + key.id()};
    }
    keys.emplace(id, std::move(key));
  }
  return keys;
}

json::Value KeysToJson(const Keys& keys) {
  json::Object object;
  for (const auto& [id, key] : keys) object.Set(id, key.json());
  return object;
}

}  // namespace vitrine::tuf
