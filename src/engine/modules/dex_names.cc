// SPDX-License-Identifier: Apache-2.0
#include "engine/modules/dex_names.h"

#include <utility>

#include "formats/dex/limits.h"

namespace vitrine::engine::modules {
namespace {

// False where the table does not lie in the file: YARA then looks no further.
template <typename T>
bool Take(std::optional<std::vector<T>> table, std::vector<T>& out) {
  if (!table) return false;
  out = std::move(*table);
  return true;
}

}  // namespace

DexTables::DexTables(const dex::File& source) : file(source) {
  if (!Take(dex::StringOffsetsOf(file), strings)) return;
  if (!Take(dex::TypesOf(file), types)) return;
  if (!Take(dex::ProtosOf(file), protos)) return;
  if (!Take(dex::FieldIdsOf(file), field_ids)) return;
  if (!Take(dex::MethodIdsOf(file), method_ids)) return;
  map = dex::MapOf(file);
  if (map && map->items.size() < map->size) return;
  if (!Take(dex::ClassDefsOf(file), classes)) return;
  ReadClasses();
}

const DexTables* DexTables::Of(ModuleContext& context) {
  if (context.state() == nullptr) {
    const dex::File* const file = context.object().Dex();
    if (file == nullptr) return nullptr;
    context.state() = std::make_unique<DexTables>(*file);
  }
  return static_cast<const DexTables*>(context.state().get());
}

std::optional<std::string_view> DexTables::String(uint32_t index) const {
  if (index >= strings.size()) return std::nullopt;
  const auto item = dex::StringAt(file, strings[index]);
  if (!item) return std::nullopt;
  // YARA takes the length for one byte, whatever it is, and for a number of
  // bytes where it is one of UTF-16 units; rules are written against that.
  return AsText(Clip(file.bytes, uint64_t{item->offset} + 1, item->units));
}

std::optional<std::string_view> DexTables::TypeName(uint32_t index) const {
  if (index >= types.size()) return std::nullopt;
  return String(types[index]);
}

std::optional<std::string_view> DexTables::ProtoName(uint32_t index) const {
  if (index >= protos.size()) return std::nullopt;
  return String(protos[index].shorty);
}

void DexTables::ReadClasses() {
  uint32_t budget = dex::kMembersMax;
  for (size_t i = 0; i < classes.size(); ++i) {
    const uint32_t offset = classes[i].class_data_offset;
    if (offset == 0) continue;
    auto data = dex::ClassDataAt(file, offset, budget);
    if (!data) {
      classes.resize(i + 1);
      return;
    }
    AddFields(std::exchange(data->static_fields, {}), true);
    AddFields(std::exchange(data->instance_fields, {}), false);
    AddMethods(std::exchange(data->direct_methods, {}), true);
    AddMethods(std::exchange(data->virtual_methods, {}), false);
    class_data.push_back(std::move(*data));
  }
  complete = true;
}

void DexTables::AddFields(const std::vector<dex::EncodedMember>& list,
                          bool is_static) {
  for (const dex::EncodedMember& encoded : list) {
    fields.resize(number_of_fields);
    Member& member = fields.emplace_back();
    member.first_kind = is_static;
    member.encoded = encoded;
    if (encoded.index >= field_ids.size()) continue;
    const dex::MemberId& id = field_ids[encoded.index];
    member.class_name = TypeName(id.class_index);
    member.name = String(id.name);
    member.proto = TypeName(id.type);
    ++number_of_fields;
  }
}

void DexTables::AddMethods(const std::vector<dex::EncodedMember>& list,
                           bool is_direct) {
  for (const dex::EncodedMember& encoded : list) {
    methods.resize(number_of_methods);
    Member& member = methods.emplace_back();
    member.first_kind = is_direct;
    member.encoded = encoded;
    if (encoded.index >= method_ids.size()) continue;
    const dex::MemberId& id = method_ids[encoded.index];
    member.class_name = TypeName(id.class_index);
    member.name = String(id.name);
    member.proto = ProtoName(id.type);
    ++number_of_methods;
  }
}

}  // namespace vitrine::engine::modules
