// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "cli/report_writer.h"

namespace vitrine::cli {

// Where the rules come from, and what they are told.
struct RuleArguments {
  std::vector<std::string> rules;       // --rules
  std::string database;                 // --database
  std::vector<std::string> defines;     // --define NAME=VALUE
  std::vector<std::string> options;     // --opt NAME[=VALUE]
  std::vector<std::string> unverified;  // --allow-unverified
  std::string certificates;             // --certificates
  bool strict = false;
};

struct ScanArguments {
  RuleArguments rules;
  bool all_match = false;
  OutputFormat output = OutputFormat::kText;
  unsigned jobs = 0;  // 0: as many as there are processors.
  bool profile = false;
  bool no_cage = false;
  std::vector<std::string> paths;
};

struct CheckArguments {
  RuleArguments rules;
};

struct CompileArguments {
  RuleArguments rules;
  std::string output;
};

struct InfoArguments {
  std::string database;
  bool json = false;
};

struct ExplainArguments {
  RuleArguments rules;
  std::string rule;
  bool json = false;
};

struct StatusArguments {
  std::string root;  // --root
  bool json = false;
};

struct GuardArguments {
  std::string root;  // --root
  std::vector<std::string> request;
};

struct VersionArguments {};

// The answer was given while parsing: help, or what is wrong.
struct Done {
  int status = 0;
};

using Arguments =
    std::variant<Done, ScanArguments, CheckArguments, CompileArguments,
                 InfoArguments, ExplainArguments, StatusArguments,
                 GuardArguments, VersionArguments>;

// Reads the command line. Help goes to stdout, complaints to stderr with
// status 2.
Arguments ParseArguments(int argc, const char* const* argv);

}  // namespace vitrine::cli
