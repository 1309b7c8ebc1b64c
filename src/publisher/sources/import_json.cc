// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include "base/json/reader.h"
#include "base/read_file.h"
#include "base/text.h"
#include "base/utf8.h"
#include "publisher/sources/hash_list.h"
#include "publisher/sources/indicator.h"
#include "publisher/sources/limits.h"
#include "publisher/sources/tree_files.h"

// MISP events and STIX 2.1 bundles.
namespace vitrine::publisher {
namespace {

std::string_view TextOf(const json::Object& object, std::string_view key) {
  const json::Value* const value = object.Find(key);
  return value != nullptr && value->text() != nullptr
             ? std::string_view(*value->text())
             : std::string_view();
}

const json::Array* ArrayOf(const json::Object& object, std::string_view key) {
  const json::Value* const value = object.Find(key);
  return value == nullptr ? nullptr : value->array();
}

class MispReader {
 public:
  MispReader(const std::string& path, const std::string& name, Imported& out)
      : path_(path), name_(name), out_(out) {}

  // An event, {"Event": event}, {"response": [...]} or a list of any of them.
  void Any(const json::Value& value) {
    if (const json::Array* const array = value.array()) {
      for (const json::Value& each : *array) Any(each);
    } else if (const json::Object* const object = value.object()) {
      if (const json::Value* const inner = object->Find("response")) {
        Any(*inner);
      } else if (const json::Value* const event = object->Find("Event")) {
        Any(*event);
      } else {
        Event(*object);
      }
    }
  }

  const HashList& hashes() const { return hashes_; }

 private:
  void Event(const json::Object& event) {
    const std::string_view info = TextOf(event, "info");
    const std::string name(info.empty() ? name_ : info);
    const std::string where =
        path_ + ": event " + Printable(TextOf(event, "uuid"));
    Attributes(event, where, name);
    const json::Array* const objects = ArrayOf(event, "Object");
    for (const json::Value& each : objects ? *objects : json::Array()) {
      if (each.object() != nullptr) Attributes(*each.object(), where, name);
    }
  }

  void Attributes(const json::Object& of, const std::string& where,
                  const std::string& name) {
    const json::Array* const attributes = ArrayOf(of, "Attribute");
    for (const json::Value& each : attributes ? *attributes : json::Array()) {
      if (each.object() != nullptr) Attribute(*each.object(), where, name);
    }
  }

  void Attribute(const json::Object& attribute, const std::string& where,
                 const std::string& name) {
    std::string_view type = TextOf(attribute, "type");
    if (type.starts_with("filename|")) type.remove_prefix(9);
    if (type != "md5" && type != "sha1" && type != "sha256") return;
    // MISP's own word for "not meant for detection".
    const json::Value* const wanted = attribute.Find("to_ids");
    if (wanted != nullptr && wanted->boolean() && !*wanted->boolean()) return;
    std::string_view value = TextOf(attribute, "value");
    if (const size_t bar = value.rfind('|'); bar != value.npos) {
      value.remove_prefix(bar + 1);
    }
    if (hashes_.Add(value, std::nullopt, name)) return;
    out_.LeaveOut(where + ", attribute " + Printable(TextOf(attribute, "uuid")),
                  "not a digest: " + Printable(value.substr(0, 80)));
  }

  const std::string& path_;
  const std::string& name_;
  Imported& out_;
  HashList hashes_;
};

void StixObject(const json::Object& object, const std::string& path,
                const std::string& name, HashList& hashes, Imported& out) {
  if (TextOf(object, "type") != "indicator") return;
  const std::string where =
      path + ": indicator " + Printable(TextOf(object, "id"));
  const json::Value* const revoked = object.Find("revoked");
  if (revoked != nullptr && revoked->boolean() && *revoked->boolean()) return;
  const std::string_view language = TextOf(object, "pattern_type");
  if (language != "stix") {
    return out.LeaveOut(where, "pattern type " + Printable(language));
  }
  const auto digests = DigestsOfPattern(TextOf(object, "pattern"));
  if (!digests.ok()) return out.LeaveOut(where, digests.error().message);
  const std::string_view own = TextOf(object, "name");
  for (const std::string& digest : digests.value()) {
    if (!hashes.Add(digest, std::nullopt, own.empty() ? name : own)) {
      out.LeaveOut(where, "not a digest: " + Printable(digest.substr(0, 80)));
    }
  }
}

Result<json::Value> ReadJson(const std::string& path) {
  const ByteVector bytes = TRY(ReadFile(path, kImportSizeMax));
  auto value = json::Read(bytes, kImportSizeMax);
  if (value.ok()) return value;
  return WithContext(value.error(), path);
}

Result<Imported> Finish(const std::string& path, const HashList& hashes,
                        Imported out) {
  if (hashes.size() == 0) {
    return Error{Code::kInvalid,
                 path + ": no digest in it" +
                     (out.messages.empty() ? "" : "; " + out.messages.front())};
  }
  out.files = hashes.Files(StemOf(path));
  out.entries = hashes.size();
  return out;
}

}  // namespace

Result<Imported> ImportMisp(const std::string& path, const std::string& name) {
  const json::Value value = TRY(ReadJson(path));
  Imported out;
  out.origin = "digests of the MISP events " + StemOf(path);
  MispReader reader(path, name, out);
  reader.Any(value);
  return Finish(path, reader.hashes(), std::move(out));
}

Result<Imported> ImportStix(const std::string& path, const std::string& name) {
  const json::Value value = TRY(ReadJson(path));
  if (value.object() == nullptr ||
      TextOf(*value.object(), "type") != "bundle") {
    return Error{Code::kInvalid, path + ": not a STIX bundle"};
  }
  Imported out;
  out.origin = "digests of the STIX bundle " + StemOf(path);
  HashList hashes;
  const json::Array* const objects = ArrayOf(*value.object(), "objects");
  for (const json::Value& each : objects ? *objects : json::Array()) {
    if (each.object() != nullptr) {
      StixObject(*each.object(), path, name, hashes, out);
    }
  }
  return Finish(path, hashes, std::move(out));
}

}  // namespace vitrine::publisher
