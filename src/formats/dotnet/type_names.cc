// SPDX-License-Identifier: Apache-2.0
#include "formats/dotnet/type_names.h"

#include <utility>

#include "formats/dotnet/limits.h"

namespace vitrine::dotnet {
namespace {

// ECMA-335 II.23.1.16.
enum Element : uint8_t {
  kPointer = 0x0f,
  kByRef = 0x10,
  kValueType = 0x11,
  kClass = 0x12,
  kVariable = 0x13,
  kArray = 0x14,
  kGenericInstance = 0x15,
  kFunctionPointer = 0x1b,
  kVector = 0x1d,
  kMethodVariable = 0x1e,
  kModifierRequired = 0x1f,
  kModifierOptional = 0x20,
  kSentinel = 0x41,
  kPinned = 0x45,
};

constexpr uint8_t kConventionGeneric = 0x10;

std::string_view PrimitiveName(uint8_t element) {
  switch (element) {
    case 0x01:
      return "void";
    case 0x02:
      return "bool";
    case 0x03:
      return "char";
    case 0x04:
      return "sbyte";
    case 0x05:
      return "byte";
    case 0x06:
      return "short";
    case 0x07:
      return "ushort";
    case 0x08:
      return "int";
    case 0x09:
      return "uint";
    case 0x0a:
      return "long";
    case 0x0b:
      return "ulong";
    case 0x0c:
      return "float";
    case 0x0d:
      return "double";
    case 0x0e:
      return "string";
    case 0x16:
      return "TypedReference";
    case 0x18:
      return "IntPtr";
    case 0x19:
      return "UIntPtr";
    case 0x1c:
      return "object";
    default:
      return {};
  }
}

std::string Join(std::string_view space, std::string_view name) {
  if (space.empty()) return std::string(name);
  std::string text(space);
  text += '.';
  text += name;
  return text;
}

}  // namespace

std::string_view WithoutArity(std::string_view name) {
  return name.substr(0, name.find('`'));
}

// Reads one signature from its start to its end.
class TypeNames::Decoder {
 public:
  Decoder(TypeNames& names, Bytes signature, const GenericScope& scope)
      : names_(names), rest_(signature), scope_(scope) {}

  std::optional<uint8_t> Byte() {
    if (rest_.empty()) return std::nullopt;
    const uint8_t byte = rest_[0];
    rest_ = rest_.subspan(1);
    return byte;
  }

  std::optional<uint32_t> Number() {
    const auto packed = ReadPacked(rest_);
    if (!packed) return std::nullopt;
    rest_ = rest_.subspan(packed->size);
    return packed->value;
  }

  std::optional<std::string> Type(int depth) {
    if (depth > kTypeDepthMax || ++names_.parts_ > kTypePartCountMax) {
      return std::nullopt;
    }
    const auto element = Byte();
    if (!element) return std::nullopt;
    if (const auto name = PrimitiveName(*element); !name.empty()) {
      return std::string(name);
    }
    auto name = Compound(*element, depth);
    if (name && name->size() > kTypeNameSizeMax) return std::nullopt;
    return name;
  }

  // Convention, number of generic parameters, then result and parameters.
  MethodTypes Method(int depth) {
    MethodTypes types;
    const auto convention = Byte();
    if (!convention) return types;
    if ((*convention & kConventionGeneric) != 0 && !Number()) return types;
    const auto count = Number();
    if (!count || *count > kParameterCountMax) return types;
    types.result = Type(depth + 1);
    if (!types.result) return types;
    for (uint32_t i = 0; i < *count; ++i) {
      types.parameters.push_back(Type(depth + 1));
      if (!types.parameters.back()) break;
    }
    return types;
  }

 private:
  std::optional<std::string> Compound(uint8_t element, int depth) {
    switch (element) {
      case kPointer:
        return Around("Ptr<", ">", depth);
      case kByRef:
        return Around("ref ", "", depth);
      case kVector:
        return Around("", "[]", depth);
      case kPinned:
      case kSentinel:
        return Type(depth + 1);
      case kModifierRequired:
      case kModifierOptional:
        if (!Number()) return std::nullopt;
        return Type(depth + 1);
      case kValueType:
      case kClass: {
        const auto coded = Number();
        if (!coded) return std::nullopt;
        return names_.RowName(TypeDefOrRef(*coded), scope_, depth + 1);
      }
      case kVariable:
        return Variable(scope_.of_class);
      case kMethodVariable:
        return Variable(scope_.of_method);
      case kGenericInstance:
        return Instance(depth);
      case kArray:
        return Array(depth);
      case kFunctionPointer:
        return FunctionPointer(depth);
      default:
        return std::nullopt;
    }
  }

  static RowRef TypeDefOrRef(uint32_t coded) {
    return Tables::TypeDefOrRef(coded);
  }

  std::optional<std::string> Around(std::string_view before,
                                    std::string_view after, int depth) {
    const auto inner = Type(depth + 1);
    if (!inner) return std::nullopt;
    std::string text(before);
    text += *inner;
    text += after;
    return text;
  }

  std::optional<std::string> Variable(
      const std::vector<std::string_view>* names) {
    const auto number = Number();
    if (!number || names == nullptr || *number >= names->size()) {
      return std::nullopt;
    }
    return std::string((*names)[*number]);
  }

  std::optional<std::string> Instance(int depth) {
    const auto generic = Type(depth + 1);
    const auto count = Number();
    if (!generic || !count || *count > kGenericArgumentCountMax) {
      return std::nullopt;
    }
    std::string text = *generic + "<";
    for (uint32_t i = 0; i < *count; ++i) {
      const auto argument = Type(depth + 1);
      if (!argument) return std::nullopt;
      if (i > 0) text += ',';
      text += *argument;
      if (text.size() > kTypeNameSizeMax) return std::nullopt;
    }
    return text + ">";
  }

  // Rank, then sizes and lower bounds of some dimensions.
  std::optional<std::string> Array(int depth) {
    const auto element = Type(depth + 1);
    const auto rank = Number();
    const auto size_count = Number();
    if (!element || !rank || !size_count || *rank == 0 ||
        *rank > kArrayRankMax || *size_count > *rank) {
      return std::nullopt;
    }
    std::vector<uint32_t> sizes(*rank, 0);
    for (uint32_t i = 0; i < *size_count; ++i) {
      const auto size = Number();
      if (!size) return std::nullopt;
      sizes[i] = *size;
    }
    const auto bound_count = Number();
    if (!bound_count || *bound_count > *rank) return std::nullopt;
    std::vector<int32_t> bounds(*rank, 0);
    for (uint32_t i = 0; i < *bound_count; ++i) {
      const auto bound = Number();
      if (!bound) return std::nullopt;
      // The sign is the lowest bit.
      const auto magnitude = static_cast<int32_t>(*bound >> 1);
      bounds[i] = (*bound & 1) != 0 ? ~magnitude : magnitude;
    }
    std::string text = *element + "[";
    for (uint32_t i = 0; i < *rank; ++i) {
      if (i > 0) text += ',';
      text += Dimension(bounds[i], sizes[i]);
    }
    return text + "]";
  }

  static std::string Dimension(int32_t bound, uint32_t size) {
    if (bound == 0 && size == 0) return "";
    if (bound == 0) return std::to_string(size);
    return std::to_string(bound) + "..." +
           std::to_string(int64_t{bound} + size - 1);
  }

  std::optional<std::string> FunctionPointer(int depth) {
    const MethodTypes types = Method(depth + 1);
    if (!types.result) return std::nullopt;
    std::string text = "FnPtr<" + *types.result + "(";
    for (size_t i = 0; i < types.parameters.size(); ++i) {
      if (!types.parameters[i]) return std::nullopt;
      if (i > 0) text += ", ";
      text += *types.parameters[i];
      if (text.size() > kTypeNameSizeMax) return std::nullopt;
    }
    return text + ")>";
  }

  TypeNames& names_;
  Bytes rest_;
  const GenericScope& scope_;
};

TypeNames::TypeNames(const Tables& tables) : tables_(tables) {
  enclosing_.resize(size_t{tables.row_count(Table::kTypeDef)} + 1);
  const uint32_t count = tables.row_count(Table::kNestedClass);
  for (uint32_t row = 1; row <= count; ++row) {
    const uint32_t nested = tables.Cell(Table::kNestedClass, row, 0);
    if (nested < enclosing_.size()) {
      enclosing_[nested] = tables.Cell(Table::kNestedClass, row, 1);
    }
  }
}

std::string TypeNames::NamespaceOf(uint32_t type_def) const {
  return NamespaceOfDef(type_def, 0);
}

std::string TypeNames::NamespaceOfDef(uint32_t type_def, int depth) const {
  const std::string_view own =
      tables_.Name(Table::kTypeDef, type_def, 2).value_or("");
  const uint32_t outer =
      type_def < enclosing_.size() ? enclosing_[type_def] : 0;
  if (outer == 0 || depth >= kNestingDepthMax) return std::string(own);
  const std::string space = FullNameOfDef(outer, depth + 1);
  // Names with a dot are split by compilers, those of inner classes too.
  return own.empty() ? space : Join(space, own);
}

std::string TypeNames::FullNameOfDef(uint32_t type_def, int depth) const {
  return Join(
      NamespaceOfDef(type_def, depth),
      WithoutArity(tables_.Name(Table::kTypeDef, type_def, 1).value_or("")));
}

// Of a class in a class it is only the inner name.
std::string TypeNames::FullNameOfRef(uint32_t type_ref) const {
  return Join(
      tables_.Name(Table::kTypeRef, type_ref, 2).value_or(""),
      WithoutArity(tables_.Name(Table::kTypeRef, type_ref, 1).value_or("")));
}

std::optional<std::string> TypeNames::RowName(RowRef row,
                                              const GenericScope& scope,
                                              int depth) {
  if (row.row == 0 || row.row > tables_.row_count(row.table)) {
    return std::nullopt;
  }
  switch (row.table) {
    case Table::kTypeDef:
      return FullNameOfDef(row.row, 0);
    case Table::kTypeRef:
      return FullNameOfRef(row.row);
    case Table::kTypeSpec: {
      const auto signature = tables_.Blob(Table::kTypeSpec, row.row, 0);
      if (!signature) return std::nullopt;
      return Decoder(*this, *signature, scope).Type(depth + 1);
    }
    default:
      return std::nullopt;
  }
}

std::optional<std::string> TypeNames::OfRow(RowRef row,
                                            const GenericScope& scope) {
  return RowName(row, scope, 0);
}

MethodTypes TypeNames::OfMethod(Bytes signature, const GenericScope& scope) {
  return Decoder(*this, signature, scope).Method(0);
}

}  // namespace vitrine::dotnet
