// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/dotnet/tables.h"

namespace vitrine::dotnet {

struct Parameter {
  std::string_view name;
  std::optional<std::string> type;
};

struct Method {
  std::string_view name;
  std::string_view visibility;  // "public", "protected internal", ...
  bool is_static = false;
  bool is_virtual = false;
  bool is_final = false;
  bool is_abstract = false;
  std::optional<std::string> return_type;  // Constructors have none.
  std::vector<Parameter> parameters;
  std::vector<std::string_view> generic_parameters;
};

struct Class {
  std::string full_name;
  std::string_view name;
  // Of a nested class: its outer class's full name.
  std::optional<std::string> name_space;
  std::string_view visibility;
  bool is_interface = false;
  bool is_abstract = false;
  bool is_sealed = false;
  std::vector<std::string_view> generic_parameters;
  std::vector<std::string> base_types;  // Then the interfaces.
  std::vector<Method> methods;
};

// Every class of the assembly, in its order, without the one that holds what
// is in no class.
std::vector<Class> ReadClasses(const Tables& tables);

}  // namespace vitrine::dotnet
