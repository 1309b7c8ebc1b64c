// SPDX-License-Identifier: Apache-2.0
#include "config/tree.h"

#include <algorithm>

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_ENABLE_WINDOWS_COMPAT 0
#include <toml++/toml.h>

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

}  // namespace

Node ParseTree(std::string_view text, std::vector<Problem>& problems) {
  if (text.size() > kFileSizeMax) {
    problems.push_back({0, "the file is larger than a megabyte"});
    return {};
  }
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
