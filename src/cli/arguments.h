// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
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

struct EventsArguments {
  std::string root;         // --root
  bool follow = false;      // Go on as events come.
  std::string since;        // As ParseTime() reads it; "": from the first on.
  std::string until;        // The same.
  std::string event_class;  // "detection", "2004"; "": all.
  std::string verdict;      // "found"; "": all.
  std::string rule;         // A mask; "": all.
  bool json = false;
  uint64_t limit = 100;  // The newest so many; 0: all.
};

struct LedgerArguments {
  std::string root;     // --root
  bool verify = false;  // Say whether it is sound instead of what is in it.
  bool follow = false;
  bool json = false;
};

struct QuarantineArguments {
  enum class Verb : uint8_t { kList, kRestore, kDelete, kExport, kTrust };

  Verb verb = Verb::kList;
  std::string root;                // --root
  std::vector<std::string> items;  // Ids or beginnings of them; kTrust also
                                   // takes paths.
  std::string to;                  // Where to restore or export.
  bool overwrite = false;
  bool keep = false;
  bool no_trust = false;
  std::string rules = "**";  // kTrust: for these rules only.
  bool json = false;
};

struct TaskArguments {
  enum class Verb : uint8_t {
    kList,
    kStatus,
    kStart,
    kPause,
    kResume,
    kStop,
    kReport,
    kReload
  };

  Verb verb = Verb::kList;
  std::string root;   // --root
  std::string task;   // Its name; may be empty for kStatus.
  bool wait = false;  // kStart, kResume: until the run has ended.
  std::string run;    // kReport: which one; "": the last.
  bool json = false;
};

struct UpdateArguments {
  enum class Verb : uint8_t { kTake, kShow, kProve };

  Verb verb = Verb::kTake;
  std::string root;              // --root
  std::string channel = "main";  // --channel
  bool check = false;            // Look, and take nothing.
  std::string from;              // A bundle instead of mirrors.
  bool hold = false;             // Take nothing from now on,
  bool follow = false;           // or the newest again,
  uint64_t pin = 0;              // or only this release.
  std::string min_age;           // "15m", "2h", "3d"; "": the trust file's.
  uint64_t rollback = 0;         // To this release, which is kept.
  uint64_t release = 0;          // kShow; 0: the one in use.
};

struct TrustArguments {
  enum class Verb : uint8_t { kShow, kInit, kAdd, kTighten };

  Verb verb = Verb::kShow;
  std::string root;      // --root
  std::string file;      // kInit, kTighten.
  bool replace = false;  // kInit: another publisher's instead of this one's.
  std::string name;      // kAdd: a witness's
  std::string key;       // and its key.
};

struct VersionArguments {};

// The answer was given while parsing: help, or what is wrong.
struct Done {
  int status = 0;
};

using Arguments =
    std::variant<Done, ScanArguments, CheckArguments, CompileArguments,
                 InfoArguments, ExplainArguments, StatusArguments,
                 GuardArguments, EventsArguments, LedgerArguments,
                 QuarantineArguments, TaskArguments, UpdateArguments,
                 TrustArguments, VersionArguments>;

// Reads the command line. Help goes to stdout, complaints to stderr with
// status 2.
Arguments ParseArguments(int argc, const char* const* argv);

}  // namespace vitrine::cli
