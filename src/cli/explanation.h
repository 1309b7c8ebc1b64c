// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/vdb/database.h"

namespace vitrine::cli {

// Where one entry of a database comes from and how it is looked for.
struct Explanation {
  struct Atom {
    std::string literal;  // The bytes themselves.
    bool nocase = false;
    std::string views;  // Which objects it is looked for in: "pe raw".
  };
  struct Pattern {
    std::string id;
    const char* kind = "";
    std::vector<Atom> atoms;  // Empty: only searched for when asked.
  };

  std::string name;
  std::string kind;  // "yara rule", "clamav signature", "file hash", ...
  std::string file;
  uint32_t line = 0;
  std::string source;  // The line's text, if the file is still there.
  std::vector<std::string> tags;
  std::vector<std::pair<std::string, std::string>> metadata;
  bool gated = false;  // Only evaluated where one of its atoms was seen.
  std::vector<Pattern> patterns;
};

// Every entry called `name`; names need not be unique.
std::vector<Explanation> Explain(const engine::vdb::Database& database,
                                 std::string_view name);

// Names that hold `part`, whatever the case; for "did you mean".
std::vector<std::string> NamesLike(const engine::vdb::Database& database,
                                   std::string_view part, size_t most);

}  // namespace vitrine::cli
