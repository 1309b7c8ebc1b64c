// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include "base/text.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/guard_socket.h"
#include "cli/limits.h"
#include "cli/rule_source.h"
#include "config/paths.h"
#include "config/reader.h"

namespace vitrine::cli {
namespace {

using Verb = TaskArguments::Verb;

bool IsName(const std::string& name) {
  return !name.empty() && name.find_first_of("/. ") == name.npos;
}

Status Show(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (std::fflush(stdout) == 0) return Ok();
  return Error{Code::kUnavailable, "nobody reads"};
}

Result<std::string> Ask(const TaskArguments& arguments,
                        const std::string& request) {
  std::string answer = TRY(AskTasker(arguments.root, request));
  if (!answer.starts_with("error ")) return answer;
  return Error{Code::kInvalid, answer.substr(6, answer.find('\n') - 6)};
}

// Without a tasker: what is configured.
Status ListConfigured(const TaskArguments& arguments, const Error& why) {
  const auto config =
      TRY(config::LoadConfig(config::Paths(arguments.root), getuid()));
  std::string text;
  for (const auto& task : config.tasks) text += task.name + "\n";
  TRY(Show(text));
  return why;
}

// Polls until the run that was begun has ended; the exit status of its verdict.
Result<int> Wait(const TaskArguments& arguments, uint64_t runs_before) {
  for (;;) {
    const std::string answer = TRY(Ask(arguments, "state " + arguments.task));
    const auto words = Split(Trim(answer), ' ');
    if (words.size() != 3) return Error{Code::kInvalid, "no state: " + answer};
    if (words[0] == "waiting") {
      return Error{Code::kUnavailable, "the task cannot go on; see status"};
    }
    const bool stands = words[0] == "idle" || words[0] == "paused";
    if (stands && ParseDecimal(words[1]).value_or(0) > runs_before) {
      if (words[2] == "found") return 1;
      if (words[2] == "error") return 2;
      return words[2] == "limited" ? 3 : 0;
    }
    if (words[0] == "paused") return 3;
    if (words[0] == "idle") {
      return Error{Code::kUnavailable, "the run was given up; see the events"};
    }
    std::this_thread::sleep_for(kTaskPoll);
  }
}

Result<int> Begin(const TaskArguments& arguments, const char* verb) {
  uint64_t runs = 0;
  const std::string state = TRY(Ask(arguments, "state " + arguments.task));
  const auto words = Split(Trim(state), ' ');
  if (words.size() == 3) runs = ParseDecimal(words[1]).value_or(0);
  (void)TRY(Ask(arguments, std::string(verb) + " " + arguments.task));
  if (!arguments.wait) return 0;
  return Wait(arguments, runs);
}

// The reports of a task, oldest first.
Result<std::vector<std::string>> Runs(const std::string& folder) {
  std::vector<std::string> runs;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".txt") {
      runs.push_back(entry.path().stem());
    }
  }
  if (error) {
    return Error{Code::kNotFound, "no report of that task that you may read"};
  }
  std::sort(runs.begin(), runs.end());
  return runs;
}

Status ShowReport(const TaskArguments& arguments) {
  const std::string folder =
      config::Paths(arguments.root).Tasks() + "/" + arguments.task + "/runs";
  const std::vector<std::string> runs = TRY(Runs(folder));
  if (arguments.run == "list") {
    for (const std::string& run : runs) TRY(Show(run + "\n"));
    return Ok();
  }
  std::string run = arguments.run;
  if (run.empty() && !runs.empty()) run = runs.back();
  if (std::find(runs.begin(), runs.end(), run) == runs.end()) {
    return Error{Code::kNotFound, "no such run"};
  }
  std::ifstream file(folder + "/" + run + (arguments.json ? ".json" : ".txt"),
                     std::ios::binary);
  return Show({std::istreambuf_iterator<char>(file), {}});
}

Result<int> ShowStatus(const TaskArguments& arguments,
                       const std::string& form) {
  const std::string which = arguments.task.empty() ? "" : " " + arguments.task;
  const std::string answer = TRY(Ask(arguments, "status " + form + which));
  TRY(Show(answer));
  return 0;
}

Result<int> Run(const TaskArguments& arguments) {
  const std::string form = arguments.json ? "json" : "text";
  const std::string& name = arguments.task;
  if (!name.empty() && !IsName(name)) {
    return Error{Code::kInvalid, "no such task"};
  }
  switch (arguments.verb) {
    case Verb::kList: {
      const auto answer = Ask(arguments, "status " + form);
      if (answer.ok()) {
        TRY(Show(answer.value()));
      } else {
        TRY(ListConfigured(arguments, answer.error()));
      }
      return 0;
    }
    case Verb::kStatus:
      return ShowStatus(arguments, form);
    case Verb::kStart:
      return Begin(arguments, "start");
    case Verb::kResume:
      return Begin(arguments, "resume");
    case Verb::kPause:
      (void)TRY(Ask(arguments, "pause " + name));
      return 0;
    case Verb::kStop:
      (void)TRY(Ask(arguments, "stop " + name));
      return 0;
    case Verb::kReport:
      TRY(ShowReport(arguments));
      return 0;
    case Verb::kReload:
      (void)TRY(Ask(arguments, "reload-config"));
      return 0;
  }
  return 0;
}

}  // namespace

int RunTask(const TaskArguments& arguments) {
  const auto status = Run(arguments);
  if (status.ok()) return status.value();
  Complain(Printable(status.error().message));
  return 2;
}

}  // namespace vitrine::cli
