// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "base/json/value.h"
#include "base/result.h"

// Reads the members of one JSON object and remembers which were asked for.
namespace vitrine::tuf {

class Fields {
 public:
  // `what` names the object in errors ("root.json"). Both must outlive this.
  Fields(const json::Object& object, std::string_view what)
      : object_(object), what_(what) {}

  // Null where there is no such member.
  const json::Value* Find(std::string_view name);
  // kInvalid where the member is absent or of another kind.
  Result<const json::Object*> Object(std::string_view name);
  Result<const json::Array*> Array(std::string_view name);
  Result<std::string> Text(std::string_view name);
  Result<bool> Boolean(std::string_view name);
  // Within [least, 2^53].
  Result<int64_t> Integer(std::string_view name, int64_t least);

  // The members that nobody asked for.
  json::Object Others() const;

  Error Wrong(std::string_view name, std::string_view complaint) const;

 private:
  const json::Object& object_;
  std::string_view what_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace vitrine::tuf
