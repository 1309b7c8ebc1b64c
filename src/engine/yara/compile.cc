// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "base/code.h"
#include "engine/strings/strings.h"
#include "engine/yara/ast.h"
#include "engine/yara/clamav_dialect.h"
#include "engine/yara/codegen.h"
#include "engine/yara/diagnostics.h"
#include "engine/yara/gate.h"
#include "engine/yara/parser.h"
#include "engine/yara/scope.h"
#include "engine/yara/sema.h"
#include "engine/yara/token_source.h"

namespace vitrine::engine::yara {
namespace {

class Compiler {
 public:
  Compiler(std::string_view file, std::string_view text,
           const CompileOptions& options, ir::Program& program)
      : options_(options),
        program_(program),
        reporter_(program.diagnostics,
                  clamav() ? Severity::kWarning : Severity::kError),
        scope_(options),
        tokens_(file, text, options, reporter_),
        parser_(tokens_, options, reporter_) {}

  void Run();

 private:
  bool clamav() const { return options_.dialect == Dialect::kClamav; }

  void AddExternals();
  void AddImport(const Parser::Import& import);
  void AddRule(RuleDecl& decl);
  // False: the rule has an error, which was reported.
  bool MakeRule(RuleDecl& decl, ir::Rule& rule);
  bool CheckName(const RuleDecl& decl);
  bool CheckDialect(const RuleDecl& decl);
  bool AddStrings(const RuleDecl& decl, ir::Rule& rule);
  bool AddString(const StringDecl& decl, ir::Rule& rule);
  uint32_t FileNumber(uint32_t file);

  const CompileOptions& options_;
  ir::Program& program_;
  Reporter reporter_;
  Scope scope_;
  TokenSource tokens_;
  Parser parser_;
  uint32_t name_space_ = 0;
  std::vector<std::optional<uint32_t>> file_numbers_;  // By reporter's number.
};

void Compiler::Run() {
  name_space_ = program_.name_spaces++;
  AddExternals();
  while (!reporter_.full()) {
    Parser::Declaration next = parser_.Next();
    switch (next.kind) {
      case Parser::Declaration::Kind::kEnd:
        return;
      case Parser::Declaration::Kind::kRule:
        AddRule(next.rule);
        break;
      case Parser::Declaration::Kind::kImport:
        AddImport(next.import);
        break;
      case Parser::Declaration::Kind::kBroken:
        break;
    }
  }
}

// For the scan, which wants names and types to give values.
void Compiler::AddExternals() {
  if (clamav()) return;
  for (const auto& [name, value] : options_.externals) {
    const bool known =
        std::any_of(program_.auxiliaries.begin(), program_.auxiliaries.end(),
                    [&name = name](const ir::Auxiliary& auxiliary) {
                      return auxiliary.kind == ir::Auxiliary::Kind::kExternal &&
                             auxiliary.name == name;
                    });
    if (known) continue;
    program_.auxiliaries.push_back({ir::Auxiliary::Kind::kExternal, name,
                                    EncodeExternal(value), ir::Source{}});
  }
}

void Compiler::AddImport(const Parser::Import& import) {
  // ClamAV reads over it, whatever it names.
  if (clamav() || scope_.Import(import.module)) return;
  const bool empty = import.module.find_first_not_of('\0') == std::string::npos;
  reporter_.Error(empty ? "invalid-module-name" : "unknown-module", import.at,
                  (empty ? "invalid module name \"" : "unknown module \"") +
                      import.module + "\"");
}

void Compiler::AddRule(RuleDecl& decl) {
  ir::Rule rule;
  if (!MakeRule(decl, rule)) {
    if (!decl.name.empty()) scope_.AddRule(decl.name, std::nullopt);
    return;
  }
  scope_.AddRule(decl.name, static_cast<uint32_t>(program_.rules.size()));
  program_.rules.push_back(std::move(rule));
}

bool Compiler::MakeRule(RuleDecl& decl, ir::Rule& rule) {
  if (!decl.condition || !CheckName(decl) || !CheckDialect(decl) ||
      !AddStrings(decl, rule)) {
    return false;
  }
  Checker checker(decl, scope_, reporter_);
  if (!checker.Check()) return false;
  rule.name = clamav() ? "YARA." + decl.name : decl.name;
  rule.language = ir::Language::kYara;
  rule.name_space = name_space_;
  rule.is_global = decl.is_global && !clamav();
  rule.is_private = decl.is_private;
  rule.tags = std::move(decl.tags);
  rule.metadata = std::move(decl.metadata);
  rule.source = {FileNumber(decl.at.file), decl.at.line};
  rule.code = Generate(decl);
  rule.gate = MakeGate(*decl.condition);
  rule.precheck = MakePrecheck(*decl.condition);
  return true;
}

bool Compiler::CheckName(const RuleDecl& decl) {
  if (scope_.FindRule(decl.name) != nullptr ||
      scope_.FindExternal(decl.name) != nullptr) {
    reporter_.Error("duplicated-identifier", decl.at,
                    "duplicated identifier \"" + decl.name + "\"");
    return false;
  }
  if (scope_.IsFrozen(decl.name)) {
    reporter_.Error("identifier-matches-wildcard", decl.at,
                    "rule identifier \"" + decl.name +
                        "\" matches previously used wildcard rule set");
    return false;
  }
  return true;
}

bool Compiler::CheckDialect(const RuleDecl& decl) {
  if (!clamav()) return true;
  if (decl.strings.empty()) {
    reporter_.Error("clamav-no-strings", decl.at,
                    "rule \"" + decl.name + "\" contains no strings");
    return false;
  }
  for (const StringDecl& string : decl.strings) {
    if (IsTooShort(string)) {
      reporter_.Error(
          "clamav-short-string", string.at,
          "string is too short for ClamAV: \"$" + string.name + "\"");
      return false;
    }
    if (string.kind == StringDecl::Kind::kHex &&
        string.value.find('~') != string.value.npos) {
      reporter_.Error("clamav-not-byte", string.at,
                      "'~' is unknown to ClamAV: \"$" + string.name + "\"");
      return false;
    }
    if (string.kind == StringDecl::Kind::kHex &&
        !HasNoSingleBytes(string.value)) {
      // Not a bad rule, to ClamAV, but a bad database.
      reporter_.Fatal("clamav-single-byte", string.at,
                      "single byte subpatterns unsupported in ClamAV: \"$" +
                          string.name + "\"");
      return false;
    }
  }
  return true;
}

bool Compiler::AddStrings(const RuleDecl& decl, ir::Rule& rule) {
  std::unordered_set<std::string_view> names;
  for (const StringDecl& string : decl.strings) {
    if (!string.name.empty() && !names.insert(string.name).second) {
      reporter_.Error("duplicated-string", string.at,
                      "duplicated string identifier \"$" + string.name + "\"");
      return false;
    }
    if (!AddString(string, rule)) return false;
  }
  return true;
}

bool Compiler::AddString(const StringDecl& decl, ir::Rule& rule) {
  const std::string id = "$" + decl.name;
  const auto compile = [&]() -> Result<strings::Compiled> {
    switch (decl.kind) {
      case StringDecl::Kind::kText:
        return strings::CompileText(id, AsBytes(decl.value), decl.modifiers);
      case StringDecl::Kind::kHex:
        return strings::CompileHex(id, decl.value, decl.modifiers);
      case StringDecl::Kind::kRegex:
        return strings::CompileRegex(id, decl.value, decl.flags,
                                     decl.modifiers);
    }
    return Error{Code::kInternal, "string of no kind"};
  };
  if (decl.kind == StringDecl::Kind::kText && decl.value.empty()) {
    reporter_.Error("empty-string", decl.at, "empty string \"" + id + "\"");
    return false;
  }
  auto compiled = compile();
  if (!compiled.ok()) {
    const char* what = "invalid string \"";
    const char* code = "invalid-string";
    if (decl.kind == StringDecl::Kind::kHex) {
      what = "invalid hex string \"";
      code = "invalid-hex-string";
    } else if (decl.kind == StringDecl::Kind::kRegex) {
      what = "invalid regular expression \"";
      code = "invalid-regular-expression";
    }
    reporter_.Error(code, decl.at,
                    what + id + "\": " + compiled.error().message);
    return false;
  }
  for (std::string& warning : compiled.value().warnings) {
    reporter_.Warn("slow-string", decl.at, std::move(warning));
  }
  ir::Pattern pattern = std::move(compiled).value().pattern;
  pattern.id = id;
  pattern.is_private = decl.modifiers.is_private;
  rule.patterns.push_back(std::move(pattern));
  return true;
}

uint32_t Compiler::FileNumber(uint32_t file) {
  if (file >= file_numbers_.size()) file_numbers_.resize(file + 1);
  std::optional<uint32_t>& number = file_numbers_[file];
  if (!number) {
    const std::string& name = reporter_.file(file);
    // The caller may have named the file itself just before.
    if (program_.files.empty() || program_.files.back() != name) {
      program_.files.push_back(name);
    }
    number = static_cast<uint32_t>(program_.files.size() - 1);
  }
  return *number;
}

}  // namespace

void Compile(std::string_view file, std::string_view text,
             const CompileOptions& options, ir::Program& program) {
  Compiler(file, text, options, program).Run();
}

}  // namespace vitrine::engine::yara
