// SPDX-License-Identifier: Apache-2.0
#include "cli/rule_source.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/bytes.h"
#include "base/utf8.h"
#include "cli/externals.h"
#include "cli/limits.h"
#include "cli/number.h"
#include "engine/compile/compile.h"
#include "scanner/file_externals.h"

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

bool HasErrors(const Diagnostics& diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity == Severity::kError) return true;
  }
  return false;
}

Error FromErrno() { return {Code::kUnavailable, std::strerror(errno)}; }

// Memory as a file that several processes can map, and none can change. Opened
// anew for reading: before Linux 6.7 a sealed file that is open for writing
// cannot be mapped and shared even for reading.
Result<UniqueFd> SealInMemory(Bytes bytes) {
  const UniqueFd file(
      memfd_create("vitrine.vdb", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!file) return WithContext(FromErrno(), "memory for the database");
  while (!bytes.empty()) {
    const ssize_t put = write(file.get(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return WithContext(FromErrno(), "memory for the database");
    bytes = bytes.subspan(static_cast<size_t>(put));
  }
  if (fcntl(file.get(), F_ADD_SEALS,
            F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0) {
    return WithContext(FromErrno(), "sealing the database");
  }
  const std::string path = "/proc/self/fd/" + std::to_string(file.get());
  UniqueFd reading(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!reading) return WithContext(FromErrno(), "opening the database");
  return reading;
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
  options.externals.merge(scanner::FileExternals());
  return engine::sources::Load(arguments.rules, options);
}

Result<ByteVector> CompileRules(const engine::sources::Loaded& loaded) {
  PrintDiagnostics(loaded.program.diagnostics);
  if (loaded.refused) return Error{Code::kInvalid, "the rules are refused"};
  if (engine::ir::IsEmpty(loaded.program) &&
      HasErrors(loaded.program.diagnostics)) {
    return Error{Code::kInvalid, "no rule is left to scan with"};
  }
  return engine::compile::Compile(loaded.program);
}

Result<UniqueFd> OpenDatabaseFile(const RuleArguments& arguments,
                                  const RuleSettings& settings) {
  if (!arguments.database.empty()) {
    UniqueFd file(open(arguments.database.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return DatabaseError(FromErrno(), arguments);
    return file;
  }
  if (arguments.rules.empty()) {
    return Error{Code::kInvalid, "give --rules PATH or --database FILE.vdb"};
  }
  return SealInMemory(TRY(CompileRules(LoadRules(arguments, settings))));
}

Result<std::shared_ptr<const engine::vdb::Database>> OpenDatabase(
    const RuleArguments& arguments, const RuleSettings& settings) {
  const UniqueFd file = TRY(OpenDatabaseFile(arguments, settings));
  auto database = engine::vdb::Database::Map(file.get());
  if (!database.ok()) {
    return DatabaseError(std::move(database).error(), arguments);
  }
  Status whole = database.value()->CheckAll();
  if (!whole.ok()) return DatabaseError(std::move(whole).error(), arguments);
  return database;
}

Error DatabaseError(Error error, const RuleArguments& arguments) {
  if (arguments.database.empty()) return error;
  return WithContext(std::move(error), arguments.database);
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
