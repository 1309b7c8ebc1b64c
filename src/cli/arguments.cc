// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <map>
#include <string_view>

#include "cli/limits.h"
#include "cli/records_grammar.h"
#include "cli/task_grammar.h"
#include "cli/update_grammar.h"

namespace vitrine::cli {
namespace {

// The whole command line, declared to CLI11, with what it fills in.
class Grammar {
 public:
  Grammar() {
    app_.name("vitrine");
    app_.require_subcommand(1);
    app_.set_help_all_flag("--help-all", "Help for all commands");
    app_.set_version_flag("--version", "vitrine " VITRINE_VERSION);
    app_.footer(
        "Exit status: 0 nothing found, 1 found, 2 error, 3 nothing found but "
        "something was not fully scanned.");
    AddScan();
    AddCheck();
    AddCompile();
    AddInfo();
    AddExplain();
    AddStatus();
    AddGuard();
    events_command_ = DeclareEvents(app_, events_);
    ledger_command_ = DeclareLedger(app_, ledger_);
    quarantine_command_ = DeclareQuarantine(app_, quarantine_);
    task_command_ = DeclareTask(app_, task_);
    update_command_ = DeclareUpdate(app_, update_);
    trust_command_ = DeclareTrust(app_, trust_);
    version_command_ =
        app_.add_subcommand("version", "Say which version this is");
  }

  Arguments Parse(int argc, const char* const* argv) {
    // CLI11 takes paths after "--" only where none stands before it.
    int options = argc;
    for (int i = argc - 1; i > 0; --i) {
      if (std::string_view(argv[i]) == "--") options = i;
    }
    try {
      app_.parse(options, argv);
      scan_.paths.insert(scan_.paths.end(), argv + std::min(options + 1, argc),
                         argv + argc);
      if (scan_command_->parsed() && scan_.paths.empty()) {
        throw CLI::RequiredError("PATH");
      }
    } catch (const CLI::ParseError& error) {
      const int status = app_.exit(error, std::cout, std::cerr);
      return Done{status == 0 ? 0 : 2};
    }
    if (scan_command_->parsed()) return scan_;
    if (check_command_->parsed()) return check_;
    if (compile_command_->parsed()) return compile_;
    if (info_command_->parsed()) return info_;
    if (explain_command_->parsed()) return explain_;
    if (status_command_->parsed()) return status_;
    if (guard_command_->parsed()) return guard_;
    if (events_command_->parsed()) return events_;
    if (ledger_command_->parsed()) return ledger_;
    if (quarantine_command_->parsed()) return quarantine_;
    if (task_command_->parsed()) return task_;
    if (update_command_->parsed()) return update_;
    if (trust_command_->parsed()) return trust_;
    return VersionArguments{};
  }

 private:
  // --rules and what goes with it. Each takes one value at a time, so that
  // paths may follow.
  static CLI::Option* AddRules(CLI::App& command, RuleArguments& rules) {
    CLI::Option* const option =
        command.add_option("--rules", rules.rules,
                           "A rule file (type by extension) or a folder of "
                           "them; may be repeated");
    option->type_name("PATH")->allow_extra_args(false);
    command.add_option("--define", rules.defines, "An external variable")
        ->type_name("NAME=VALUE")
        ->allow_extra_args(false);
    command
        .add_option("--opt", rules.options,
                    "An option of clamscan: max-filesize=25M, normalize=no, "
                    "alert-macros")
        ->type_name("NAME[=VALUE]")
        ->allow_extra_args(false);
    command.add_flag("--strict", rules.strict,
                     "One bad line refuses the whole set, as in clamscan");
    command
        .add_option("--allow-unverified", rules.unverified,
                    "Load this .cvd, .cld or .cud though nothing vouches for "
                    "it")
        ->type_name("FILE")
        ->allow_extra_args(false);
    command
        .add_option("--certificates", rules.certificates,
                    "Folder of certificates that may sign a .cvd")
        ->type_name("FOLDER");
    return option;
  }

  static void AddDatabase(CLI::App& command, CLI::Option* rules,
                          RuleArguments& arguments) {
    command
        .add_option("--database", arguments.database,
                    "A compiled database, instead of --rules")
        ->type_name("FILE.vdb")
        ->excludes(rules);
  }

  static void AddJson(CLI::App& command, bool& json) {
    command
        .add_option_function<std::string>(
            "--output",
            [&json](const std::string& format) { json = format == "json"; },
            "text or json")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"text", "json"}).description(""));
  }

  void AddScan() {
    auto& command = *app_.add_subcommand(
        "scan", "Look for what the rules describe in files and folders");
    scan_command_ = &command;
    CLI::Option* const rules = AddRules(command, scan_.rules);
    AddDatabase(command, rules, scan_.rules);
    command.add_flag("--allmatch", scan_.all_match,
                     "Go on after the first alert in an object");
    const std::map<std::string, OutputFormat> formats = {
        {"text", OutputFormat::kText},
        {"jsonl", OutputFormat::kJsonl},
        {"sarif", OutputFormat::kSarif}};
    command.add_option("--output", scan_.output, "text, jsonl or sarif")
        ->type_name("FORMAT")
        ->transform(CLI::CheckedTransformer(formats).description(""));
    command
        .add_option("--jobs", scan_.jobs,
                    "Files scanned at one time; else one a processor")
        ->type_name("N")
        ->check(CLI::Range(1u, kJobsMax).description(""));
    command.add_flag("--profile", scan_.profile,
                     "Say on stderr which rules and formats cost most");
    command.add_flag("--no-cage", scan_.no_cage,
                     "Scan in this process, with your rights, instead of in "
                     "caged ones; --profile does so too");
    command.add_option("PATH", scan_.paths,
                       "Files and folders; - is standard input");
  }

  void AddCheck() {
    auto& command = *app_.add_subcommand(
        "check", "Compile rules only, and list what is wrong as JSON lines");
    check_command_ = &command;
    AddRules(command, check_.rules)->required();
  }

  void AddCompile() {
    auto& command = *app_.add_subcommand(
        "compile", "Compile rules into a database that opens at once");
    compile_command_ = &command;
    AddRules(command, compile_.rules)->required();
    command.add_option("-o,--out", compile_.output, "Where to write it")
        ->type_name("FILE.vdb")
        ->required();
  }

  void AddInfo() {
    auto& command =
        *app_.add_subcommand("info", "Describe a compiled database");
    info_command_ = &command;
    command.add_option("DATABASE", info_.database, "FILE.vdb")->required();
    AddJson(command, info_.json);
  }

  void AddExplain() {
    auto& command = *app_.add_subcommand(
        "explain", "Say where a rule comes from and how it is looked for");
    explain_command_ = &command;
    CLI::Option* const rules = AddRules(command, explain_.rules);
    AddDatabase(command, rules, explain_.rules);
    command.add_option("RULE", explain_.rule, "The rule's name")->required();
    AddJson(command, explain_.json);
  }

  static void AddRoot(CLI::App& command, std::string& root) {
    command
        .add_option("--root", root,
                    "The installation below this folder, not the machine's")
        ->type_name("DIR");
  }

  void AddStatus() {
    auto& command = *app_.add_subcommand(
        "status", "Say what the guard watches, and what it does not");
    status_command_ = &command;
    AddRoot(command, status_.root);
    AddJson(command, status_.json);
  }

  void AddGuard() {
    auto& command = *app_.add_subcommand(
        "guard",
        "Tell the guard: mode block|notify|off, reload-database, "
        "reload-config, forget-cache");
    guard_command_ = &command;
    AddRoot(command, guard_.root);
    command.add_option("REQUEST", guard_.request, "What it shall do")
        ->required();
  }

  CLI::App app_{"Vitrine finds malware by ClamAV signatures and YARA rules."};
  CLI::App* scan_command_ = nullptr;
  CLI::App* check_command_ = nullptr;
  CLI::App* compile_command_ = nullptr;
  CLI::App* info_command_ = nullptr;
  CLI::App* explain_command_ = nullptr;
  CLI::App* status_command_ = nullptr;
  CLI::App* guard_command_ = nullptr;
  CLI::App* ledger_command_ = nullptr;
  CLI::App* events_command_ = nullptr;
  CLI::App* quarantine_command_ = nullptr;
  CLI::App* task_command_ = nullptr;
  CLI::App* update_command_ = nullptr;
  CLI::App* trust_command_ = nullptr;
  CLI::App* version_command_ = nullptr;
  ScanArguments scan_;
  CheckArguments check_;
  CompileArguments compile_;
  InfoArguments info_;
  ExplainArguments explain_;
  StatusArguments status_;
  GuardArguments guard_;
  EventsArguments events_;
  LedgerArguments ledger_;
  UpdateArguments update_;
  TrustArguments trust_;
  QuarantineArguments quarantine_;
  TaskArguments task_;
};

}  // namespace

Arguments ParseArguments(int argc, const char* const* argv) {
  return Grammar().Parse(argc, argv);
}

}  // namespace vitrine::cli
