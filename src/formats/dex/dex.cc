// SPDX-License-Identifier: Apache-2.0
#include "formats/dex/dex.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "formats/dex/limits.h"
#include "formats/field_reader.h"

namespace vitrine::dex {
namespace {

constexpr uint64_t kHeaderSize = 112;
constexpr uint64_t kSignatureSize = 20;

FieldReader Fields(Bytes record) { return {record, std::endian::little}; }

// Reads `size` entries of `entry_size` bytes at `offset` by `read`.
template <typename T, typename Read>
std::optional<std::vector<T>> Table(const File& file, uint32_t offset,
                                    uint32_t size, uint64_t entry_size,
                                    Read read) {
  const ByteReader reader(file.bytes);
  if (!reader.Contains(offset, size * entry_size)) return std::nullopt;
  const uint32_t count = std::min(size, kTableMax);
  std::vector<T> entries;
  entries.reserve(count);
  FieldReader in = Fields(file.bytes.subspan(offset));
  for (uint32_t i = 0; i < count; ++i) entries.push_back(read(in));
  return entries;
}

// ULEB128 of at most five bytes; none where the file ends before.
std::optional<uint32_t> Uleb(Bytes bytes, uint64_t& at) {
  uint64_t value = 0;
  for (unsigned shift = 0; shift < 35; shift += 7) {
    if (at >= bytes.size()) return std::nullopt;
    const uint8_t byte = bytes[at++];
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) break;
  }
  return static_cast<uint32_t>(value);
}

MemberId ReadMemberId(FieldReader& in) {
  MemberId id;
  id.class_index = in.U16();
  id.type = in.U16();
  id.name = in.U32();
  return id;
}

ClassDef ReadClassDef(FieldReader& in) {
  ClassDef definition;
  definition.class_index = in.U32();
  definition.access_flags = in.U32();
  definition.super_class = in.U32();
  definition.interfaces_offset = in.U32();
  definition.source_file = in.U32();
  definition.annotations_offset = in.U32();
  definition.class_data_offset = in.U32();
  definition.static_values_offset = in.U32();
  return definition;
}

// One list of a class data item. False: it is cut.
bool ReadMembers(Bytes bytes, uint64_t& at, uint32_t size, bool is_method,
                 uint32_t& budget, std::vector<EncodedMember>& members) {
  uint32_t index = 0;
  for (uint32_t i = 0; i < size; ++i) {
    if (budget == 0) return false;
    --budget;
    const auto difference = Uleb(bytes, at);
    const auto flags = Uleb(bytes, at);
    const auto code = is_method ? Uleb(bytes, at) : 0;
    if (!difference || !flags || !code) return false;
    index += *difference;
    members.push_back({*difference, index, *flags, *code});
  }
  return true;
}

}  // namespace

Result<File> Parse(Bytes bytes) {
  const ByteReader reader(bytes);
  const std::string_view magic = AsText(TRY(reader.At(0, 8)));
  if (magic.substr(0, 6) != "dex\n03" || magic[6] < '5' || magic[6] > '9' ||
      magic[7] != '\0') {
    return Error{Code::kInvalid, "no DEX magic"};
  }
  FieldReader in = Fields(TRY(reader.At(0, kHeaderSize)));
  File file{bytes, {}};
  Header& header = file.header;
  header.magic = magic;
  in.Skip(magic.size());
  header.checksum = in.U32();
  header.signature = AsText(bytes.subspan(in.at(), kSignatureSize));
  in.Skip(kSignatureSize);
  header.file_size = in.U32();
  header.header_size = in.U32();
  header.endian_tag = in.U32();
  header.link_size = in.U32();
  header.link_offset = in.U32();
  header.map_offset = in.U32();
  header.string_ids_size = in.U32();
  header.string_ids_offset = in.U32();
  header.type_ids_size = in.U32();
  header.type_ids_offset = in.U32();
  header.proto_ids_size = in.U32();
  header.proto_ids_offset = in.U32();
  header.field_ids_size = in.U32();
  header.field_ids_offset = in.U32();
  header.method_ids_size = in.U32();
  header.method_ids_offset = in.U32();
  header.class_defs_size = in.U32();
  header.class_defs_offset = in.U32();
  header.data_size = in.U32();
  header.data_offset = in.U32();
  return file;
}

std::optional<std::vector<uint32_t>> StringOffsetsOf(const File& file) {
  return Table<uint32_t>(file, file.header.string_ids_offset,
                         file.header.string_ids_size, 4,
                         [](FieldReader& in) { return in.U32(); });
}

std::optional<std::vector<uint32_t>> TypesOf(const File& file) {
  return Table<uint32_t>(file, file.header.type_ids_offset,
                         file.header.type_ids_size, 4,
                         [](FieldReader& in) { return in.U32(); });
}

std::optional<std::vector<Proto>> ProtosOf(const File& file) {
  return Table<Proto>(file, file.header.proto_ids_offset,
                      file.header.proto_ids_size, 12, [](FieldReader& in) {
                        Proto proto;
                        proto.shorty = in.U32();
                        proto.return_type = in.U32();
                        proto.parameters_offset = in.U32();
                        return proto;
                      });
}

std::optional<std::vector<MemberId>> FieldIdsOf(const File& file) {
  return Table<MemberId>(file, file.header.field_ids_offset,
                         file.header.field_ids_size, 8, ReadMemberId);
}

std::optional<std::vector<MemberId>> MethodIdsOf(const File& file) {
  return Table<MemberId>(file, file.header.method_ids_offset,
                         file.header.method_ids_size, 8, ReadMemberId);
}

std::optional<std::vector<ClassDef>> ClassDefsOf(const File& file) {
  return Table<ClassDef>(file, file.header.class_defs_offset,
                         file.header.class_defs_size, 32, ReadClassDef);
}

std::optional<Map> MapOf(const File& file) {
  const uint32_t offset = file.header.map_offset;
  const auto size = ByteReader(file.bytes).U32(offset);
  if (offset == 0 || !size) return std::nullopt;
  Map map{*size, std::nullopt};
  if (offset > UINT32_MAX - 4) return map;
  map.items = Table<MapItem>(file, offset + 4, *size, 12, [](FieldReader& in) {
    MapItem item;
    item.type = in.U16();
    item.unused = in.U16();
    item.size = in.U32();
    item.offset = in.U32();
    return item;
  });
  return map;
}

std::optional<String> StringAt(const File& file, uint32_t offset) {
  uint64_t at = offset;
  const auto units = Uleb(file.bytes, at);
  if (!units || !ByteReader(file.bytes).Contains(at, *units)) {
    return std::nullopt;
  }
  return String{offset, *units, at};
}

std::optional<ClassData> ClassDataAt(const File& file, uint32_t offset,
                                     uint32_t& budget) {
  const Bytes bytes = file.bytes;
  uint64_t at = offset;
  const auto static_fields = Uleb(bytes, at);
  const auto instance_fields = Uleb(bytes, at);
  const auto direct_methods = Uleb(bytes, at);
  const auto virtual_methods = Uleb(bytes, at);
  if (!static_fields || !instance_fields || !direct_methods ||
      !virtual_methods) {
    return std::nullopt;
  }
  ClassData data;
  data.static_fields_size = *static_fields;
  data.instance_fields_size = *instance_fields;
  data.direct_methods_size = *direct_methods;
  data.virtual_methods_size = *virtual_methods;
  data.cut = !(ReadMembers(bytes, at, *static_fields, false, budget,
                           data.static_fields) &&
               ReadMembers(bytes, at, *instance_fields, false, budget,
                           data.instance_fields) &&
               ReadMembers(bytes, at, *direct_methods, true, budget,
                           data.direct_methods) &&
               ReadMembers(bytes, at, *virtual_methods, true, budget,
                           data.virtual_methods));
  return data;
}

std::optional<CodeItem> CodeAt(const File& file, uint32_t offset) {
  constexpr uint64_t kCodeHeaderSize = 16;
  const ByteReader reader(file.bytes);
  if (!reader.Contains(offset, kCodeHeaderSize)) return std::nullopt;
  FieldReader in = Fields(file.bytes.subspan(offset, kCodeHeaderSize));
  CodeItem code;
  code.registers_size = in.U16();
  code.ins_size = in.U16();
  code.outs_size = in.U16();
  code.tries_size = in.U16();
  code.debug_info_offset = in.U32();
  code.instructions_size = in.U32();
  const uint64_t start = offset + kCodeHeaderSize;
  const uint64_t size = uint64_t{code.instructions_size} * 2;
  if (reader.Contains(start, size)) {
    code.instructions = file.bytes.subspan(start, size);
  }
  return code;
}

}  // namespace vitrine::dex
