// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "engine/yara/diagnostics.h"
#include "engine/yara/lexer.h"
#include "engine/yara/token.h"
#include "engine/yara/yara.h"

namespace vitrine::engine::yara {

// The tokens of a source with its includes in their places. `text` must
// outlive it; included texts are its own.
class TokenSource {
 public:
  TokenSource(std::string_view name, std::string_view text,
              const CompileOptions& options, Reporter& reporter);

  // The token `ahead` of the next one.
  const Token& Peek(size_t ahead = 0);
  Token Take();
  // As Take(), where a string's value is expected. Nothing may be peeked at
  // between the token before and this.
  Token TakeValue();

 private:
  struct File {
    std::string name;
    std::string_view text;
    Lexer lexer;
  };

  Token Pull(bool value);
  // `at`: of the word `include`.
  void Include(Position at, const Token& name);

  const CompileOptions& options_;
  Reporter& reporter_;
  std::deque<std::string> texts_;
  std::vector<File> open_;  // Innermost last.
  std::deque<Token> ahead_;
};

}  // namespace vitrine::engine::yara
