// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <optional>

#include "base/own_program.h"
#include "base/system_error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/limits.h"
#include "cli/number.h"
#include "cli/rule_source.h"
#include "cli/update_reports.h"
#include "config/config.h"
#include "config/reader.h"
#include "update/session/session.h"
#include "update/state/kept_proof.h"

namespace vitrine::cli {
namespace {

using update::KeptDatabase;
using update::UpdateState;
using update::Verdict;

// "90s", "15m", "2h", "3d".
Result<uint64_t> ReadDuration(const std::string& text) {
  if (text.empty()) return 0;
  constexpr std::pair<char, uint64_t> kUnits[] = {
      {'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
  for (const auto& [letter, seconds] : kUnits) {
    if (text.back() != letter) continue;
    const auto number =
        ParseDecimal(std::string_view(text).substr(0, text.size() - 1));
    if (number && *number <= kMinAgeMax / seconds) return *number * seconds;
  }
  return Error{Code::kInvalid, text + ": not a time such as 15m, 2h or 3d"};
}

// What the owner decided; nothing, where that was to follow.
struct Choice {
  bool hold = false;
  uint64_t pin = 0;
};

// Who held or pinned is not to be moved because that cannot be read.
Result<Choice> ChoiceOf(const UpdateState& state) {
  Choice choice;
  const auto file = state.ReadKept("choice", kChoiceSizeMax);
  if (!file.ok() && file.error().code == Code::kNotFound) return choice;
  if (!file.ok()) return file.error();
  const std::string_view text = Trim(AsText(file.value()));
  constexpr std::string_view kPin = "pin ";
  if (text.starts_with(kPin)) {
    choice.pin = ParseDecimal(text.substr(kPin.size())).value_or(0);
  }
  choice.hold = text == "hold";
  if (choice.hold || choice.pin != 0) return choice;
  return Error{Code::kInvalid,
               "what was chosen is neither hold nor pin: update --follow "
               "forgets it"};
}

Result<KeptDatabase> InUse(const UpdateState& state) {
  auto active = state.Active();
  if (!active) return Error{Code::kNotFound, "no database is in use yet"};
  return *std::move(active);
}

Result<KeptDatabase> Kept(const UpdateState& state, const std::string& channel,
                          uint64_t release) {
  for (KeptDatabase& each : state.Databases()) {
    if (each.channel == channel && each.release == release) {
      return std::move(each);
    }
  }
  return Error{Code::kNotFound, "release " + std::to_string(release) +
                                    " of channel " + channel + " is not kept"};
}

class Command {
 public:
  Command(const UpdateArguments& arguments, UpdateState state)
      : arguments_(arguments),
        paths_(arguments.root),
        state_(std::move(state)) {}

  Status Run() {
    if (arguments_.rollback != 0) return RollBack();
    if (arguments_.hold) {
      TRY(Choose("hold"));
      std::puts("No database is taken from now on; --follow ends it.");
      return Ok();
    }
    if (arguments_.follow) TRY(state_.Drop("choice"));
    if (arguments_.pin != 0) TRY(Choose("pin " + PinText(arguments_.pin)));
    return Take();
  }

 private:
  static std::string PinText(uint64_t release) {
    return std::to_string(release);
  }
  Status Choose(const std::string& choice) {
    return state_.Save("choice", AsBytes(choice + '\n'));
  }

  Status RollBack() {
    const KeptDatabase database =
        TRY(Kept(state_, arguments_.channel, arguments_.rollback));
    TRY(update::CheckKept(state_, database));
    TRY(Choose("pin " + PinText(database.release)));
    TRY(state_.Switch(database));
    TellPrograms(arguments_.root);
    std::printf("%s is in use, and stays; --follow ends it.\n",
                database.Name().c_str());
    return Ok();
  }

  Status Take() {
    const Choice choice = TRY(ChoiceOf(state_));
    if (choice.hold) {
      return Error{Code::kDenied, "held: update --follow ends it"};
    }
    update::SessionOptions options;
    options.paths = paths_;
    options.bundle = arguments_.from;
    options.channel = arguments_.channel;
    options.look = arguments_.check;
    options.min_age = TRY(ReadDuration(arguments_.min_age));
    options.pin = choice.pin;
    if (!arguments_.from.empty() &&
        access(arguments_.from.c_str(), R_OK) != 0) {
      return SystemError(arguments_.from, errno);
    }
    if (arguments_.from.empty()) {
      const auto config = TRY(config::LoadConfig(paths_, geteuid()));
      options.mirrors = config.update.mirrors.size();
    }
    options.verifier = FindOurProgram("vitrine-verifier");
    options.courier = FindOurProgram("vitrine-courier");
    options.scanner = FindOurProgram("vitrine-scanner");
    update::SessionResult result;
    const Status done = update::RunSession(state_, options, result);
    for (const std::string& alert : result.alerts) {
      Complain("WARNING: " + alert);
      RecordUpdate(arguments_.root, UpdateNews::kAlert, alert);
    }
    if (!done.ok()) {
      RecordUpdate(arguments_.root, UpdateNews::kRefused, done.error().message);
      return done;
    }
    return Say(result);
  }

  Status Say(const update::SessionResult& result) {
    const Verdict& verdict = result.verdict;
    const std::string name =
        arguments_.channel + '-' + std::to_string(verdict.version);
    switch (verdict.what) {
      case Verdict::What::kNone:
        std::printf("%s is in use and the one to use.\n", name.c_str());
        return Ok();
      case Verdict::What::kOffered:
        std::printf("%s is offered.\n", name.c_str());
        return Ok();
      case Verdict::What::kTaken:
        break;
    }
    TellPrograms(arguments_.root);
    const std::string text =
        name + " is in use: entry " + std::to_string(verdict.index) +
        " of the log, " + ReadableSize(verdict.size) + " (" +
        ReadableSize(verdict.wire) + " fetched as a " +
        (verdict.delta ? "delta" : "whole") + "), tried on " +
        Counted(result.known_good, "known-good file");
    RecordUpdate(arguments_.root, UpdateNews::kTaken, text);
    std::printf("%s.\n", text.c_str());
    return Ok();
  }

  const UpdateArguments& arguments_;
  const config::Paths paths_;
  UpdateState state_;
};

Status Show(const UpdateArguments& arguments) {
  const UpdateState state = UpdateState::Look(config::Paths(arguments.root));
  const KeptDatabase database =
      arguments.release == 0
          ? TRY(InUse(state))
          : TRY(Kept(state, arguments.channel, arguments.release));
  const std::string path = database.folder + "/changes";
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return SystemError(path, errno);
  char piece[16384];
  for (ssize_t got; (got = read(file.get(), piece, sizeof piece)) > 0;) {
    const std::string text = PrintableLines({piece, static_cast<size_t>(got)});
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) break;
  }
  return Ok();
}

Status Prove(const UpdateArguments& arguments) {
  const UpdateState state = UpdateState::Look(config::Paths(arguments.root));
  const KeptDatabase database = TRY(InUse(state));
  const update::KeptProof proof = TRY(update::CheckKept(state, database));
  std::fputs(ProofReport(database, proof).c_str(), stdout);
  return Ok();
}

Status RunVerb(const UpdateArguments& arguments) {
  if (arguments.verb == UpdateArguments::Verb::kShow) return Show(arguments);
  if (arguments.verb == UpdateArguments::Verb::kProve) return Prove(arguments);
  auto state = TRY(UpdateState::Open(config::Paths(arguments.root)));
  return Command(arguments, std::move(state)).Run();
}

}  // namespace

int RunUpdate(const UpdateArguments& arguments) {
  const Status done = RunVerb(arguments);
  const std::string alarm = DatabaseAlarm(arguments.root, std::time(nullptr));
  if (!alarm.empty()) Complain("WARNING: " + alarm);
  if (done.ok()) return 0;
  Complain(done.error().message);
  return 2;
}

}  // namespace vitrine::cli
