// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <iterator>

#include "engine/modules/all_modules.h"
#include "engine/modules/pe_constants_table.h"
#include "engine/modules/pe_functions.h"
#include "engine/modules/pe_nodes.h"
#include "engine/modules/pe_signature_nodes.h"
#include "engine/modules/pe_state.h"

namespace vitrine::engine::modules {
namespace {

// A top-level field and how it is made of a PE file. Functions have no maker.
struct Entry {
  Field field;
  Node (*make)(PeState& pe) = nullptr;
};

template <auto kMember>
Node Header(PeState& pe) {
  return Node::Int(static_cast<int64_t>(pe.image().*kMember));
}

template <auto kMember>
constexpr Entry Int(std::string_view name) {
  return {{.name = name, .type = Type::kInt}, Header<kMember>};
}

constexpr Entry Int(std::string_view name, Node (*make)(PeState&)) {
  return {{.name = name, .type = Type::kInt}, make};
}

constexpr Entry String(std::string_view name, Node (*make)(PeState&)) {
  return {{.name = name, .type = Type::kString}, make};
}

constexpr Entry Struct(std::string_view name, std::span<const Field> fields,
                       Node (*make)(PeState&)) {
  return {{.name = name, .type = Type::kStruct, .fields = fields}, make};
}

constexpr Entry Array(std::string_view name, std::span<const Field> fields,
                      Node (*make)(PeState&)) {
  return {{.name = name,
           .type = Type::kArray,
           .element = Type::kStruct,
           .fields = fields},
          make};
}

constexpr Entry Function(std::string_view name,
                         std::span<const Overload> overloads) {
  return {{.name = name, .type = Type::kFunction, .overloads = overloads}};
}

constexpr Field kVersionFields[] = {
    {"major", Type::kInt},
    {"minor", Type::kInt},
};

template <pe::Version pe::Image::*kMember>
Node HeaderVersion(PeState& pe) {
  const pe::Version version = pe.image().*kMember;
  return StructOf({Node::Int(version.major), Node::Int(version.minor)});
}

Node IsPe(PeState&) { return Node::Int(1); }

Node EntryPoint(PeState& pe) {
  // Where no byte of the file is the entry point this is -1, not undefined.
  const auto offset = pe::EntryPointOffset(pe.image());
  return Node::Int(offset ? static_cast<int64_t>(*offset) : -1);
}

Node DataBase(PeState& pe) {
  if (!pe.image().data_base) return Node();
  return Node::Int(*pe.image().data_base);
}

constexpr Entry kEntries[] = {
    Int("is_pe", IsPe),
    Int<&pe::Image::machine>("machine"),
    Int<&pe::Image::section_count>("number_of_sections"),
    Int<&pe::Image::timestamp>("timestamp"),
    Int<&pe::Image::symbols_offset>("pointer_to_symbol_table"),
    Int<&pe::Image::symbol_count>("number_of_symbols"),
    Int<&pe::Image::optional_header_size>("size_of_optional_header"),
    Int<&pe::Image::characteristics>("characteristics"),
    Int("entry_point", EntryPoint),
    Int<&pe::Image::entry_point>("entry_point_raw"),
    Int<&pe::Image::image_base>("image_base"),
    Int<&pe::Image::directory_count>("number_of_rva_and_sizes"),
    Int("number_of_version_infos", PeVersionInfoCount),
    {{.name = "version_info", .type = Type::kDict, .element = Type::kString},
     PeVersionInfo},
    Array("version_info_list", kPeVersionStringFields, PeVersionInfoList),
    Int<&pe::Image::magic>("opthdr_magic"),
    Int<&pe::Image::code_size>("size_of_code"),
    Int<&pe::Image::initialized_data_size>("size_of_initialized_data"),
    Int<&pe::Image::uninitialized_data_size>("size_of_uninitialized_data"),
    Int<&pe::Image::code_base>("base_of_code"),
    Int("base_of_data", DataBase),
    Int<&pe::Image::section_alignment>("section_alignment"),
    Int<&pe::Image::file_alignment>("file_alignment"),
    Struct("linker_version", kVersionFields,
           HeaderVersion<&pe::Image::linker_version>),
    Struct("os_version", kVersionFields, HeaderVersion<&pe::Image::os_version>),
    Struct("image_version", kVersionFields,
           HeaderVersion<&pe::Image::image_version>),
    Struct("subsystem_version", kVersionFields,
           HeaderVersion<&pe::Image::subsystem_version>),
    Int<&pe::Image::win32_version>("win32_version_value"),
    Int<&pe::Image::image_size>("size_of_image"),
    Int<&pe::Image::headers_size>("size_of_headers"),
    Int<&pe::Image::checksum>("checksum"),
    Int<&pe::Image::subsystem>("subsystem"),
    Int<&pe::Image::dll_characteristics>("dll_characteristics"),
    Int<&pe::Image::stack_reserve>("size_of_stack_reserve"),
    Int<&pe::Image::stack_commit>("size_of_stack_commit"),
    Int<&pe::Image::heap_reserve>("size_of_heap_reserve"),
    Int<&pe::Image::heap_commit>("size_of_heap_commit"),
    Int<&pe::Image::loader_flags>("loader_flags"),
    Array("data_directories", kPeDirectoryFields, PeDataDirectories),
    Array("sections", kPeSectionFields, PeSections),
    Struct("overlay", kPeOverlayFields, PeOverlay),
    Struct("rich_signature", kPeRichFields, PeRichSignature),
    String("pdb_path", PePdbPath),
    Int("number_of_imports", PeImportCount),
    Int("number_of_imported_functions", PeImportedFunctionCount),
    Array("import_details", kPeImportFields, PeImportDetails),
    Int("number_of_delayed_imports", PeDelayedImportCount),
    Int("number_of_delayed_imported_functions", PeDelayedImportedFunctionCount),
    Array("delayed_import_details", kPeImportFields, PeDelayedImportDetails),
    Int("number_of_exports", PeExportCount),
    String("dll_name", PeDllName),
    Int("export_timestamp", PeExportTimestamp),
    Array("export_details", kPeExportFields, PeExportDetails),
    Int("number_of_resources", PeResourceCount),
    Int("resource_timestamp", PeResourceTimestamp),
    Struct("resource_version", kVersionFields, PeResourceVersion),
    Array("resources", kPeResourceFields, PeResources),
    Int("is_signed", PeIsSigned),
    Int("number_of_signatures", PeSignatureCount),
    Array("signatures", kPeSignatureFields, PeSignatures),
    Function("imports", kPeImports),
    Function("import_rva", kPeImportRva),
    Function("delayed_import_rva", kPeDelayedImportRva),
    Function("imphash", kPeImphash),
    Function("exports", kPeExports),
    Function("exports_index", kPeExportsIndex),
    Function("section_index", kPeSectionIndex),
    Function("is_dll", kPeIsDll),
    Function("is_32bit", kPeIs32Bit),
    Function("is_64bit", kPeIs64Bit),
    Function("rva_to_offset", kPeRvaToOffset),
    Function("locale", kPeLocale),
    Function("language", kPeLanguage),
    Function("calculate_checksum", kPeCalculateChecksum),
};

constexpr size_t kEntryCount = std::size(kEntries);

// The schema: the entries' fields, then the constants.
constexpr auto kFields = [] {
  std::array<Field, kEntryCount + std::size(kPeConstants)> fields{};
  size_t count = 0;
  for (const Entry& entry : kEntries) fields[count++] = entry.field;
  for (const PeConstant& constant : kPeConstants) {
    fields[count++] = {.name = constant.name,
                       .type = Type::kInt,
                       .is_constant = true,
                       .constant = constant.value};
  }
  return fields;
}();

Node Build(ModuleContext& context, size_t index) {
  PeState* pe = PeState::Of(context);
  // All that can be said of other files is that they are none.
  if (pe == nullptr) return index == 0 ? Node::Int(0) : Node();
  if (index >= kEntryCount || kEntries[index].make == nullptr) return Node();
  return kEntries[index].make(*pe);
}

}  // namespace

const Module kPeModule = {"pe", kFields, Build};

}  // namespace vitrine::engine::modules
