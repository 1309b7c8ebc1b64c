// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/dotnet/tables.h"

namespace vitrine::dotnet {

// Names of the generic parameters that a signature may speak of, by number.
struct GenericScope {
  const std::vector<std::string_view>* of_class = nullptr;
  const std::vector<std::string_view>* of_method = nullptr;
};

struct MethodTypes {
  std::optional<std::string> result;
  // In order; nullopt for a type that could not be read.
  std::vector<std::optional<std::string>> parameters;
};

// Spells types as C# programmers do. One an assembly: it counts what it has
// looked at and stops at a limit.
class TypeNames {
 public:
  explicit TypeNames(const Tables& tables);

  // "Namespace.Outer.Inner", without "`2".
  std::optional<std::string> OfRow(RowRef row, const GenericScope& scope);

  // Of the blob of a MethodDef.
  MethodTypes OfMethod(Bytes signature, const GenericScope& scope);

  // "Namespace.Outer" of a nested type, "Namespace" of any other.
  std::string NamespaceOf(uint32_t type_def) const;

 private:
  class Decoder;

  std::string FullNameOfDef(uint32_t type_def, int depth) const;
  std::string FullNameOfRef(uint32_t type_ref) const;
  std::string NamespaceOfDef(uint32_t type_def, int depth) const;
  std::optional<std::string> RowName(RowRef row, const GenericScope& scope,
                                     int depth);

  const Tables& tables_;
  // By TypeDef; 0 for types that are in no other.
  std::vector<uint32_t> enclosing_;
  uint32_t parts_ = 0;
};

// "List" of "List`1".
std::string_view WithoutArity(std::string_view name);

}  // namespace vitrine::dotnet
