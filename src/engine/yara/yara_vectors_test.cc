// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "engine/modules/module.h"
#include "engine/yara/test_scan.h"

// YARA's own test suite, recorded with its answers: rules, inputs, the rules
// that held and where their strings were found. It lies outside the tree.
namespace vitrine::engine::yara {
namespace {

namespace json = boost::json;
using std::filesystem::path;

path Folder() { return path(VITRINE_SOURCE_DIR) / "../shared/vectors/yara"; }

std::string Base64(std::string_view text) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const size_t digit = kAlphabet.find(c);
    if (digit == kAlphabet.npos) continue;
    bits = bits << 6 | static_cast<uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<char>(bits >> count));
  }
  return bytes;
}

std::string TextOf(const json::object& object, const char* key) {
  return std::string(object.at(key).as_string());
}

Externals ExternalsOf(const json::object& vector) {
  Externals externals;
  const json::value* given = vector.if_contains("externals");
  if (given == nullptr) return externals;
  for (const auto& [name, entry] : given->as_object()) {
    const json::value& value = entry.at("value");
    External& external = externals[std::string(name)];
    if (value.is_bool()) external = value.as_bool();
    if (value.is_int64()) external = value.as_int64();
    if (value.is_double()) external = value.as_double();
    if (value.is_string()) external = std::string(value.as_string());
  }
  return externals;
}

// "" or what is wrong.
std::string Check(const json::object& vector) {
  CompileOptions options;
  options.externals = ExternalsOf(vector);
  const json::value* files = vector.if_contains("files");
  options.include = [files](
                        std::string_view name,
                        std::string_view from) -> std::optional<std::string> {
    if (files == nullptr) return std::nullopt;
    const path sibling = (path(from).parent_path() / name).lexically_normal();
    for (const auto& [file, text] : files->as_object()) {
      if (std::string_view(file) == name || file == sibling.string()) {
        return std::string(text.as_string());
      }
    }
    return std::nullopt;
  };
  const ir::Program program = CompileForTest(TextOf(vector, "rule"), options);
  const json::object& compile = vector.at("compile").as_object();
  std::string said;
  for (const auto& d : program.diagnostics) {
    said += "\n    " + std::string(d.severity == Severity::kError ? "E" : "W") +
            " " + d.code + ": " + d.message;
  }
  const bool accepted = CountOf(program, Severity::kError) == 0;
  if (accepted != compile.at("ok").as_bool()) {
    return (accepted ? "accepted" : "rejected") + said;
  }
  if (!accepted) return "";
  const auto warnings = static_cast<size_t>(compile.at("warnings").as_int64());
  const json::value* strict = vector.if_contains("strict_escape");
  if (strict == nullptr && CountOf(program, Severity::kWarning) != warnings) {
    return "warnings, not " + std::to_string(warnings) + said;
  }
  if (TextOf(vector, "kind") != "scan") return "";

  const std::string input = Base64(TextOf(vector, "input_b64"));
  const TestScan scan = ScanForTest(program, AsBytes(input), options.externals);
  if (!scan.errors.empty()) return "error: " + scan.errors[0];
  if (!scan.unsound.empty()) return "unsound gate: " + scan.unsound[0];
  const json::object& expect = vector.at("expect").as_object();
  std::multiset<std::string> rules;
  for (const json::value& rule : expect.at("rules").as_array()) {
    rules.insert(std::string(rule.as_string()));
  }
  std::string got;
  for (const std::string& rule : scan.rules) got += " " + rule;
  if (rules !=
      std::multiset<std::string>(scan.rules.begin(), scan.rules.end())) {
    return "held:" + got + said;
  }
  std::vector<TestMatch> wanted;
  for (const json::value& string : expect.at("strings").as_array()) {
    if (string.at("private").as_bool()) continue;
    for (const json::value& match : string.at("matches").as_array()) {
      const json::array& m = match.as_array();
      wanted.push_back({std::string(string.at("id").as_string()),
                        m[0].to_number<uint64_t>(),
                        m[1].to_number<uint64_t>()});
    }
  }
  std::vector<TestMatch> found = scan.strings;
  std::sort(wanted.begin(), wanted.end());
  std::sort(found.begin(), found.end());
  if (wanted == found) return "";
  std::string text = "strings:";
  for (const TestMatch& m : found) {
    text += " " + m.id + "@" + std::to_string(m.offset) + "+" +
            std::to_string(m.length);
    if (text.size() > 200) break;
  }
  text += " wanted:";
  for (const TestMatch& m : wanted) {
    text += " " + m.id + "@" + std::to_string(m.offset) + "+" +
            std::to_string(m.length);
    if (text.size() > 400) break;
  }
  return text;
}

// Modules of YARA's that we do not have: its own test module, for one.
bool LacksModule(const std::string& rule) {
  size_t at = 0;
  while ((at = rule.find("import \"", at)) != rule.npos) {
    at += 8;
    const std::string name = rule.substr(at, rule.find('"', at) - at);
    if (name.empty() || name.find('\\') != name.npos) continue;
    if (modules::FindModule(name) == nullptr) return true;
  }
  return false;
}

class YaraVectors : public testing::TestWithParam<const char*> {};

TEST_P(YaraVectors, AgreeWithYara) {
  std::ifstream file(Folder() / GetParam());
  if (!file) GTEST_SKIP() << "no vectors beside the tree: " << Folder();
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const json::value suite = json::parse(text);
  size_t passed = 0;
  size_t skipped = 0;
  for (const json::value& value : suite.at("vectors").as_array()) {
    const json::object& vector = value.as_object();
    const bool has_input =
        TextOf(vector, "kind") != "scan" || vector.contains("input_b64");
    const auto verified =
        vector.at("verified").as_object().at("yara-4.5.8").as_string();
    if (!has_input || LacksModule(TextOf(vector, "rule")) ||
        (verified != "pass" && verified != "skipped")) {
      ++skipped;
      continue;
    }
    const std::string wrong = Check(vector);
    if (wrong.empty()) ++passed;
    EXPECT_EQ(wrong, "") << TextOf(vector, "id") << ": "
                         << TextOf(vector, "rule");
  }
  std::cout << GetParam() << ": " << passed << " passed, " << skipped
            << " skipped\n";
}

INSTANTIATE_TEST_SUITE_P(All, YaraVectors,
                         testing::Values("rules.json", "math.json",
                                         "string.json", "dex.json",
                                         "dotnet.json", "elf.json",
                                         "macho.json", "magic.json",
                                         "pe.json"));

}  // namespace
}  // namespace vitrine::engine::yara
