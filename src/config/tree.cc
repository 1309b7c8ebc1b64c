// SPDX-License-Identifier: Apache-2.0
#include "config/tree.h"

#include <algorithm>

// toml++ 3.3 asserts on some wrong texts (`[ /a]`, a bare key with a letter
// beyond ASCII) where it should complain; without the assertion it does
// complain.
#define TOML_ASSERT(condition) static_cast<void>(0)
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_ENABLE_WINDOWS_COMPAT 0
#include <toml++/toml.h>

#include "base/text.h"
#include "config/limits.h"

namespace vitrine::config {
namespace {

uint32_t LineOf(const toml::source_region& region) { return region.begin.line; }

class Copy {
 public:
  explicit Copy(std::vector<Problem>& problems) : problems_(problems) {}

  Node Of(const toml::node& from, int depth) {
    Node node;
    node.line = LineOf(from.source());
    if (depth > kDepthMax) {
      problems_.push_back({node.line, "nested too deeply"});
      return node;
    }
    if (const auto* table = from.as_table()) {
      Table(*table, depth, node);
    } else if (const auto* list = from.as_array()) {
      List(*list, depth, node);
    } else if (const auto* text = from.as_string()) {
      node.kind = Node::Kind::kString;
      node.text = text->get();
    } else if (const auto* integer = from.as_integer()) {
      node.kind = Node::Kind::kInteger;
      node.integer = integer->get();
    } else if (const auto* boolean = from.as_boolean()) {
      node.kind = Node::Kind::kBool;
      node.boolean = boolean->get();
    }
    return node;
  }

 private:
  void Table(const toml::table& from, int depth, Node& node) {
    node.kind = Node::Kind::kTable;
    for (const auto& [key, value] : from) {
      node.entries.push_back(
          {std::string(key.str()), LineOf(key.source()), Of(value, depth + 1)});
    }
    std::stable_sort(
        node.entries.begin(), node.entries.end(),
        [](const auto& a, const auto& b) { return a.line < b.line; });
  }

  void List(const toml::array& from, int depth, Node& node) {
    node.kind = Node::Kind::kList;
    for (const auto& value : from) node.items.push_back(Of(value, depth + 1));
  }

  std::vector<Problem>& problems_;
};

// Whether a line has a letter beyond ASCII outside of strings and comments.
// TOML knows none there, and toml++ 3.3 has undefined behaviour looking into
// it.
bool HasOddLetter(std::string_view line) {
  char quote = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != 0) {
      if (c == '\\' && quote == '"') ++i;
      if (c == quote) quote = 0;
    } else if (c == '#') {
      return false;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (static_cast<uint8_t>(c) >= 0x80) {
      return true;
    }
  }
  return false;
}

bool HasControlByte(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  for (const char c : line) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte == 0x7f || (byte < 0x20 && c != '\t')) return true;
  }
  return false;
}

// Refuses what the library is not up to, and strings of many lines, which would
// make the checks above wrong.
bool Readable(std::string_view text, std::vector<Problem>& problems) {
  uint32_t line = 0;
  for (const std::string_view part : Split(text, '\n')) {
    ++line;
    const char* what = nullptr;
    if (HasControlByte(part)) what = "a control byte";
    if (HasOddLetter(part)) what = "a letter that no key may have";
    if (part.find("\"\"\"") != std::string_view::npos ||
        part.find("'''") != std::string_view::npos) {
      what = "a string of many lines";
    }
    if (what != nullptr) problems.push_back({line, what});
  }
  return problems.empty();
}

}  // namespace

Node ParseTree(std::string_view text, std::vector<Problem>& problems) {
  if (text.size() > kFileSizeMax) {
    problems.push_back({0, "the file is larger than a megabyte"});
    return {};
  }
  if (!Readable(text, problems)) return {};
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    problems.push_back(
        {LineOf(error.source()), std::string(error.description())});
    return {};
  }
  return Copy(problems).Of(parsed.table(), 0);
}

}  // namespace vitrine::config
