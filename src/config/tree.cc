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
#include "base/utf8.h"
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

// What toml++ 3.3 is shown of a line: ASCII without control bytes, since it has
// undefined behaviour in its tables of letters. Characters beyond become
// escapes in "strings", and vanish in comments; elsewhere, and in 'strings',
// there is a reason not to take the line.
class Line {
 public:
  explicit Line(std::string_view text) : text_(text) {
    if (text_.ends_with('\r')) text_.remove_suffix(1);
  }

  // Appends it to `out`; nullptr, or what is wrong.
  const char* Show(std::string& out) {
    if (text_.find("\"\"\"") != std::string_view::npos ||
        text_.find("'''") != std::string_view::npos) {
      return "a string of many lines";
    }
    while (at_ < text_.size()) {
      const auto byte = static_cast<uint8_t>(text_[at_]);
      if (byte == 0x7f || (byte < 0x20 && byte != '\t')) {
        return "a control byte";
      }
      if (byte >= 0x80) {
        if (!Escape(out)) return "a letter that may not stand here";
        continue;
      }
      Follow(text_[at_]);
      out += text_[at_++];
      if (escaped_ && at_ < text_.size()) {
        escaped_ = false;
        if (static_cast<uint8_t>(text_[at_]) < 0x80) out += text_[at_++];
      }
    }
    return nullptr;
  }

 private:
  void Follow(char c) {
    if (state_ == 0 && (c == '#' || c == '"' || c == '\'')) {
      state_ = c;
    } else if (state_ == '"' && c == '\\') {
      escaped_ = true;
    } else if (state_ == c && c != '#') {
      state_ = 0;
    }
  }

  bool Escape(std::string& out) {
    const Utf8Character character = DecodeUtf8(text_.substr(at_));
    if (character.size == 0 || (state_ != '"' && state_ != '#')) return false;
    at_ += character.size;
    if (state_ == '#') return true;
    out += "\\U";
    for (int shift = 28; shift >= 0; shift -= 4) {
      out += "0123456789ABCDEF"[(character.code_point >> shift) & 15];
    }
    return true;
  }

  std::string_view text_;
  size_t at_ = 0;
  char state_ = 0;  // The quote or # that we are behind, or 0.
  bool escaped_ = false;
};

std::string Show(std::string_view text, std::vector<Problem>& problems) {
  std::string shown;
  uint32_t line = 0;
  for (const std::string_view part : Split(text, '\n')) {
    ++line;
    const char* wrong = Line(part).Show(shown);
    if (wrong != nullptr) problems.push_back({line, wrong});
    shown += '\n';
  }
  return shown;
}

}  // namespace

Node ParseTree(std::string_view text, std::vector<Problem>& problems) {
  if (text.size() > kFileSizeMax) {
    problems.push_back({0, "the file is larger than a megabyte"});
    return {};
  }
  const std::string shown = Show(text, problems);
  if (!problems.empty()) return {};
  const toml::parse_result parsed = toml::parse(std::string_view(shown));
  if (!parsed) {
    const toml::parse_error& error = parsed.error();
    problems.push_back(
        {LineOf(error.source()), std::string(error.description())});
    return {};
  }
  return Copy(problems).Of(parsed.table(), 0);
}

}  // namespace vitrine::config
