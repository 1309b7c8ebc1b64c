// SPDX-License-Identifier: Apache-2.0
#include "tuf/metadata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json/reader.h"
#include "base/json/writer.h"
#include "tuf/limits.h"
#include "tuf/testing.h"
#include "tuf/toy_keys.h"

namespace vitrine::tuf {
namespace {

using ::testing::HasSubstr;

json::Object Parsed(std::string_view text) {
  return *json::Read(AsBytes(text), 1 << 20).value().object();
}

// `object` with the member at `path` ("roles/root/threshold") set, or without
// it where `value` is nothing.
json::Object With(json::Object object, std::string_view path,
                  std::optional<json::Value> value) {
  const size_t slash = path.find('/');
  const std::string name(path.substr(0, slash));
  if (slash != path.npos) {
    const json::Value* inner = object.Find(name);
    object.Set(name, With(inner == nullptr ? json::Object() : *inner->object(),
                          path.substr(slash + 1), std::move(value)));
  } else if (value) {
    object.Set(name, std::move(*value));
  } else {
    object.Remove(name);
  }
  return object;
}

class MetadataTest : public ::testing::Test {
 protected:
  template <typename T>
  static std::string Told(const Result<T>& result) {
    return result.ok() ? "" : result.error().message;
  }
  json::Object root = WriteRoot(TestRepository().root);
  json::Object timestamp = WriteTimestamp(TestRepository().timestamp);
  json::Object snapshot = WriteSnapshot(TestRepository().snapshot);
  json::Object targets = [] {
    TestRepository repository;
    repository.AddTarget("targets", "x", "content");
    repository.Delegate("targets", "a");
    return WriteTargets(repository.roles["targets"]);
  }();
};

TEST_F(MetadataTest, WritesWhatItReadWithFieldsThatItDoesNotKnow) {
  root = With(root, "x-note", "n");
  root = With(root, "roles/root/x-note", json::Array{1});
  root = With(root, "roles/mirrors", json::Object{{"keyids", json::Array{}}});
  EXPECT_EQ(WriteRoot(ReadRoot(root).value()), root);
  timestamp = With(timestamp, "meta/snapshot.json/x-note", 1);
  EXPECT_EQ(WriteTimestamp(ReadTimestamp(timestamp).value()), timestamp);
  snapshot = With(snapshot, "meta/targets.json/x-note", true);
  EXPECT_EQ(WriteSnapshot(ReadSnapshot(snapshot).value()), snapshot);
  targets = With(targets, "targets/x/custom", json::Object{{"a", "b"}});
  targets = With(targets, "delegations/x-note", json::Object{});
  EXPECT_EQ(WriteTargets(ReadTargets(targets).value()), targets);
}

TEST_F(MetadataTest, RefusesCommonFieldsOfOtherForm) {
  const std::pair<const char*, json::Value> wrong[] = {
      {"_type", "Root"},
      {"_type", 1},
      {"spec_version", "2.0.0"},
      {"spec_version", "1"},
      {"spec_version", "1.x"},
      {"spec_version", 1},
      {"version", 0},
      {"version", -1},
      {"version", "1"},
      {"version", json::Value()},
      {"expires", "2030-01-01"},
      {"expires", "2030-01-01T00:00:00+00:00"},
      {"expires", 0}};
  for (const auto& [name, value] : wrong) {
    EXPECT_NE(Told(ReadRoot(With(root, name, value))), "")
        << name << " " << json::Write(value);
  }
  for (const char* name :
       {"_type", "spec_version", "version", "expires", "keys", "roles"}) {
    EXPECT_NE(Told(ReadRoot(With(root, name, std::nullopt))), "") << name;
  }
  EXPECT_EQ(Told(ReadRoot(With(root, "spec_version", "1.0"))), "");
}

TEST_F(MetadataTest, RefusesRootsWithoutEachRole) {
  for (const char* role : {"root", "timestamp", "snapshot", "targets"}) {
    const std::string path = std::string("roles/") + role;
    EXPECT_NE(Told(ReadRoot(With(root, path, std::nullopt))), "");
    EXPECT_NE(Told(ReadRoot(With(root, path + "/threshold", 0))), "");
    EXPECT_NE(Told(ReadRoot(With(root, path + "/threshold", -1))), "");
    EXPECT_NE(Told(ReadRoot(With(root, path + "/keyids", std::nullopt))), "");
    EXPECT_NE(
        Told(ReadRoot(With(root, path + "/keyids", json::Array{"aa", "aa"}))),
        "")
        << "a key twice";
  }
  EXPECT_EQ(Told(ReadRoot(With(root, "roles/root/threshold", 100))), "")
      << "nobody can meet it, which is for whoever counts";
  EXPECT_NE(Told(ReadRoot(With(root, "consistent_snapshot", 1))), "");
  EXPECT_FALSE(ReadRoot(With(root, "consistent_snapshot", std::nullopt))
                   .value()
                   .consistent_snapshot);
}

TEST_F(MetadataTest, RefusesAKeyUnderAnothersIdentifier) {
  const json::Object keys = *root.Find("keys")->object();
  const std::string id = keys.begin()->key;
  const json::Object key = *keys.begin()->value.object();
  const std::string other = std::string(64, '0');
  EXPECT_THAT(Told(ReadRoot(With(root, "keys/" + other, key))),
              HasSubstr("key " + other + " is " + id));
  EXPECT_THAT(Told(ReadRoot(With(root, "keys/" + id + "/x-note", 1))),
              HasSubstr("key " + id));
  EXPECT_NE(Told(ReadRoot(With(root, "keys/" + id + "/keyval", "x"))), "");
  EXPECT_NE(Told(ReadRoot(With(root, "keys/" + id, "x"))), "");
}

TEST_F(MetadataTest, RefusesTimestampsOfMoreThanTheSnapshot) {
  EXPECT_NE(Told(ReadTimestamp(With(timestamp, "meta/targets.json",
                                    json::Object{{"version", 1}}))),
            "");
  EXPECT_NE(Told(ReadTimestamp(With(timestamp, "meta", json::Object{}))), "");
}

TEST_F(MetadataTest, RefusesDescriptionsOfOtherForm) {
  const std::pair<const char*, json::Value> wrong[] = {
      {"version", 0},
      {"version", json::Value()},
      {"length", 0},
      {"length", -1},
      {"length", "1"},
      {"hashes", json::Object{}},
      {"hashes", "00"},
      {"hashes", json::Object{{"sha256", "xy"}}},
      {"hashes", json::Object{{"sha256", 1}}}};
  for (const auto& [name, value] : wrong) {
    const std::string path = std::string("meta/targets.json/") + name;
    EXPECT_NE(Told(ReadSnapshot(With(snapshot, path, value))), "")
        << name << " " << json::Write(value);
  }
  EXPECT_NE(
      Told(ReadSnapshot(With(snapshot, "meta/targets.json", std::nullopt))),
      "");
}

TEST_F(MetadataTest, RefusesTargetsOfOtherForm) {
  for (const char* name : {"length", "hashes"}) {
    const std::string path = std::string("targets/x/") + name;
    EXPECT_NE(Told(ReadTargets(With(targets, path, std::nullopt))), "") << name;
  }
  EXPECT_NE(Told(ReadTargets(With(targets, "targets/x/length", -1))), "");
  EXPECT_NE(Told(ReadTargets(With(targets, "targets/x/custom", 1))), "");
  EXPECT_NE(Told(ReadTargets(With(targets, "targets", std::nullopt))), "");
  EXPECT_EQ(Told(ReadTargets(With(targets, "targets", json::Object{}))), "");
  EXPECT_EQ(ReadTargets(With(targets, "targets/" + std::string(1025, 'a'),
                             json::Object{}))
                .error()
                .code,
            Code::kLimit);
}

// targets.json whose one delegation has `name` set to `value`.
json::Object WithDelegation(const json::Object& targets, const char* name,
                            std::optional<json::Value> value) {
  const json::Array& roles =
      *targets.Find("delegations")->object()->Find("roles")->array();
  return With(targets, "delegations/roles",
              json::Array{With(*roles[0].object(), name, std::move(value))});
}

TEST_F(MetadataTest, RefusesDelegationsOfOtherForm) {
  for (const char* name : {"", "root", "timestamp", "snapshot", "targets"}) {
    EXPECT_NE(Told(ReadTargets(WithDelegation(targets, "name", name))), "")
        << "a role of this name would overwrite another's file: " << name;
  }
  EXPECT_NE(
      Told(ReadTargets(WithDelegation(targets, "name", std::string(81, 'a')))),
      "");
  EXPECT_NE(
      Told(ReadTargets(WithDelegation(targets, "terminating", std::nullopt))),
      "");
  EXPECT_NE(Told(ReadTargets(WithDelegation(targets, "paths", "x"))), "");
  EXPECT_NE(Told(ReadTargets(WithDelegation(targets, "paths", json::Array{1}))),
            "");
  EXPECT_NE(Told(ReadTargets(WithDelegation(targets, "path_hash_prefixes",
                                            json::Array{"0"}))),
            "")
      << "both kinds of paths";
  EXPECT_EQ(Told(ReadTargets(WithDelegation(targets, "paths", json::Value()))),
            "");
  const json::Array roles =
      *targets.Find("delegations")->object()->Find("roles")->array();
  EXPECT_THAT(Told(ReadTargets(With(targets, "delegations/roles",
                                    json::Array{roles[0], roles[0]}))),
              HasSubstr("a role twice"));
}

TEST(EnvelopeTest, RefusesOtherForms) {
  for (const char* text :
       {"[]", "{}", R"({"signed":{}})", R"({"signatures":[]})",
        R"({"signed":[],"signatures":[]})", R"({"signed":{},"signatures":{}})",
        R"({"signed":{},"signatures":[1]})",
        R"({"signed":{},"signatures":[{"keyid":"a"}]})",
        R"({"signed":{},"signatures":[{"sig":"aa"}]})",
        R"({"signed":{},"signed":{},"signatures":[]})",
        R"({"signed":{},"signatures":[{"keyid":"a","sig":"b"},)"
        R"({"keyid":"a","sig":"c"}]})"}) {
    EXPECT_FALSE(ReadEnvelope(AsBytes(text), 1000).ok()) << text;
  }
}

TEST(EnvelopeTest, KeepsASignatureThatIsNoHexAsOneThatVerifiesNothing) {
  const auto envelope = ReadEnvelope(
      AsBytes(R"({"signed":{"b":1,"a":"é"},"signatures":)"
              R"([{"keyid":"a","sig":""},{"keyid":"b","sig":"zz"},)"
              R"({"keyid":"c","sig":"0aFF"}],"extra":1})"),
      1000);
  ASSERT_TRUE(envelope.ok());
  EXPECT_EQ(envelope.value().canonical, "{\"a\":\"é\",\"b\":1}");
  EXPECT_TRUE(envelope.value().signatures[0].bytes.empty());
  EXPECT_TRUE(envelope.value().signatures[1].bytes.empty());
  EXPECT_EQ(envelope.value().signatures[2].bytes, (ByteVector{0x0a, 0xff}));
}

TEST(EnvelopeTest, StopsAt64Signatures) {
  std::vector<Signature> signatures;
  for (size_t i = 0; i < kSignaturesMax; ++i) {
    signatures.push_back({std::to_string(i), {}});
  }
  std::string file = WriteEnvelope({}, signatures);
  EXPECT_TRUE(ReadEnvelope(AsBytes(file), 1 << 20).ok());
  signatures.push_back({"one more", {}});
  file = WriteEnvelope({}, signatures);
  EXPECT_EQ(ReadEnvelope(AsBytes(file), 1 << 20).error().code, Code::kLimit);
}

TEST(KeyTest, HasTheIdentifierThatOthersCompute) {
  // By python3-securesystemslib 1.4.0.
  const Key key = Key::FromPublic(
      crypto::PublicKey::Ed25519(crypto::Ed25519Public{}).value());
  EXPECT_EQ(json::WriteCanonical(key.json()),
            R"({"keytype":"ed25519","keyval":{"public":")" +
                std::string(64, '0') + R"("},"scheme":"ed25519"})");
  EXPECT_EQ(key.id(),
            "7f7373360bc914a5d4a7bd87711615178beb6cf52494fcc49082ec65ba62908c");
}

TEST(KeyTest, VerifiesNothingWithAKeyThatItDoesNotUnderstand) {
  const auto denied = [](std::string_view text) {
    const auto key = Key::FromJson(Parsed(text));
    return key.ok() && !key.value().Public(Schemes::kStandard).ok();
  };
  EXPECT_TRUE(denied(R"({"keytype":"x","scheme":"x","keyval":{"public":""}})"));
  EXPECT_TRUE(denied(
      R"({"keytype":"ed25519","scheme":"ed25519","keyval":{"public":"00"}})"));
  EXPECT_TRUE(denied(R"({"keytype":"ecdsa","scheme":"ecdsa-sha2-nistp256",)"
                     R"("keyval":{"public":"-----BEGIN PUBLIC KEY-----"}})"));
  EXPECT_TRUE(
      denied(R"({"keytype":"rsa","scheme":"ed25519","keyval":{"public":""}})"));
}

TEST(KeyTest, RefusesAKeyOfAnotherTypeThanItNames) {
  const Key rsa =
      Key::FromPublic(ToyKey(crypto::SignatureScheme::kRsaPssSha256).Public());
  json::Object named = rsa.json();
  named.Set("keytype", "ecdsa");
  named.Set("scheme", "ecdsa-sha2-nistp256");
  EXPECT_TRUE(rsa.Public(Schemes::kStandard).ok());
  EXPECT_FALSE(rsa.Public(Schemes::kEd25519).ok());
  EXPECT_FALSE(Key::FromJson(named).value().Public(Schemes::kStandard).ok());
}

}  // namespace
}  // namespace vitrine::tuf
