// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine::config {

// What is wrong, and where. Line 1 is the first; 0 is the file as a whole.
struct Problem {
  uint32_t line = 0;
  std::string message;
};

// One value of a TOML text and the line that it begins in; the library's own
// types stay in tree.cc.
struct Node {
  enum class Kind : uint8_t { kTable, kList, kString, kInteger, kBool, kOther };
  struct Entry;

  Kind kind = Kind::kOther;
  uint32_t line = 0;
  std::string text;            // kString
  int64_t integer = 0;         // kInteger
  bool boolean = false;        // kBool
  std::vector<Node> items;     // kList
  std::vector<Entry> entries;  // kTable, in the order of the text
};

struct Node::Entry {
  std::string key;
  uint32_t line = 0;
  Node value;
};

// The table that `text` stands for. What it cannot read is in `problems`; the
// grammar stops at its first mistake, so there is at most one of those.
Node ParseTree(std::string_view text, std::vector<Problem>& problems);

}  // namespace vitrine::config
