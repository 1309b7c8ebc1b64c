// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

// Dalvik executables (source.android.com, "Dalvik executable format").
namespace vitrine::dex {

struct Header {
  std::string_view magic;  // "dex\n035", without the NUL.
  uint32_t checksum = 0;
  std::string_view signature;  // 20 bytes.
  uint32_t file_size = 0;
  uint32_t header_size = 0;
  uint32_t endian_tag = 0;
  uint32_t link_size = 0;
  uint32_t link_offset = 0;
  uint32_t map_offset = 0;
  uint32_t string_ids_size = 0;
  uint32_t string_ids_offset = 0;
  uint32_t type_ids_size = 0;
  uint32_t type_ids_offset = 0;
  uint32_t proto_ids_size = 0;
  uint32_t proto_ids_offset = 0;
  uint32_t field_ids_size = 0;
  uint32_t field_ids_offset = 0;
  uint32_t method_ids_size = 0;
  uint32_t method_ids_offset = 0;
  uint32_t class_defs_size = 0;
  uint32_t class_defs_offset = 0;
  uint32_t data_size = 0;
  uint32_t data_offset = 0;
};

struct String {
  uint32_t offset = 0;  // Of the item: a length in UTF-16 units, then the text.
  uint32_t units = 0;   // As claimed.
  uint64_t text_offset = 0;
};

struct Proto {
  uint32_t shorty = 0;
  uint32_t return_type = 0;
  uint32_t parameters_offset = 0;
};

// field_id_item: `type` is a type; method_id_item: `type` is a prototype.
struct MemberId {
  uint16_t class_index = 0;
  uint16_t type = 0;
  uint32_t name = 0;
};

struct ClassDef {
  uint32_t class_index = 0;
  uint32_t access_flags = 0;
  uint32_t super_class = 0;
  uint32_t interfaces_offset = 0;
  uint32_t source_file = 0;
  uint32_t annotations_offset = 0;
  uint32_t class_data_offset = 0;
  uint32_t static_values_offset = 0;
};

struct MapItem {
  uint16_t type = 0;
  uint16_t unused = 0;
  uint32_t size = 0;
  uint32_t offset = 0;
};

// encoded_field and encoded_method. Index differences are added up within a
// list; `index` is the sum, modulo 2^32.
struct EncodedMember {
  uint32_t index_difference = 0;
  uint32_t index = 0;
  uint32_t access_flags = 0;
  uint32_t code_offset = 0;  // Methods only; 0: no code.
};

struct CodeItem {
  uint16_t registers_size = 0;
  uint16_t ins_size = 0;
  uint16_t outs_size = 0;
  uint16_t tries_size = 0;
  uint32_t debug_info_offset = 0;
  uint32_t instructions_size = 0;  // In 16-bit units.
  // None where they do not lie in the file.
  std::optional<Bytes> instructions;
};

// class_data_item: four lists of which each claims its length.
struct ClassData {
  std::vector<EncodedMember> static_fields;
  std::vector<EncodedMember> instance_fields;
  std::vector<EncodedMember> direct_methods;
  std::vector<EncodedMember> virtual_methods;
  uint32_t static_fields_size = 0;
  uint32_t instance_fields_size = 0;
  uint32_t direct_methods_size = 0;
  uint32_t virtual_methods_size = 0;
  // Lists are shorter than claimed: the file or the budget ended, or an index
  // leads nowhere; such a member is the last of its list.
  bool cut = false;
};

// The header; tables are read when asked for. Owns no bytes: they must outlive
// it.
struct File {
  Bytes bytes;
  Header header;
};

// kInvalid: no DEX. kTruncated: not even a whole header.
Result<File> Parse(Bytes bytes);

// Whole tables, at most kStringsMax or kIdsMax entries; none where a table does
// not lie in the file.
std::optional<std::vector<uint32_t>> StringOffsetsOf(const File& file);
std::optional<std::vector<uint32_t>> TypesOf(const File& file);  // Strings.
std::optional<std::vector<Proto>> ProtosOf(const File& file);
std::optional<std::vector<MemberId>> FieldIdsOf(const File& file);
std::optional<std::vector<MemberId>> MethodIdsOf(const File& file);
std::optional<std::vector<ClassDef>> ClassDefsOf(const File& file);
// The map list: how many items it claims, and those that lie in the file.
struct Map {
  uint32_t size = 0;
  std::vector<MapItem> items;
};
std::optional<Map> MapOf(const File& file);

// The string item at `offset`; none where its length or its text, taken as one
// byte a unit, does not lie in the file.
std::optional<String> StringAt(const File& file, uint32_t offset);

// `budget`: how many members may still be read; what is read is taken off.
std::optional<ClassData> ClassDataAt(const File& file, uint32_t offset,
                                     uint32_t& budget);
std::optional<CodeItem> CodeAt(const File& file, uint32_t offset);

}  // namespace vitrine::dex
