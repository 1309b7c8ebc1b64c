// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/result.h"
#include "base/unique_fd.h"
#include "cli/arguments.h"
#include "cli/scan_settings.h"
#include "engine/sources/sources.h"
#include "engine/vdb/database.h"
#include "engine/yara/yara.h"
#include "model/diagnostic.h"

namespace vitrine::cli {

// What --opt and --define said, read and checked.
struct RuleSettings {
  ScanSettings scan;
  engine::yara::Externals defined;  // By the user; without FileExternals().
};
Result<RuleSettings> ReadSettings(const RuleArguments& arguments);

// Reads the rule files into a program.
engine::sources::Loaded LoadRules(const RuleArguments& arguments,
                                  const RuleSettings& settings);

// The database of --database, or the one that --rules make, as an open file
// that cannot be written; for --rules, in memory that nobody can change any
// more. What is wrong with single rules goes to stderr; kInvalid where nothing
// is left to scan with. A file is not looked at.
Result<UniqueFd> OpenDatabaseFile(const RuleArguments& arguments,
                                  const RuleSettings& settings);

// The same, opened by this process.
Result<std::shared_ptr<const engine::vdb::Database>> OpenDatabase(
    const RuleArguments& arguments, const RuleSettings& settings);

// What was wrong with the database, as a person is told: with the name of its
// file if it has one.
Error DatabaseError(Error error, const RuleArguments& arguments);

// Compiles a program that LoadRules() gave, after saying on stderr what is
// wrong with it. kInvalid if it was refused or holds nothing.
Result<ByteVector> CompileRules(const engine::sources::Loaded& loaded);

// "rules/a.yar:3:7: error: unknown identifier [undefined-identifier]"
std::string DiagnosticText(const Diagnostic& diagnostic);

// "vitrine: " and the message to stderr.
void Complain(const std::string& message);

}  // namespace vitrine::cli
