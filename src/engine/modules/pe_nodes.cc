// SPDX-License-Identifier: Apache-2.0
#include "engine/modules/pe_nodes.h"

#include <map>

#include "formats/pe/debug.h"

namespace vitrine::engine::modules {
namespace {

template <typename Range>
Node Count(const Range& range) {
  return Node::Int(static_cast<int64_t>(range.size()));
}

template <typename T>
Node Number(const std::optional<T>& value) {
  return value ? Node::Int(static_cast<int64_t>(*value)) : Node();
}

Node NonZero(uint64_t value) {
  return value != 0 ? Node::Int(static_cast<int64_t>(value)) : Node();
}

Node Text(const std::optional<std::string_view>& value) {
  return value ? Node::String(*value) : Node();
}

Node ImportDetails(const pe::Imports& imports) {
  Node out;
  for (const pe::ImportedLibrary& library : imports.libraries) {
    Node functions;
    for (const pe::ImportedFunction& function : library.functions) {
      functions.Set(functions.size()) = StructOf({
          Node::String(function.name),
          Number(function.ordinal),
          NonZero(function.rva),
      });
    }
    Node& node = out.Set(out.size());
    node.Set(0) = Node::String(library.name);
    node.Set(1) = Count(library.functions);
    node.Set(2) = std::move(functions);
  }
  return out;
}

// A name of a resource is a number in one field or a text in another.
void SetName(Node& node, size_t number, size_t text,
             const std::optional<pe::ResourceName>& name) {
  if (!name) return;
  if (name->is_text) {
    node.Set(text) = Node::String(AsText(name->text));
  } else if (name->id != -1) {
    node.Set(number) = Node::Int(name->id);
  }
}

}  // namespace

Node StructOf(std::initializer_list<Node> values) {
  Node node;
  size_t index = 0;
  for (const Node& value : values) node.Set(index++) = value;
  return node;
}

Node PeDataDirectories(PeState& pe) {
  Node out;
  const auto& directories = pe.image().directories;
  for (const pe::DataDirectory& directory : directories) {
    if (out.size() >= pe.image().directory_count) break;
    out.Set(out.size()) =
        StructOf({Node::Int(directory.address), Node::Int(directory.size)});
  }
  return out;
}

Node PeSections(PeState& pe) {
  Node out;
  for (const pe::Section& section : pe.image().mapped_sections()) {
    out.Set(out.size()) = StructOf({
        Node::String(section.name),
        Text(pe::FullName(pe.image(), section)),
        Node::Int(section.characteristics),
        Node::Int(section.virtual_address),
        Node::Int(section.virtual_size),
        Node::Int(section.raw_offset),
        Node::Int(section.raw_size),
        Node::Int(section.relocations_offset),
        Node::Int(section.line_numbers_offset),
        Node::Int(section.relocation_count),
        Node::Int(section.line_number_count),
    });
  }
  return out;
}

Node PeOverlay(PeState& pe) {
  const pe::Overlay overlay = pe::FindOverlay(pe.image());
  return StructOf({Node::Int(static_cast<int64_t>(overlay.offset)),
                   Node::Int(static_cast<int64_t>(overlay.size))});
}

Node PeRichSignature(PeState& pe) {
  const auto& rich = pe.rich();
  if (!rich) return Node();
  return StructOf({
      Node::Int(static_cast<int64_t>(rich->offset)),
      Count(rich->raw),
      Node::Int(rich->key),
      Node::String(AsText(rich->raw)),
      Node::String(AsText(rich->clear)),
      rich->versions ? Node::String(AsText(*rich->versions)) : Node(),
  });
}

Node PePdbPath(PeState& pe) { return Text(pe::PdbPath(pe.image())); }

Node PeVersionInfoCount(PeState& pe) { return Count(pe.version_info()); }

Node PeVersionInfo(PeState& pe) {
  // Of several translations the last one counts.
  std::map<std::string_view, std::string_view> values;
  for (const pe::VersionString& string : pe.version_info()) {
    values[string.key] = string.value;
  }
  Node out;
  for (const auto& [key, value] : values) out.Add(key) = Node::String(value);
  return out;
}

Node PeVersionInfoList(PeState& pe) {
  Node out;
  for (const pe::VersionString& string : pe.version_info()) {
    out.Set(out.size()) =
        StructOf({Node::String(string.key), Node::String(string.value)});
  }
  return out;
}

Node PeImportCount(PeState& pe) { return Count(pe.imports().libraries); }

Node PeImportedFunctionCount(PeState& pe) {
  return Node::Int(static_cast<int64_t>(pe.imports().function_count));
}

Node PeImportDetails(PeState& pe) { return ImportDetails(pe.imports()); }

Node PeDelayedImportCount(PeState& pe) {
  return Count(pe.delayed_imports().libraries);
}

Node PeDelayedImportedFunctionCount(PeState& pe) {
  return Node::Int(static_cast<int64_t>(pe.delayed_imports().function_count));
}

Node PeDelayedImportDetails(PeState& pe) {
  return ImportDetails(pe.delayed_imports());
}

Node PeExportCount(PeState& pe) { return Count(pe.exports().functions); }

Node PeDllName(PeState& pe) { return Text(pe.exports().library_name); }

Node PeExportTimestamp(PeState& pe) { return Number(pe.exports().timestamp); }

Node PeExportDetails(PeState& pe) {
  Node out;
  for (const pe::Export& function : pe.exports().functions) {
    out.Set(out.size()) = StructOf({
        Number(function.offset),
        Text(function.name),
        Text(function.forward),
        Node::Int(function.ordinal),
        Node::Int(function.rva),
    });
  }
  return out;
}

Node PeResourceCount(PeState& pe) {
  return pe.resources() ? Count(pe.resources()->entries) : Node::Int(0);
}

Node PeResourceTimestamp(PeState& pe) {
  return pe.resources() ? Node::Int(pe.resources()->timestamp) : Node();
}

Node PeResourceVersion(PeState& pe) {
  if (!pe.resources()) return Node();
  const pe::Version version = pe.resources()->version;
  return StructOf({Node::Int(version.major), Node::Int(version.minor)});
}

Node PeResources(PeState& pe) {
  Node out;
  if (!pe.resources()) return out;
  for (const pe::Resource& resource : pe.resources()->entries) {
    Node& node = out.Set(out.size());
    node = StructOf({Node::Int(resource.rva), Number(resource.offset),
                     Node::Int(resource.size)});
    SetName(node, 3, 6, resource.type);
    SetName(node, 4, 7, resource.name);
    SetName(node, 5, 8, resource.language);
  }
  return out;
}

}  // namespace vitrine::engine::modules
