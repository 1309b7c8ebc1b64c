// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <deque>
#include <iterator>
#include <memory>
#include <optional>

#include "engine/modules/all_modules.h"
#include "formats/dotnet/assembly.h"
#include "formats/dotnet/classes.h"
#include "formats/dotnet/tables.h"

namespace vitrine::engine::modules {
namespace {

// The assembly of the context's object, read as far as fields have asked.
class State final : public ModuleState {
 public:
  State(const pe::Image* pe, const dotnet::Image* image)
      : pe_(pe), image_(image) {}

  static State& Of(ModuleContext& context) {
    if (context.state() == nullptr) {
      context.state() = std::make_unique<State>(context.object().Pe(),
                                                context.object().Dotnet());
    }
    return static_cast<State&>(*context.state());
  }

  bool is_pe() const { return pe_ != nullptr; }
  bool is_dotnet() const { return image_ != nullptr; }
  const pe::Image& pe() const { return *pe_; }
  const dotnet::Image& image() const { return *image_; }
  const dotnet::Tables& tables() {
    if (!tables_) tables_.emplace(*image_);
    return *tables_;
  }
  const std::vector<dotnet::Class>& classes() {
    if (!classes_) classes_ = dotnet::ReadClasses(tables());
    return *classes_;
  }
  std::string_view Keep(std::string text) {
    return texts_.emplace_back(std::move(text));
  }

 private:
  const pe::Image* pe_;
  const dotnet::Image* image_;
  std::optional<dotnet::Tables> tables_;
  std::optional<std::vector<dotnet::Class>> classes_;
  std::deque<std::string> texts_;
};

constexpr Field kVersionFields[] = {
    {"major", Type::kInt},
    {"minor", Type::kInt},
    {"build_number", Type::kInt},
    {"revision_number", Type::kInt},
};
constexpr Field kStreamFields[] = {
    {"name", Type::kString},
    {"offset", Type::kInt},
    {"size", Type::kInt},
};
constexpr Field kResourceFields[] = {
    {"offset", Type::kInt},
    {"length", Type::kInt},
    {"name", Type::kString},
};
constexpr Field kParameterFields[] = {
    {"name", Type::kString},
    {"type", Type::kString},
};
constexpr Field kMethodFields[] = {
    {"name", Type::kString},
    {"visibility", Type::kString},
    {"static", Type::kInt},
    {"virtual", Type::kInt},
    {"final", Type::kInt},
    {"abstract", Type::kInt},
    {"return_type", Type::kString},
    {"number_of_parameters", Type::kInt},
    {"parameters", Type::kArray, Type::kStruct, kParameterFields},
    {"number_of_generic_parameters", Type::kInt},
    {"generic_parameters", Type::kArray, Type::kString},
};
constexpr Field kClassFields[] = {
    {"fullname", Type::kString},
    {"name", Type::kString},
    {"namespace", Type::kString},
    {"visibility", Type::kString},
    {"type", Type::kString},
    {"abstract", Type::kInt},
    {"sealed", Type::kInt},
    {"number_of_generic_parameters", Type::kInt},
    {"generic_parameters", Type::kArray, Type::kString},
    {"number_of_base_types", Type::kInt},
    {"base_types", Type::kArray, Type::kString},
    {"number_of_methods", Type::kInt},
    {"methods", Type::kArray, Type::kStruct, kMethodFields},
};
constexpr Field kAssemblyRefFields[] = {
    {"version", Type::kStruct, Type::kInt, kVersionFields},
    {"public_key_or_token", Type::kString},
    {"name", Type::kString},
};
constexpr Field kAssemblyFields[] = {
    {"version", Type::kStruct, Type::kInt, kVersionFields},
    {"name", Type::kString},
    {"culture", Type::kString},
};

template <typename Range>
Node Count(const Range& range) {
  return Node::Int(static_cast<int64_t>(range.size()));
}

// Undefined where there is no such table.
template <typename Range>
Node CountIf(State& state, dotnet::Table table, const Range& range) {
  return state.tables().row_count(table) > 0 ? Count(range) : Node();
}

// An array of what `make` makes of each element.
template <typename Range, typename Make>
Node ArrayOf(const Range& range, const Make& make) {
  Node out;
  for (const auto& element : range) out.Set(out.size()) = make(element);
  return out;
}

Node Texts(const std::vector<std::string_view>& texts) {
  return ArrayOf(texts,
                 [](std::string_view text) { return Node::String(text); });
}

Node Blobs(const std::vector<Bytes>& blobs) {
  return ArrayOf(blobs, [](Bytes blob) { return Node::String(AsText(blob)); });
}

template <typename Text>
Node OptionalText(const std::optional<Text>& text) {
  return text ? Node::String(*text) : Node();
}

template <typename Number>
Node OptionalInt(const std::optional<Number>& number) {
  return number ? Node::Int(static_cast<int64_t>(*number)) : Node();
}

Node VersionNode(const dotnet::AssemblyVersion& version) {
  Node out;
  out.Set(0) = Node::Int(version.major);
  out.Set(1) = Node::Int(version.minor);
  out.Set(2) = Node::Int(version.build);
  out.Set(3) = Node::Int(version.revision);
  return out;
}

Node Streams(State& state) {
  return ArrayOf(state.image().streams, [](const dotnet::Stream& stream) {
    Node out;
    out.Set(0) = Node::String(stream.name);
    out.Set(1) = Node::Int(static_cast<int64_t>(stream.offset));
    out.Set(2) = Node::Int(stream.size);
    return out;
  });
}

Node Resources(State& state) {
  return ArrayOf(
      dotnet::ReadEmbeddedResources(state.image(), state.pe(), state.tables()),
      [](const dotnet::EmbeddedResource& resource) {
        Node out;
        out.Set(0) = OptionalInt(resource.offset);
        out.Set(1) = OptionalInt(resource.size);
        out.Set(2) = OptionalText(resource.name);
        return out;
      });
}

Node AssemblyRefs(State& state) {
  return ArrayOf(dotnet::ReadAssemblyRefs(state.tables()),
                 [](const dotnet::AssemblyRef& ref) {
                   Node out;
                   out.Set(0) = VersionNode(ref.version);
                   if (ref.public_key_or_token) {
                     out.Set(1) =
                         Node::String(AsText(*ref.public_key_or_token));
                   }
                   out.Set(2) = OptionalText(ref.name);
                   return out;
                 });
}

Node AssemblyNode(State& state) {
  Node out;
  const auto assembly = dotnet::ReadAssembly(state.tables());
  if (!assembly) return out;
  out.Set(0) = VersionNode(assembly->version);
  out.Set(1) = OptionalText(assembly->name);
  out.Set(2) = OptionalText(assembly->culture);
  return out;
}

Node MethodNode(const dotnet::Method& method) {
  Node out;
  out.Set(0) = Node::String(method.name);
  out.Set(1) = Node::String(method.visibility);
  out.Set(2) = Node::Int(method.is_static);
  out.Set(3) = Node::Int(method.is_virtual);
  out.Set(4) = Node::Int(method.is_final);
  out.Set(5) = Node::Int(method.is_abstract);
  out.Set(6) = OptionalText(method.return_type);
  out.Set(7) = Count(method.parameters);
  out.Set(8) =
      ArrayOf(method.parameters, [](const dotnet::Parameter& parameter) {
        Node node;
        node.Set(0) = Node::String(parameter.name);
        node.Set(1) = OptionalText(parameter.type);
        return node;
      });
  out.Set(9) = Count(method.generic_parameters);
  out.Set(10) = Texts(method.generic_parameters);
  return out;
}

Node Classes(State& state) {
  return ArrayOf(state.classes(), [](const dotnet::Class& type) {
    Node out;
    out.Set(0) = Node::String(type.full_name);
    out.Set(1) = Node::String(type.name);
    out.Set(2) = OptionalText(type.name_space);
    out.Set(3) = Node::String(type.visibility);
    out.Set(4) = Node::String(type.is_interface ? "interface" : "class");
    out.Set(5) = Node::Int(type.is_abstract);
    out.Set(6) = Node::Int(type.is_sealed);
    out.Set(7) = Count(type.generic_parameters);
    out.Set(8) = Texts(type.generic_parameters);
    out.Set(9) = Count(type.base_types);
    out.Set(10) = ArrayOf(type.base_types, [](const std::string& base) {
      return Node::String(base);
    });
    out.Set(11) = Count(type.methods);
    out.Set(12) = ArrayOf(type.methods, MethodNode);
    return out;
  });
}

struct Entry {
  Field field;
  Node (*make)(State& state);
};

constexpr Entry Array(std::string_view name, Type element,
                      std::span<const Field> fields, Node (*make)(State&)) {
  return {{.name = name,
           .type = Type::kArray,
           .element = element,
           .fields = fields},
          make};
}

// "number_of_" counts are made of the same lists as the arrays.
constexpr Entry kEntries[] = {
    {{"is_dotnet", Type::kInt}, [](State&) { return Node::Int(1); }},
    {{"version", Type::kString},
     [](State& state) { return Node::String(state.image().version); }},
    {{"module_name", Type::kString},
     [](State& state) {
       const auto name = dotnet::ModuleName(state.tables());
       return name ? Node::String(*name) : Node();
     }},
    Array("streams", Type::kStruct, kStreamFields, Streams),
    {{"number_of_streams", Type::kInt},
     [](State& state) { return Count(state.image().streams); }},
    Array("guids", Type::kString, {},
          [](State& state) {
            return ArrayOf(dotnet::Guids(state.tables()),
                           [&](const std::string& guid) {
                             return Node::String(state.Keep(guid));
                           });
          }),
    {{"number_of_guids", Type::kInt},
     [](State& state) {
       return state.tables().guids().empty()
                  ? Node()
                  : Count(dotnet::Guids(state.tables()));
     }},
    Array("resources", Type::kStruct, kResourceFields, Resources),
    {{"number_of_resources", Type::kInt},
     [](State& state) {
       // Those in other files are counted, but not in the array.
       const uint32_t count =
           state.tables().row_count(dotnet::Table::kManifestResource);
       return count > 0 ? Node::Int(count) : Node();
     }},
    Array("classes", Type::kStruct, kClassFields, Classes),
    {{"number_of_classes", Type::kInt},
     [](State& state) {
       if (!state.tables().is_whole()) return Node();
       return Count(state.classes());
     }},
    Array("assembly_refs", Type::kStruct, kAssemblyRefFields, AssemblyRefs),
    {{"number_of_assembly_refs", Type::kInt},
     [](State& state) {
       return CountIf(state, dotnet::Table::kAssemblyRef,
                      dotnet::ReadAssemblyRefs(state.tables()));
     }},
    {{.name = "assembly", .type = Type::kStruct, .fields = kAssemblyFields},
     AssemblyNode},
    Array(
        "modulerefs", Type::kString, {},
        [](State& state) { return Texts(dotnet::ModuleRefs(state.tables())); }),
    {{"number_of_modulerefs", Type::kInt},
     [](State& state) {
       return CountIf(state, dotnet::Table::kModuleRef,
                      dotnet::ModuleRefs(state.tables()));
     }},
    Array("user_strings", Type::kString, {},
          [](State& state) {
            return Blobs(dotnet::UserStrings(state.tables()));
          }),
    {{"number_of_user_strings", Type::kInt},
     [](State& state) {
       return state.tables().user_strings().empty()
                  ? Node()
                  : Count(dotnet::UserStrings(state.tables()));
     }},
    {{"typelib", Type::kString},
     [](State& state) {
       const auto text = dotnet::TypeLibrary(state.tables());
       return text ? Node::String(*text) : Node();
     }},
    Array("constants", Type::kString, {},
          [](State& state) {
            return Blobs(dotnet::StringConstants(state.tables()));
          }),
    {{"number_of_constants", Type::kInt},
     [](State& state) {
       return CountIf(state, dotnet::Table::kConstant,
                      dotnet::StringConstants(state.tables()));
     }},
    Array("field_offsets", Type::kInt, {},
          [](State& state) {
            return ArrayOf(dotnet::FieldOffsets(state.pe(), state.tables()),
                           [](uint64_t offset) {
                             return Node::Int(static_cast<int64_t>(offset));
                           });
          }),
    {{"number_of_field_offsets", Type::kInt},
     [](State& state) {
       return CountIf(state, dotnet::Table::kFieldRva,
                      dotnet::FieldOffsets(state.pe(), state.tables()));
     }},
};

constexpr auto kFields = [] {
  std::array<Field, std::size(kEntries)> fields{};
  for (size_t i = 0; i < fields.size(); ++i) fields[i] = kEntries[i].field;
  return fields;
}();

Node Build(ModuleContext& context, size_t index) {
  State& state = State::Of(context);
  if (!state.is_dotnet()) {
    return index == 0 && state.is_pe() ? Node::Int(0) : Node();
  }
  return index < std::size(kEntries) ? kEntries[index].make(state) : Node();
}

}  // namespace

const Module kDotnetModule = {"dotnet", kFields, Build};

}  // namespace vitrine::engine::modules
