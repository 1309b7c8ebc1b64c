// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/yara/yara.h"

// Rules as text: whatever they are, Compile() comes back, and what it made is
// whole.
namespace vitrine::engine::yara {
namespace {

void CheckGate(const ir::Gate& gate, const ir::Program& program, size_t rule) {
  switch (gate.kind) {
    case ir::Gate::Kind::kPattern:
      if (gate.index >= program.rules[rule].patterns.size()) __builtin_trap();
      break;
    case ir::Gate::Kind::kRule:
      // A rule can only name those before it.
      if (gate.index >= rule) __builtin_trap();
      break;
    case ir::Gate::Kind::kAtLeast:
      if (gate.at_least == 0 || gate.at_least > gate.children.size()) {
        __builtin_trap();
      }
      for (const ir::Gate& child : gate.children) {
        CheckGate(child, program, rule);
      }
      break;
    default:
      break;
  }
}

void Try(std::string_view text, Dialect dialect) {
  CompileOptions options;
  options.dialect = dialect;
  options.externals = {{"i", int64_t{3}}, {"s", std::string("x")}};
  // Enough to go round and too deep; all that are allowed would take long.
  int left = 40;
  options.include = [text, &left](
                        std::string_view name,
                        std::string_view) -> std::optional<std::string> {
    if (name.empty() || --left < 0) return std::nullopt;
    // A part of the text, so that files include each other.
    return std::string(text.substr(text.size() / 2));
  };
  ir::Program program;
  Compile("fuzz.yar", text, options, program);
  for (size_t i = 0; i < program.rules.size(); ++i) {
    const ir::Rule& rule = program.rules[i];
    if (rule.name.empty() || rule.code.empty()) __builtin_trap();
    if (rule.source.file >= program.files.size()) __builtin_trap();
    CheckGate(rule.gate, program, i);
  }
  for (const Diagnostic& diagnostic : program.diagnostics) {
    if (diagnostic.code.empty() || diagnostic.message.empty()) {
      __builtin_trap();
    }
  }
}

}  // namespace
}  // namespace vitrine::engine::yara

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using vitrine::engine::yara::Dialect;
  const auto text = vitrine::AsText(vitrine::Bytes(data, size));
  vitrine::engine::yara::Try(text, Dialect::kYara);
  vitrine::engine::yara::Try(text, Dialect::kClamav);
  return 0;
}
