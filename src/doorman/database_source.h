// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace vitrine::doorman {

// Where the compiled database comes from: a file, or rules that the program
// `vitrine` compiles on demand, in a process of its own. Nothing of either is
// read here. Thread-compatible; Open() blocks.
class DatabaseSource {
 public:
  static DatabaseSource File(std::string path);
  // Compiles into an unlinked file of `folder`.
  static DatabaseSource Rules(std::vector<std::string> rules,
                              std::string vitrine_program, std::string folder);

  // Asks somebody else for it.
  static DatabaseSource Asked(std::function<Result<UniqueFd>()> ask);

  // The newest database, open for reading.
  Result<UniqueFd> Open() const;

 private:
  Result<UniqueFd> Compile() const;

  std::function<Result<UniqueFd>()> ask_;
  std::string file_;  // Empty: compile.
  std::vector<std::string> rules_;
  std::string program_;
  std::string folder_;
};

}  // namespace vitrine::doorman
