// SPDX-License-Identifier: Apache-2.0
#include "doorman/command.h"

#include <array>

#include "doorman/limits.h"

namespace vitrine::doorman {
namespace {

enum class Form : uint8_t { kAny, kPrefixed };
enum class Argument : uint8_t { kNone, kPath };

struct Word {
  std::string_view text;
  Verb verb;
  Form form;
  Argument argument;
};

constexpr std::array kWords = {
    Word{"PING", Verb::kPing, Form::kAny, Argument::kNone},
    Word{"VERSION", Verb::kVersion, Form::kAny, Argument::kNone},
    Word{"VERSIONCOMMANDS", Verb::kVersionCommands, Form::kPrefixed,
         Argument::kNone},
    Word{"STATS", Verb::kStats, Form::kPrefixed, Argument::kNone},
    Word{"RELOAD", Verb::kReload, Form::kAny, Argument::kNone},
    Word{"SHUTDOWN", Verb::kShutdown, Form::kAny, Argument::kNone},
    Word{"QUIT", Verb::kShutdown, Form::kAny, Argument::kNone},
    Word{"SCAN", Verb::kScan, Form::kAny, Argument::kPath},
    Word{"CONTSCAN", Verb::kContScan, Form::kAny, Argument::kPath},
    Word{"MULTISCAN", Verb::kMultiScan, Form::kAny, Argument::kPath},
    Word{"ALLMATCHSCAN", Verb::kAllMatchScan, Form::kPrefixed, Argument::kPath},
    Word{"INSTREAM", Verb::kInStream, Form::kPrefixed, Argument::kNone},
    Word{"FILDES", Verb::kFileDescriptor, Form::kAny, Argument::kNone},
    Word{"IDSESSION", Verb::kIdSession, Form::kPrefixed, Argument::kNone},
    Word{"END", Verb::kEnd, Form::kPrefixed, Argument::kNone},
    Word{"DETSTATS", Verb::kDetectionStats, Form::kAny, Argument::kNone},
    Word{"DETSTATSCLEAR", Verb::kDetectionStats, Form::kAny, Argument::kNone},
};

void Classify(std::string_view text, Form form, Command& command) {
  for (const Word& word : kWords) {
    if (word.form == Form::kPrefixed && form == Form::kAny) continue;
    if (word.argument == Argument::kNone) {
      if (text != word.text) continue;
    } else {
      // One character, whatever it is, parts the verb from the path.
      if (!text.starts_with(word.text) || text.size() == word.text.size()) {
        continue;
      }
      command.argument = text.substr(word.text.size() + 1);
    }
    command.verb = word.verb;
    return;
  }
}

// Text of a newline command: up to a NUL, without carriage returns at its end.
std::string_view Line(std::string_view text) {
  text = text.substr(0, text.find('\0'));
  while (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

Parsed ParsePrefixed(std::string_view buffer) {
  Parsed parsed;
  parsed.command.terminator = buffer.front() == 'z' ? '\0' : '\n';
  const size_t end =
      buffer.substr(0, kCommandBytes).find(parsed.command.terminator);
  if (end == std::string_view::npos) {
    parsed.state = buffer.size() >= kCommandBytes ? Parsed::State::kTooLong
                                                  : Parsed::State::kNeedMore;
    return parsed;
  }
  std::string_view text = buffer.substr(1, end - 1);
  if (parsed.command.terminator == '\n') text = Line(text);
  parsed.state = Parsed::State::kCommand;
  parsed.consumed = end + 1;
  Classify(text, Form::kPrefixed, parsed.command);
  return parsed;
}

}  // namespace

Parsed ParseCommand(std::string_view buffer, Session session) {
  Parsed parsed;
  if (buffer.empty()) return parsed;
  if (buffer.front() == 'n' || buffer.front() == 'z') {
    return ParsePrefixed(buffer);
  }
  if (session == Session::kYes) {
    parsed.state = Parsed::State::kUnprefixed;
    return parsed;
  }
  buffer = buffer.substr(0, kCommandBytes);
  const size_t newline = buffer.find('\n');
  parsed.state = Parsed::State::kCommand;
  parsed.consumed =
      newline == std::string_view::npos ? buffer.size() : newline + 1;
  Classify(Line(buffer.substr(0, newline)), Form::kAny, parsed.command);
  return parsed;
}

bool AllowedInSession(Verb verb) {
  switch (verb) {
    case Verb::kPing:
    case Verb::kVersion:
    case Verb::kVersionCommands:
    case Verb::kStats:
    case Verb::kScan:
    case Verb::kInStream:
    case Verb::kFileDescriptor:
    case Verb::kEnd:
      return true;
    default:
      return false;
  }
}

}  // namespace vitrine::doorman
