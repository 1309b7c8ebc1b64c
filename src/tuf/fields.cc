// SPDX-License-Identifier: Apache-2.0
#include "tuf/fields.h"

namespace vitrine::tuf {

const json::Value* Fields::Find(std::string_view name) {
  asked_.emplace(name);
  return object_.Find(name);
}

Error Fields::Wrong(std::string_view name, std::string_view complaint) const {
  return {Code::kInvalid, std::string(what_) + ": \"" + std::string(name) +
                              "\" " + std::string(complaint)};
}

Result<const json::Object*> Fields::Object(std::string_view name) {
  const json::Value* value = Find(name);
  if (value == nullptr || value->object() == nullptr) {
    return Wrong(name, "is no object");
  }
  return value->object();
}

Result<const json::Array*> Fields::Array(std::string_view name) {
  const json::Value* value = Find(name);
  if (value == nullptr || value->array() == nullptr) {
    return Wrong(name, "is no array");
  }
  return value->array();
}

Result<std::string> Fields::Text(std::string_view name) {
  const json::Value* value = Find(name);
  if (value == nullptr || value->text() == nullptr) {
    return Wrong(name, "is no text");
  }
  return *value->text();
}

Result<bool> Fields::Boolean(std::string_view name) {
  const json::Value* value = Find(name);
  if (value == nullptr || value->boolean() == nullptr) {
    return Wrong(name, "is neither true nor false");
  }
  return *value->boolean();
}

Result<int64_t> Fields::Integer(std::string_view name, int64_t least) {
  const json::Value* value = Find(name);
  if (value == nullptr || value->integer() == nullptr) {
    return Wrong(name, "is no integer");
  }
  if (*value->integer() < least) {
    return Wrong(name, "is less than " + std::to_string(least));
  }
  return *value->integer();
}

json::Object Fields::Others() const {
  json::Object others;
  for (const auto& [key, value] : object_) {
    if (!asked_.contains(key)) others.Set(key, value);
  }
  return others;
}

}  // namespace vitrine::tuf
