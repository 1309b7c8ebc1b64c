// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/modules/all_modules.h"

namespace modules = vitrine::engine::modules;

namespace {

// Every string that a module gives lies in memory that can be read.
void Touch(const modules::Value& value) {
  const auto* const text = std::get_if<std::string_view>(&value);
  if (text == nullptr) return;
  unsigned sum = 0;
  for (const char c : *text) sum += static_cast<unsigned char>(c);
  if (sum > 255 * text->size()) __builtin_trap();
}

void Walk(const modules::Node& node, int depth) {
  if (depth > 16) __builtin_trap();  // Schemas are not that deep.
  Touch(node.value());
  for (size_t i = 0; i < node.size(); ++i) Walk(node[i], depth + 1);
}

}  // namespace

// All that the file format modules say of the bytes.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using vitrine::engine::Object;
  Object object({data, size}, vitrine::FileType::kANY);
  for (const std::string_view name : {"elf", "macho", "dex", "pe", "dotnet"}) {
    const modules::Module& module = *modules::FindModule(name);
    modules::ModuleContext context(module, object);
    for (size_t i = 0; i < module.fields.size(); ++i) {
      const modules::Field& field = module.fields[i];
      if (field.is_constant) continue;
      if (field.type != modules::Type::kFunction) {
        Walk(context.Top(i), 0);
        continue;
      }
      for (const modules::Overload& overload : field.overloads) {
        if (!overload.arguments.empty() || overload.call == nullptr) continue;
        Touch(overload.call(context, {}));
      }
    }
  }
  return 0;
}
