// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "formats/dex/dex.h"
#include "formats/dex/limits.h"

namespace dex = vitrine::dex;

// Accepting a file is a promise: tables and what they lead to lie inside it,
// and members of all classes together are bounded.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto parsed = dex::Parse({data, size});
  if (!parsed.ok()) return 0;
  const dex::File& file = parsed.value();
  if (const auto strings = dex::StringOffsetsOf(file)) {
    if (strings->size() > size / 4) __builtin_trap();
    for (const uint32_t offset : *strings) {
      const auto item = dex::StringAt(file, offset);
      if (item && item->text_offset + item->units > size) __builtin_trap();
    }
  }
  dex::TypesOf(file);
  dex::ProtosOf(file);
  dex::FieldIdsOf(file);
  dex::MethodIdsOf(file);
  if (const auto map = dex::MapOf(file)) {
    if (map->items.size() > map->size) __builtin_trap();
  }
  const auto classes = dex::ClassDefsOf(file);
  if (!classes) return 0;
  // Less than the real limit, so that a run stays short.
  uint32_t budget = 10'000;
  for (const dex::ClassDef& definition : *classes) {
    const uint32_t before = budget;
    const auto data_item =
        dex::ClassDataAt(file, definition.class_data_offset, budget);
    if (budget > before) __builtin_trap();
    if (!data_item) continue;
    for (const dex::EncodedMember& method : data_item->direct_methods) {
      const auto code = dex::CodeAt(file, method.code_offset);
      if (code && code->instructions && code->instructions->size() > size) {
        __builtin_trap();
      }
    }
  }
  return 0;
}
