// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace vitrine::house {

struct SourceFile {
  std::string path;  // From the root of the tree.
  std::string text;
};

using Tree = std::vector<SourceFile>;

// One rule broken. `line` counts from 1; 0 where the file as a whole is meant.
struct Complaint {
  std::string path;
  int line = 0;
  std::string message;

  bool operator==(const Complaint&) const = default;
};

using Complaints = std::vector<Complaint>;

// Every file below `root` by rising path, but what git and builds put there.
// Empty if `root` cannot be read.
Tree ReadTree(const std::string& root);

// Prints them as a compiler would; returns the exit status.
int Report(const char* what, const Complaints& complaints);

}  // namespace vitrine::house
