// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/modules/module.h"
#include "formats/dex/dex.h"

namespace vitrine::engine::modules {

// A DEX file's tables, read once, and the names they lead to. Kept as the
// module's state.
class DexTables : public ModuleState {
 public:
  explicit DexTables(const dex::File& source);

  // Null where the object is no DEX file.
  static const DexTables* Of(ModuleContext& context);

  std::optional<std::string_view> String(uint32_t index) const;
  std::optional<std::string_view> TypeName(uint32_t index) const;
  // A prototype's short form: "VL".
  std::optional<std::string_view> ProtoName(uint32_t index) const;

  struct Member {
    std::optional<std::string_view> class_name;
    std::optional<std::string_view> name;
    std::optional<std::string_view> proto;
    bool first_kind = false;  // Static fields; direct methods.
    dex::EncodedMember encoded;
  };

  const dex::File& file;
  std::vector<uint32_t> strings;  // Offsets.
  std::vector<uint32_t> types;
  std::vector<dex::Proto> protos;
  std::vector<dex::MemberId> field_ids;
  std::vector<dex::MemberId> method_ids;
  std::optional<dex::Map> map;
  std::vector<dex::ClassDef> classes;
  // All class data together, in order.
  std::vector<dex::ClassData> class_data;  // Lists moved out.
  // As YARA counts: a member whose index leads nowhere stands at the end, is
  // not counted, and gives way to the next one.
  std::vector<Member> fields;
  std::vector<Member> methods;
  size_t number_of_fields = 0;
  size_t number_of_methods = 0;
  bool complete = false;  // Every table and class lies in the file.

 private:
  void ReadClasses();
  void AddFields(const std::vector<dex::EncodedMember>& list, bool is_static);
  void AddMethods(const std::vector<dex::EncodedMember>& list, bool is_direct);
};

}  // namespace vitrine::engine::modules
