// SPDX-License-Identifier: Apache-2.0
#include "engine/yara/token_source.h"

#include <filesystem>
#include <optional>
#include <utility>

#include "engine/yara/limits.h"

namespace vitrine::engine::yara {

TokenSource::TokenSource(std::string_view name, std::string_view text,
                         const CompileOptions& options, Reporter& reporter)
    : options_(options), reporter_(reporter) {
  const uint32_t file = reporter_.AddFile(name);
  open_.push_back({std::string(name), text, Lexer(text, file)});
}

const Token& TokenSource::Peek(size_t ahead) {
  while (ahead_.size() <= ahead) ahead_.push_back(Pull(false));
  return ahead_[ahead];
}

Token TokenSource::Take() {
  if (ahead_.empty()) return Pull(false);
  Token token = std::move(ahead_.front());
  ahead_.pop_front();
  return token;
}

Token TokenSource::TakeValue() { return ahead_.empty() ? Pull(true) : Take(); }

Token TokenSource::Pull(bool value) {
  while (true) {
    Lexer& lexer = open_.back().lexer;
    Token token = value ? lexer.NextValue() : lexer.Next();
    if (token.kind == TokenKind::kEnd && open_.size() > 1) {
      open_.pop_back();
      continue;
    }
    if (!token.IsWord("include")) return token;
    const Token name = lexer.Next();
    if (name.kind != TokenKind::kText) {
      reporter_.Error("syntax-error", name.at,
                      "syntax error, unexpected " + Describe(name) +
                          ", expecting the name of an included file");
      if (name.kind == TokenKind::kEnd) continue;
      return name;
    }
    Include(token.at, name);
  }
}

void TokenSource::Include(Position at, const Token& name) {
  if (open_.size() > kIncludeDepthMax) {
    return reporter_.Error("include-depth", at, "includes nested too deep");
  }
  if (texts_.size() >= kIncludesMax) {
    return reporter_.Error("too-many-includes", at, "too many included files");
  }
  std::optional<std::string> text;
  if (options_.include) text = options_.include(name.text, open_.back().name);
  if (!text) {
    return reporter_.Error("include-not-found", at,
                           "can't open include file: " + name.text);
  }
  // Relative names are relative to the file they stand in.
  const std::string path =
      (std::filesystem::path(open_.back().name).parent_path() / name.text)
          .lexically_normal()
          .string();
  // The same name may be another file in another folder; the same text under
  // the same name can only go round.
  for (const File& file : open_) {
    if (file.text != *text) continue;
    if (file.name != path && &file != &open_.front()) continue;
    return reporter_.Error("include-cycle", at,
                           "include circular reference: " + name.text);
  }
  texts_.push_back(std::move(*text));
  const uint32_t file = reporter_.AddFile(path);
  open_.push_back({path, texts_.back(), Lexer(texts_.back(), file)});
}

}  // namespace vitrine::engine::yara
