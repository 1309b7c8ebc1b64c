// SPDX-License-Identifier: Apache-2.0
#include "engine/modules/dex_module.h"

#include <initializer_list>

#include "engine/modules/dex_names.h"
#include "engine/modules/limits.h"
#include "engine/modules/schema.h"

namespace vitrine::engine::modules {
namespace {

Node Text(const std::optional<std::string_view>& text) {
  return text ? Node::String(*text) : Node();
}

// A struct of numbers.
Node Row(std::initializer_list<uint64_t> values) {
  Node node;
  size_t i = 0;
  for (const uint64_t value : values) node.Set(i++) = IntNode(value);
  return node;
}

Node Header(const dex::Header& header) {
  Node node = Row({0,
                   header.checksum,
                   0,
                   header.file_size,
                   header.header_size,
                   header.endian_tag,
                   header.link_size,
                   header.link_offset,
                   header.map_offset,
                   header.string_ids_size,
                   header.string_ids_offset,
                   header.type_ids_size,
                   header.type_ids_offset,
                   header.proto_ids_size,
                   header.proto_ids_offset,
                   header.field_ids_size,
                   header.field_ids_offset,
                   header.method_ids_size,
                   header.method_ids_offset,
                   header.class_defs_size,
                   header.class_defs_offset,
                   header.data_size,
                   header.data_offset});
  node.Set(0) = Node::String(header.magic);
  node.Set(2) = Node::String(header.signature);
  return node;
}

Node Strings(const DexTables& tables) {
  Node array;
  for (uint32_t i = 0; i < tables.strings.size(); ++i) {
    const auto item = dex::StringAt(tables.file, tables.strings[i]);
    if (!item) continue;
    Node& node = array.Set(i);
    node = Row({item->offset, item->units});
    node.Set(2) = Text(tables.String(i));
  }
  return array;
}

template <typename T, typename Fill>
Node Table(const std::vector<T>& entries, Fill fill) {
  Node array;
  for (size_t i = 0; i < entries.size(); ++i) array.Set(i) = fill(entries[i]);
  return array;
}

Node MemberIds(const std::vector<dex::MemberId>& ids) {
  return Table(ids, [](const dex::MemberId& id) {
    return Row({id.class_index, id.type, id.name});
  });
}

Node Map(const DexTables& tables) {
  Node node;
  if (!tables.map) return node;
  node.Set(0) = IntNode(tables.map->size);
  node.Set(1) = Table(tables.map->items, [](const dex::MapItem& item) {
    return Row({item.type, item.unused, item.size, item.offset});
  });
  return node;
}

Node Field(const DexTables::Member& member) {
  Node node =
      Row({0, 0, 0, member.first_kind, !member.first_kind,
           member.encoded.index_difference, member.encoded.access_flags});
  node.Set(0) = Text(member.class_name);
  node.Set(1) = Text(member.name);
  node.Set(2) = Text(member.proto);
  return node;
}

Node Code(const dex::CodeItem& code) {
  Node node =
      Row({code.registers_size, code.ins_size, code.outs_size, code.tries_size,
           code.debug_info_offset, code.instructions_size});
  if (code.instructions) node.Set(6) = Node::String(AsText(*code.instructions));
  return node;
}

Node Method(const DexTables& tables, const DexTables::Member& member) {
  Node node = Row({0, 0, 0, member.first_kind, !member.first_kind,
                   member.encoded.index_difference, member.encoded.access_flags,
                   member.encoded.code_offset});
  node.Set(0) = Text(member.class_name);
  node.Set(1) = Text(member.name);
  node.Set(2) = Text(member.proto);
  if (member.encoded.code_offset != 0 &&
      member.encoded.index < tables.method_ids.size()) {
    const auto code = dex::CodeAt(tables.file, member.encoded.code_offset);
    if (code) node.Set(8) = Code(*code);
  }
  return node;
}

Node Members(const DexTables& tables, size_t field) {
  switch (field) {
    case kDexNumberOfFields:
      return tables.complete ? IntNode(tables.number_of_fields) : Node();
    case kDexFields:
      return Table(tables.fields, Field);
    case kDexNumberOfMethods:
      return tables.complete ? IntNode(tables.number_of_methods) : Node();
    case kDexMethods:
      return Table(tables.methods, [&](const DexTables::Member& member) {
        return Method(tables, member);
      });
    default:
      return Node();
  }
}

template <typename Predicate>
Value Any(ModuleContext& context, Predicate predicate) {
  const DexTables* const tables = DexTables::Of(context);
  if (tables == nullptr) return Undefined{};
  for (const DexTables::Member& method : tables->methods) {
    if (predicate(method)) return int64_t{1};
  }
  return int64_t{0};
}

// Matches names by expressions, up to kMatchedNamesMax bytes of them.
class NameMatcher {
 public:
  bool operator()(const RegexMatcher* regex,
                  const std::optional<std::string_view>& name) {
    if (regex == nullptr || !name || exhausted()) return false;
    // An empty name is not free either.
    matched_ += name->size() + 1;
    return !exhausted() && regex->Matches(*name);
  }
  bool exhausted() const { return matched_ > kMatchedNamesMax; }

 private:
  size_t matched_ = 0;
};

// As Any(), but undefined where not all names were looked at.
template <typename Predicate>
Value AnyLike(ModuleContext& context, Predicate predicate) {
  NameMatcher matches;
  const Value found = Any(context, [&](const DexTables::Member& method) {
    return predicate(matches, method);
  });
  const auto* const answer = std::get_if<int64_t>(&found);
  if (matches.exhausted() && answer != nullptr && *answer == 0) {
    return Undefined{};
  }
  return found;
}

}  // namespace

Node BuildDex(ModuleContext& context, size_t field) {
  const DexTables* const tables = DexTables::Of(context);
  if (tables == nullptr) return Node();
  switch (field) {
    case kDexHeader:
      return Header(tables->file.header);
    case kDexStringIds:
      return Strings(*tables);
    case kDexTypeIds:
      return Table(tables->types, [](uint32_t type) { return Row({type}); });
    case kDexProtoIds:
      return Table(tables->protos, [](const dex::Proto& proto) {
        return Row({proto.shorty, proto.return_type, proto.parameters_offset});
      });
    case kDexFieldIds:
      return MemberIds(tables->field_ids);
    case kDexMethodIds:
      return MemberIds(tables->method_ids);
    case kDexClassDefs:
      return Table(tables->classes, [](const dex::ClassDef& definition) {
        return Row({definition.class_index, definition.access_flags,
                    definition.super_class, definition.interfaces_offset,
                    definition.source_file, definition.annotations_offset,
                    definition.class_data_offset,
                    definition.static_values_offset});
      });
    case kDexClassData:
      return Table(tables->class_data, [](const dex::ClassData& data) {
        return Row({data.static_fields_size, data.instance_fields_size,
                    data.direct_methods_size, data.virtual_methods_size});
      });
    case kDexMap:
      return Map(*tables);
    default:
      return Members(*tables, field);
  }
}

Value DexHasMethod(ModuleContext& context, std::span<const Value> arguments) {
  const std::string_view name = TextArgument(arguments, 0);
  return Any(context, [&](const DexTables::Member& method) {
    return method.name == name;
  });
}

Value DexHasMethodOfClass(ModuleContext& context,
                          std::span<const Value> arguments) {
  const std::string_view class_name = TextArgument(arguments, 0);
  const std::string_view name = TextArgument(arguments, 1);
  return Any(context, [&](const DexTables::Member& method) {
    return method.class_name == class_name && method.name == name;
  });
}

Value DexHasMethodLike(ModuleContext& context,
                       std::span<const Value> arguments) {
  const RegexMatcher* const name = RegexArgument(arguments, 0);
  return AnyLike(context,
                 [&](NameMatcher& matches, const DexTables::Member& method) {
                   return matches(name, method.name);
                 });
}

Value DexHasMethodOfClassLike(ModuleContext& context,
                              std::span<const Value> arguments) {
  const RegexMatcher* const class_name = RegexArgument(arguments, 0);
  const RegexMatcher* const name = RegexArgument(arguments, 1);
  return AnyLike(context, [&](NameMatcher& matches,
                              const DexTables::Member& method) {
    return matches(class_name, method.class_name) && matches(name, method.name);
  });
}

Value DexHasClass(ModuleContext& context, std::span<const Value> arguments) {
  const std::string_view class_name = TextArgument(arguments, 0);
  return Any(context, [&](const DexTables::Member& method) {
    return method.class_name == class_name;
  });
}

Value DexHasClassLike(ModuleContext& context,
                      std::span<const Value> arguments) {
  const RegexMatcher* const class_name = RegexArgument(arguments, 0);
  return AnyLike(context,
                 [&](NameMatcher& matches, const DexTables::Member& method) {
                   return matches(class_name, method.class_name);
                 });
}

}  // namespace vitrine::engine::modules
