// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include "formats/class/class_file.h"

namespace class_file = vitrine::class_file;

// Accepting a file is a promise: every constant begins inside it, and every
// name lies inside it.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto view = class_file::Parse({data, size});
  if (!view.ok()) return 0;
  for (size_t i = 0; i < view.value().constants.size(); ++i) {
    if (view.value().constants[i].offset >= size) __builtin_trap();
    const auto number = static_cast<uint16_t>(i);
    const auto name = class_file::ClassName(view.value(), number);
    const auto text = class_file::Utf8(view.value(), number);
    if (name && name->size() > size) __builtin_trap();
    if (text && text->size() > size) __builtin_trap();
  }
  return 0;
}
