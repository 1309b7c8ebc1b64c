// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "base/json_writer.h"
#include "cli/commands.h"
#include "cli/rule_source.h"
#include "engine/compile/compile.h"

namespace vitrine::cli {
namespace {

void Print(const Diagnostic& diagnostic) {
  const bool is_error = diagnostic.severity == Severity::kError;
  JsonWriter json;
  json.BeginObject();
  json.Member("severity", is_error ? "error" : "warning");
  json.Member("code", diagnostic.code);
  json.Member("file", diagnostic.file);
  json.Member("line", diagnostic.line);
  json.Member("column", diagnostic.column);
  json.Member("message", diagnostic.message);
  json.EndObject();
  const std::string line = json.Take() + "\n";
  std::fwrite(line.data(), 1, line.size(), stdout);
}

}  // namespace

int RunCheck(const CheckArguments& arguments) {
  const auto settings = ReadSettings(arguments.rules);
  if (!settings.ok()) {
    Complain(settings.error().message);
    return 2;
  }
  const auto loaded = LoadRules(arguments.rules, settings.value());
  bool accepted = !loaded.refused;
  for (const Diagnostic& diagnostic : loaded.program.diagnostics) {
    Print(diagnostic);
    if (diagnostic.severity == Severity::kError) accepted = false;
  }
  if (accepted) {
    const auto image = engine::compile::Compile(loaded.program);
    if (!image.ok()) {
      accepted = false;
      Print({Severity::kError, CodeName(image.error().code), "", 0, 0,
             image.error().message});
    }
  }
  return accepted ? 0 : 2;
}

}  // namespace vitrine::cli
