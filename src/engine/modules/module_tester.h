// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "engine/modules/module.h"
#include "engine/object/object.h"

namespace vitrine::engine::modules {

// One module's view of one object, for tests: fields by name, functions by name
// and arguments. `bytes` must outlive it.
class ModuleTester {
 public:
  ModuleTester(const Module& module, Bytes bytes)
      : module_(module),
        object_(bytes, FileType::kANY),
        context(module, object_) {}

  // A top-level field; a constant's value too.
  const Node& Top(std::string_view name) {
    for (size_t i = 0; i < module_.fields.size(); ++i) {
      const Field& field = module_.fields[i];
      if (field.name != name) continue;
      if (!field.is_constant) return context.Top(i);
      return constants_.emplace_back(field.constant);
    }
    CHECK(false);
  }

  // The number of a field in a struct, or in an array's structs.
  size_t NumberOf(std::string_view parent, std::string_view name) const {
    for (const Field& field : module_.fields) {
      if (field.name != parent) continue;
      for (size_t i = 0; i < field.fields.size(); ++i) {
        if (field.fields[i].name == name) return i;
      }
    }
    CHECK(false);
  }

  // parent[index].name
  Value Item(std::string_view parent, size_t index, std::string_view name) {
    return Top(parent)[index][NumberOf(parent, name)].value();
  }

  // The overload is the one for these values' types.
  Value Call(std::string_view name, std::vector<Value> arguments = {}) {
    static constexpr char kLetters[] = {'u', 'i', 'f', 's', 'b', 'r'};
    std::string letters;
    for (const Value& argument : arguments) {
      letters += kLetters[argument.index()];
    }
    for (const Field& field : module_.fields) {
      if (field.name != name) continue;
      for (const Overload& overload : field.overloads) {
        if (overload.arguments == letters) {
          return overload.call(context, arguments);
        }
      }
    }
    CHECK(false);
  }

 private:
  const Module& module_;
  Object object_;
  std::deque<Node> constants_;

 public:
  ModuleContext context;
};

// For comparisons.
inline bool IsUndefined(const Value& value) {
  return std::holds_alternative<Undefined>(value);
}
inline int64_t Int(const Value& value) {
  CHECK(std::holds_alternative<int64_t>(value));
  return std::get<int64_t>(value);
}
inline double Float(const Value& value) {
  CHECK(std::holds_alternative<double>(value));
  return std::get<double>(value);
}
inline std::string_view Text(const Value& value) {
  CHECK(std::holds_alternative<std::string_view>(value));
  return std::get<std::string_view>(value);
}

}  // namespace vitrine::engine::modules
