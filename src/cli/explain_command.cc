// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "base/json_writer.h"
#include "base/text.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/explanation.h"
#include "cli/rule_source.h"

namespace vitrine::cli {
namespace {

constexpr size_t kSuggestions = 5;

std::string TextOf(const Explanation& entry) {
  std::string text = Printable(entry.name) + ": " + entry.kind + "\n";
  text += "  from      " + Printable(entry.file) + ":" +
          std::to_string(entry.line) + "\n";
  if (!entry.source.empty()) {
    text += "  source    " + Printable(Trim(entry.source)) + "\n";
  }
  if (!entry.tags.empty()) {
    text += "  tags     ";
    for (const std::string& tag : entry.tags) text += " " + Printable(tag);
    text += "\n";
  }
  for (const auto& [key, value] : entry.metadata) {
    text += "  metadata  " + Printable(key) + " = " + Printable(value) + "\n";
  }
  if (entry.patterns.empty()) return text;
  text += entry.gated
              ? "  evaluated only where one of its atoms is seen\n"
              : "  evaluated for every object: no atom can stand for it\n";
  for (const auto& pattern : entry.patterns) {
    text += "  pattern   " + Printable(pattern.id) + " (" + pattern.kind + ")";
    if (pattern.atoms.empty()) text += ": no atom; searched for when asked";
    text += "\n";
    for (const auto& atom : pattern.atoms) {
      text += "    atom    \"" + Printable(atom.literal) + "\"" +
              (atom.nocase ? " in either case" : "") + " [" + atom.views +
              "]\n";
    }
  }
  return text;
}

std::string JsonOf(const Explanation& entry) {
  JsonWriter json;
  json.BeginObject();
  json.Member("name", entry.name).Member("kind", entry.kind);
  json.Member("file", entry.file).Member("line", entry.line);
  json.Member("source", entry.source).Key("tags").BeginArray();
  for (const std::string& tag : entry.tags) json.String(tag);
  json.EndArray().Key("metadata").BeginArray();
  for (const auto& [key, value] : entry.metadata) {
    json.BeginObject().Member("key", key).Member("value", value).EndObject();
  }
  json.EndArray().Member("gated", entry.gated).Key("patterns").BeginArray();
  for (const auto& pattern : entry.patterns) {
    json.BeginObject().Member("id", pattern.id).Member("kind", pattern.kind);
    json.Key("atoms").BeginArray();
    for (const auto& atom : pattern.atoms) {
      json.BeginObject().Member("hex", ToHex(AsBytes(atom.literal)));
      json.Member("nocase", atom.nocase).Member("views", atom.views);
      json.EndObject();
    }
    json.EndArray().EndObject();
  }
  json.EndArray().EndObject();
  return json.Take() + "\n";
}

Status Explain(const ExplainArguments& arguments) {
  const auto settings = TRY(ReadSettings(arguments.rules));
  const auto database = TRY(OpenDatabase(arguments.rules, settings));
  const auto entries = cli::Explain(*database, arguments.rule);
  if (entries.empty()) {
    std::string message = "no rule is called " + Printable(arguments.rule);
    const auto names = NamesLike(*database, arguments.rule, kSuggestions);
    for (const std::string& name : names) {
      message +=
          (&name == &names.front() ? "; there is " : ", ") + Printable(name);
    }
    return Error{Code::kNotFound, message};
  }
  for (const Explanation& entry : entries) {
    const std::string text = arguments.json ? JsonOf(entry) : TextOf(entry);
    std::fwrite(text.data(), 1, text.size(), stdout);
  }
  return Ok();
}

}  // namespace

int RunExplain(const ExplainArguments& arguments) {
  const Status status = Explain(arguments);
  if (status.ok()) return 0;
  Complain(status.error().message);
  return 2;
}

}  // namespace vitrine::cli
