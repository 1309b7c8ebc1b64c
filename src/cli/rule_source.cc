// SPDX-License-Identifier: Apache-2.0
#include "cli/rule_source.h"

#include <algorithm>
#include <cstdio>

#include "base/utf8.h"
#include "cli/externals.h"
#include "cli/limits.h"
#include "cli/number.h"
#include "engine/compile/compile.h"

namespace vitrine::cli {
namespace {

// All errors first, for they cost detections; warnings only as a number.
void PrintDiagnostics(const Diagnostics& diagnostics) {
  size_t errors = 0;
  size_t warnings = 0;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity == Severity::kWarning) {
      ++warnings;
    } else if (++errors <= kDiagnosticsShown) {
      Complain(DiagnosticText(diagnostic));
    }
  }
  if (errors > kDiagnosticsShown) {
    Complain("and " + std::to_string(errors - kDiagnosticsShown) +
             " more errors; `vitrine check` lists them");
  }
  if (warnings > 0) {
    Complain(Counted(warnings, "warning") +
             " about the rules; `vitrine check` lists them");
  }
}

// Whether nothing could ever come of a scan. Declared variables do not count.
bool IsEmpty(const engine::ir::Program& program) {
  using Kind = engine::ir::Auxiliary::Kind;
  return program.rules.empty() && program.hashes.empty() &&
         std::all_of(program.auxiliaries.begin(), program.auxiliaries.end(),
                     [](const auto& auxiliary) {
                       return auxiliary.kind == Kind::kExternal;
                     });
}

bool HasErrors(const Diagnostics& diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity == Severity::kError) return true;
  }
  return false;
}

}  // namespace

Result<RuleSettings> ReadSettings(const RuleArguments& arguments) {
  RuleSettings settings;
  for (const std::string& option : arguments.options) {
    TRY(ApplyOption(option, settings.scan));
  }
  for (const std::string& define : arguments.defines) {
    auto [name, value] = TRY(ParseDefine(define));
    settings.defined.insert_or_assign(std::move(name), std::move(value));
  }
  return settings;
}

engine::sources::Loaded LoadRules(const RuleArguments& arguments,
                                  const RuleSettings& settings) {
  engine::sources::LoadOptions options;
  options.strict = arguments.strict;
  options.detect_pua = settings.scan.scan.detect_pua;
  options.unverified_allowed = arguments.unverified;
  options.certificates_folder = arguments.certificates;
  options.externals = settings.defined;
  options.externals.merge(FileExternals());
  return engine::sources::Load(arguments.rules, options);
}

Result<ByteVector> CompileRules(const engine::sources::Loaded& loaded) {
  PrintDiagnostics(loaded.program.diagnostics);
  if (loaded.refused) return Error{Code::kInvalid, "the rules are refused"};
  if (IsEmpty(loaded.program) && HasErrors(loaded.program.diagnostics)) {
    return Error{Code::kInvalid, "no rule is left to scan with"};
  }
  return engine::compile::Compile(loaded.program);
}

Result<std::shared_ptr<const engine::vdb::Database>> OpenDatabase(
    const RuleArguments& arguments, const RuleSettings& settings) {
  if (!arguments.database.empty()) {
    return engine::vdb::Database::Open(arguments.database);
  }
  if (arguments.rules.empty()) {
    return Error{Code::kInvalid, "give --rules PATH or --database FILE.vdb"};
  }
  auto image = TRY(CompileRules(LoadRules(arguments, settings)));
  return engine::vdb::Database::FromBytes(std::move(image));
}

std::string DiagnosticText(const Diagnostic& diagnostic) {
  std::string text = Printable(diagnostic.file);
  if (diagnostic.line > 0) text += ":" + std::to_string(diagnostic.line);
  if (diagnostic.column > 0) text += ":" + std::to_string(diagnostic.column);
  text += diagnostic.severity == Severity::kError ? ": error: " : ": warning: ";
  return text + Printable(diagnostic.message) + " [" + diagnostic.code + "]";
}

void Complain(const std::string& message) {
  std::fprintf(stderr, "vitrine: %s\n", message.c_str());
}

}  // namespace vitrine::cli
