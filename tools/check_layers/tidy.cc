// SPDX-License-Identifier: Apache-2.0
#include "check_layers/tidy.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "check_layers/functions.h"
#include "check_layers/includes.h"

namespace vitrine::house {
namespace {

bool EndsWithAny(std::string_view text,
                 std::initializer_list<std::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(),
                     [&](auto end) { return text.ends_with(end); });
}

bool IsCpp(std::string_view path) { return EndsWithAny(path, {".cc", ".h"}); }

// Inputs of fuzzers and tests are bytes, not sources.
bool IsCorpus(std::string_view path) {
  return path.starts_with("fuzz/corpus/") || path.starts_with("tests/corpus/");
}

bool NeedsLicence(std::string_view path) {
  return !IsCorpus(path) &&
         (IsCpp(path) ||
          EndsWithAny(path, {".S", ".cmake", ".sh", ".py", ".yar",
                             "CMakeLists.txt", "Makefile", ".ci/run"}));
}

void CheckLicence(const SourceFile& file, Complaints& complaints) {
  if (!NeedsLicence(file.path)) return;
  // The first line, or the second after #!.
  std::string_view head = file.text;
  if (head.starts_with("#!")) head.remove_prefix(head.find('\n') + 1);
  head = head.substr(0, head.find('\n'));
  if (head.find("SPDX-License-Identifier: Apache-2.0") == head.npos) {
    complaints.push_back({file.path, 1, "no SPDX licence line"});
  }
}

void CheckLengths(const SourceFile& file, const std::string& blanked,
                  Complaints& complaints) {
  if (file.path.ends_with("_table.cc")) return;
  const auto lines =
      static_cast<int>(std::count(file.text.begin(), file.text.end(), '\n'));
  const bool is_main = file.path.ends_with("/main.cc");
  const int most = is_main ? kMainLinesMax : kFileLinesMax;
  if (lines > most) {
    complaints.push_back(
        {file.path, lines, "longer than " + std::to_string(most) + " lines"});
  }
  if (file.path.ends_with("_test.cc")) return;
  for (const Function& function : FunctionsOf(blanked)) {
    if (function.lines <= kFunctionLinesMax) continue;
    complaints.push_back({file.path, function.line,
                          function.name + " has " +
                              std::to_string(function.lines) +
                              " lines, more "
                              "than " +
                              std::to_string(kFunctionLinesMax)});
  }
}

bool IsWordByte(char c) { return IsAlnum(static_cast<uint8_t>(c)) || c == '_'; }

// Whether the word at `at` is called as a free function.
bool IsCall(std::string_view text, size_t at, size_t size) {
  if (at > 0) {
    const char before = text[at - 1];
    const bool member = before == '.' || text.substr(0, at).ends_with("->");
    if (IsWordByte(before) || member) return false;
    if (before == ':' && !text.substr(0, at).ends_with("std::")) return false;
  }
  size_t end = at + size;
  while (end < text.size() && text[end] == ' ') ++end;
  return end < text.size() && text[end] == '(';
}

void CheckCalls(const SourceFile& file, std::string_view blanked,
                Complaints& complaints) {
  for (const std::string_view name :
       {"strcpy", "strcat", "sprintf", "vsprintf", "system", "popen", "gets",
        "rand", "strtok", "tmpnam", "mktemp"}) {
    for (size_t at = blanked.find(name); at != blanked.npos;
         at = blanked.find(name, at + 1)) {
      if (!IsCall(blanked, at, name.size())) continue;
      // Tests run other programs to compare with them.
      if (file.path.ends_with("_test.cc") && name == "system") break;
      const auto line = static_cast<int>(
          std::count(blanked.begin(), blanked.begin() + static_cast<long>(at),
                     '\n') +
          1);
      complaints.push_back(
          {file.path, line, std::string(name) + "() is banned"});
    }
  }
}

// Put together here, so that this file does not hold them.
std::string Joined(std::string_view a, std::string_view b) {
  return std::string(a) + std::string(b);
}

void CheckContent(const SourceFile& file, Complaints& complaints) {
  const struct {
    std::string text;
    const char* message;
  } forbidden[] = {
      {Joined("/wo", "rk/main"), "a path of somebody's machine"},
      {Joined("/wo", "rk/shared"), "a path of somebody's machine"},
      {Joined("/tmp", "/b/"), "a path of somebody's machine"},
      {Joined("/tmp", "/team"), "a path of somebody's machine"},
      {Joined("/Use", "rs/"), "a path of somebody's machine"},
      {Joined("EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE"),
       "the EICAR file lies bare; assemble it at run time"},
  };
  for (const auto& entry : forbidden) {
    const size_t at = file.text.find(entry.text);
    if (at == std::string::npos) continue;
    const auto line = static_cast<int>(
        std::count(file.text.begin(), file.text.begin() + static_cast<long>(at),
                   '\n') +
        1);
    complaints.push_back({file.path, line, entry.message});
  }
}

}  // namespace

Complaints CheckTidy(const Tree& tree) {
  Complaints complaints;
  if (tree.empty()) complaints.push_back({"", 0, "no files to look at"});
  for (const SourceFile& file : tree) {
    CheckLicence(file, complaints);
    CheckContent(file, complaints);
    if (!IsCpp(file.path)) continue;
    const std::string blanked = WithoutLiterals(file.text);
    CheckLengths(file, blanked, complaints);
    CheckCalls(file, blanked, complaints);
  }
  return complaints;
}

}  // namespace vitrine::house
