// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>

#include "engine/modules/module.h"
#include "engine/modules/pe_functions.h"
#include "engine/modules/pe_state.h"

// The fields of the pe module that are more than a number of the headers:
// schemas of structures, and makers of values in the schemas' order.
namespace vitrine::engine::modules {

// A struct whose fields have these values, in the schema's order.
Node StructOf(std::initializer_list<Node> values);

inline constexpr Field kPeDirectoryFields[] = {
    {"virtual_address", Type::kInt},
    {"size", Type::kInt},
};
inline constexpr Field kPeSectionFields[] = {
    {"name", Type::kString},
    {"full_name", Type::kString},
    {"characteristics", Type::kInt},
    {"virtual_address", Type::kInt},
    {"virtual_size", Type::kInt},
    {"raw_data_offset", Type::kInt},
    {"raw_data_size", Type::kInt},
    {"pointer_to_relocations", Type::kInt},
    {"pointer_to_line_numbers", Type::kInt},
    {"number_of_relocations", Type::kInt},
    {"number_of_line_numbers", Type::kInt},
};
inline constexpr Field kPeOverlayFields[] = {
    {"offset", Type::kInt},
    {"size", Type::kInt},
};
inline constexpr Field kPeRichFields[] = {
    {"offset", Type::kInt},
    {"length", Type::kInt},
    {"key", Type::kInt},
    {"raw_data", Type::kString},
    {"clear_data", Type::kString},
    {"version_data", Type::kString},
    {.name = "version", .type = Type::kFunction, .overloads = kPeRichVersion},
    {.name = "toolid", .type = Type::kFunction, .overloads = kPeRichToolid},
};
inline constexpr Field kPeVersionStringFields[] = {
    {"key", Type::kString},
    {"value", Type::kString},
};
inline constexpr Field kPeImportedFunctionFields[] = {
    {"name", Type::kString},
    {"ordinal", Type::kInt},
    {"rva", Type::kInt},
};
inline constexpr Field kPeImportFields[] = {
    {"library_name", Type::kString},
    {"number_of_functions", Type::kInt},
    {"functions", Type::kArray, Type::kStruct, kPeImportedFunctionFields},
};
inline constexpr Field kPeExportFields[] = {
    {"offset", Type::kInt},
    {"name", Type::kString},
    {"forward_name", Type::kString},
    {"ordinal", Type::kInt},
    {"rva", Type::kInt},
};
inline constexpr Field kPeResourceFields[] = {
    {"rva", Type::kInt},
    {"offset", Type::kInt},
    {"length", Type::kInt},
    {"type", Type::kInt},
    {"id", Type::kInt},
    {"language", Type::kInt},
    {"type_string", Type::kString},
    {"name_string", Type::kString},
    {"language_string", Type::kString},
};

Node PeDataDirectories(PeState& pe);
Node PeSections(PeState& pe);
Node PeOverlay(PeState& pe);
Node PeRichSignature(PeState& pe);
Node PePdbPath(PeState& pe);
Node PeVersionInfoCount(PeState& pe);
Node PeVersionInfo(PeState& pe);
Node PeVersionInfoList(PeState& pe);
Node PeImportCount(PeState& pe);
Node PeImportedFunctionCount(PeState& pe);
Node PeImportDetails(PeState& pe);
Node PeDelayedImportCount(PeState& pe);
Node PeDelayedImportedFunctionCount(PeState& pe);
Node PeDelayedImportDetails(PeState& pe);
Node PeExportCount(PeState& pe);
Node PeDllName(PeState& pe);
Node PeExportTimestamp(PeState& pe);
Node PeExportDetails(PeState& pe);
Node PeResourceCount(PeState& pe);
Node PeResourceTimestamp(PeState& pe);
Node PeResourceVersion(PeState& pe);
Node PeResources(PeState& pe);

}  // namespace vitrine::engine::modules
