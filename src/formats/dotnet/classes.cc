// SPDX-License-Identifier: Apache-2.0
#include "formats/dotnet/classes.h"

#include <algorithm>
#include <map>
#include <utility>

#include "formats/dotnet/limits.h"
#include "formats/dotnet/type_names.h"

namespace vitrine::dotnet {
namespace {

// TypeAttributes and MethodAttributes (ECMA-335 II.23.1.15, II.23.1.10).
constexpr uint32_t kAccessMask = 0x07;
constexpr uint32_t kTypeInterface = 0x20;
constexpr uint32_t kTypeAbstract = 0x80;
constexpr uint32_t kTypeSealed = 0x100;
constexpr uint32_t kMethodStatic = 0x10;
constexpr uint32_t kMethodFinal = 0x20;
constexpr uint32_t kMethodVirtual = 0x40;
constexpr uint32_t kMethodAbstract = 0x400;

std::string_view TypeVisibility(uint32_t flags) {
  static constexpr std::string_view kNames[] = {"internal",
                                                "public",
                                                "public",
                                                "private",
                                                "protected",
                                                "internal",
                                                "private protected",
                                                "protected internal"};
  return kNames[flags & kAccessMask];
}

std::string_view MethodVisibility(uint32_t flags) {
  static constexpr std::string_view kNames[] = {
      "private",  "private",   "private protected",
      "internal", "protected", "protected internal",
      "public",   "private"};
  return kNames[flags & kAccessMask];
}

// Numbers of generic parameters' rows by the type or method they are of.
using Owner = std::pair<Table, uint32_t>;
using Names = std::vector<std::string_view>;

class Reader {
 public:
  explicit Reader(const Tables& tables) : tables_(tables), types_(tables) {
    ReadGenericParameters();
    ReadInterfaces();
  }

  std::vector<Class> Run() {
    std::vector<Class> out;
    const uint32_t count = tables_.row_count(Table::kTypeDef);
    // The first row is the module's own pseudo class.
    for (uint32_t row = 2; row <= count; ++row) {
      const auto name = tables_.Name(Table::kTypeDef, row, 1);
      if (name) out.push_back(ReadClass(row, *name));
    }
    return out;
  }

 private:
  void ReadGenericParameters() {
    const uint32_t count = tables_.row_count(Table::kGenericParam);
    for (uint32_t row = 1; row <= count; ++row) {
      const RowRef owner = tables_.Coded(Table::kGenericParam, row, 2);
      generic_[{owner.table, owner.row}].push_back(
          tables_.Name(Table::kGenericParam, row, 3).value_or(""));
    }
  }

  void ReadInterfaces() {
    const uint32_t count = tables_.row_count(Table::kInterfaceImpl);
    for (uint32_t row = 1; row <= count; ++row) {
      interfaces_[tables_.Cell(Table::kInterfaceImpl, row, 0)].push_back(
          tables_.Coded(Table::kInterfaceImpl, row, 1));
    }
  }

  const Names& GenericOf(Table table, uint32_t row) const {
    static const Names kNone;
    const auto found = generic_.find({table, row});
    return found == generic_.end() ? kNone : found->second;
  }

  // Rows of a list that starts at `column`'s value and ends where the next
  // row's starts.
  std::pair<uint32_t, uint32_t> ListOf(Table table, uint32_t row, size_t column,
                                       Table of) const {
    const uint32_t first = tables_.Cell(table, row, column);
    const uint32_t end = row < tables_.row_count(table)
                             ? tables_.Cell(table, row + 1, column)
                             : tables_.row_count(of) + 1;
    return {first, std::min(end, tables_.row_count(of) + 1)};
  }

  Class ReadClass(uint32_t row, std::string_view name) {
    Class out;
    const uint32_t flags = tables_.Cell(Table::kTypeDef, row, 0);
    out.name = WithoutArity(name);
    out.full_name = types_.NamespaceOf(row);
    if (tables_.Name(Table::kTypeDef, row, 2)) out.name_space = out.full_name;
    if (!out.full_name.empty()) out.full_name += '.';
    out.full_name += out.name;
    out.visibility = TypeVisibility(flags);
    out.is_interface = (flags & kTypeInterface) != 0;
    out.is_abstract = (flags & kTypeAbstract) != 0;
    out.is_sealed = (flags & kTypeSealed) != 0;
    out.generic_parameters = GenericOf(Table::kTypeDef, row);
    ReadBaseTypes(row, out);
    const auto [first, end] =
        ListOf(Table::kTypeDef, row, 5, Table::kMethodDef);
    for (uint32_t method = std::max(first, 1u); method < end; ++method) {
      // Lists that overlap would make methods without end.
      if (++method_count_ > kRowCountMax) break;
      auto read = ReadMethod(method, out.generic_parameters);
      if (read) out.methods.push_back(*std::move(read));
    }
    return out;
  }

  void ReadBaseTypes(uint32_t row, Class& out) {
    const GenericScope scope{&out.generic_parameters, nullptr};
    std::vector<RowRef> rows = {tables_.Coded(Table::kTypeDef, row, 3)};
    if (const auto found = interfaces_.find(row); found != interfaces_.end()) {
      rows.insert(rows.end(), found->second.begin(), found->second.end());
    }
    for (const RowRef& base : rows) {
      auto name = types_.OfRow(base, scope);
      if (name) out.base_types.push_back(*std::move(name));
    }
  }

  // nullopt for a method whose name or types cannot be read.
  std::optional<Method> ReadMethod(uint32_t row, const Names& class_generics) {
    Method out;
    const uint32_t flags = tables_.Cell(Table::kMethodDef, row, 2);
    const auto name = tables_.Name(Table::kMethodDef, row, 3);
    const auto signature = tables_.Blob(Table::kMethodDef, row, 4);
    if (!name || !signature) return std::nullopt;
    out.name = *name;
    out.visibility = MethodVisibility(flags);
    out.is_static = (flags & kMethodStatic) != 0;
    out.is_virtual = (flags & kMethodVirtual) != 0;
    out.is_final = (flags & kMethodFinal) != 0;
    out.is_abstract = (flags & kMethodAbstract) != 0;
    out.generic_parameters = GenericOf(Table::kMethodDef, row);
    const GenericScope scope{&class_generics, &out.generic_parameters};
    MethodTypes types = types_.OfMethod(*signature, scope);
    if (!types.result ||
        (!types.parameters.empty() && !types.parameters.back())) {
      return std::nullopt;
    }
    if (out.name != ".ctor" && out.name != ".cctor") {
      out.return_type = std::move(types.result);
    }
    for (auto& type : types.parameters) {
      out.parameters.push_back({{}, std::move(type)});
    }
    NameParameters(row, out);
    return out;
  }

  // As YARA does, by their order and not by their numbers, and whatever method
  // the rows belong to: where the result has a row, too, names are off by one.
  void NameParameters(uint32_t row, Method& method) const {
    uint32_t param = tables_.Cell(Table::kMethodDef, row, 5);
    for (Parameter& parameter : method.parameters) {
      parameter.name = tables_.Name(Table::kParam, param, 2).value_or("");
      if (param == UINT32_MAX) return;
      ++param;
    }
  }

  const Tables& tables_;
  TypeNames types_;
  std::map<Owner, Names> generic_;
  std::map<uint32_t, std::vector<RowRef>> interfaces_;
  uint32_t method_count_ = 0;
};

}  // namespace

std::vector<Class> ReadClasses(const Tables& tables) {
  if (!tables.is_whole()) return {};
  return Reader(tables).Run();
}

}  // namespace vitrine::dotnet
