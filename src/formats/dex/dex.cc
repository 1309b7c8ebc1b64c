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
// A DEX file ends with its map list, so that none of these stands closer to the
// end of the file than its fields take at four bytes each.
constexpr uint64_t kStringRoom = 4;
constexpr uint64_t kClassDataRoom = 16;
constexpr uint64_t kFieldRoom = 8;
constexpr uint64_t kMethodRoom = 12;

FieldReader Fields(Bytes record) { return {record, std::endian::little}; }

// Reads `size` entries of `entry_size` bytes at `offset` by `read`.
template <typename T, typename Read>
std::optional<std::vector<T>> Table(const File& file, uint32_t offset,
                                    uint32_t size, uint64_t entry_size,
                                    Read read, uint32_t limit = kIdsMax) {
  const ByteReader reader(file.bytes);
  if (!reader.Contains(offset, size * entry_size)) return std::nullopt;
  const uint32_t count = std::min(size, limit);
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

// One list of a class data item; `ids`: entries of the table its indices lead
// into. It ends early where the file or the budget does, and at an index that
// leads nowhere, which is kept but not passed.
void ReadMembers(Bytes bytes, uint64_t& at, uint32_t size, uint32_t ids,
                 bool is_method, ClassData& data, uint32_t& budget,
                 std::vector<EncodedMember>& members) {
  const uint64_t room = is_method ? kMethodRoom : kFieldRoom;
  uint32_t index = 0;
  for (uint32_t i = 0; i < size; ++i) {
    if (budget == 0 || at > bytes.size() || bytes.size() - at < room) {
      data.cut = true;
      return;
    }
    --budget;
    uint64_t next = at;
    EncodedMember member;
    member.index_difference = Uleb(bytes, next).value_or(0);
    member.access_flags = Uleb(bytes, next).value_or(0);
    if (is_method) member.code_offset = Uleb(bytes, next).value_or(0);
    index += member.index_difference;
    member.index = index;
    members.push_back(member);
    if (index >= ids) {
      data.cut = true;
      return;
    }
    at = next;
  }
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
  return Table<uint32_t>(
      file, file.header.string_ids_offset, file.header.string_ids_size, 4,
      [](FieldReader& in) { return in.U32(); }, kStringsMax);
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
  constexpr uint64_t kItemSize = 12;
  const ByteReader reader(file.bytes);
  const uint64_t offset = file.header.map_offset;
  const auto size = reader.U32(offset);
  if (offset == 0 || !size) return std::nullopt;
  Map map;
  map.size = *size;
  // More than the whole file could hold: no item is believed.
  if (*size > file.bytes.size() / kItemSize) return map;
  FieldReader in = Fields(file.bytes.subspan(offset + 4));
  const uint64_t fit = (file.bytes.size() - offset - 4) / kItemSize;
  const uint64_t count = std::min<uint64_t>({*size, fit, kIdsMax});
  for (uint64_t i = 0; i < count; ++i) {
    MapItem item;
    item.type = in.U16();
    item.unused = in.U16();
    item.size = in.U32();
    item.offset = in.U32();
    map.items.push_back(item);
  }
  return map;
}

std::optional<String> StringAt(const File& file, uint32_t offset) {
  const ByteReader reader(file.bytes);
  if (!reader.Contains(offset, kStringRoom)) return std::nullopt;
  uint64_t at = offset;
  const auto units = Uleb(file.bytes, at);
  if (!units || !reader.Contains(at, *units)) return std::nullopt;
  return String{offset, *units, at};
}

std::optional<ClassData> ClassDataAt(const File& file, uint32_t offset,
                                     uint32_t& budget) {
  const Bytes bytes = file.bytes;
  if (!ByteReader(bytes).Contains(offset, kClassDataRoom)) return std::nullopt;
  uint64_t at = offset;
  ClassData data;
  // Four numbers of at most five bytes can still leave the file.
  for (uint32_t* const size :
       {&data.static_fields_size, &data.instance_fields_size,
        &data.direct_methods_size, &data.virtual_methods_size}) {
    const auto value = Uleb(bytes, at);
    if (!value) return std::nullopt;
    *size = *value;
  }
  const uint32_t fields = file.header.field_ids_size;
  const uint32_t methods = file.header.method_ids_size;
  ReadMembers(bytes, at, data.static_fields_size, fields, false, data, budget,
              data.static_fields);
  ReadMembers(bytes, at, data.instance_fields_size, fields, false, data, budget,
              data.instance_fields);
  ReadMembers(bytes, at, data.direct_methods_size, methods, true, data, budget,
              data.direct_methods);
  ReadMembers(bytes, at, data.virtual_methods_size, methods, true, data, budget,
              data.virtual_methods);
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
