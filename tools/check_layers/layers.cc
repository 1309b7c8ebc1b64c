// SPDX-License-Identifier: Apache-2.0
#include "check_layers/layers.h"

#include "base/text.h"
#include "check_layers/includes.h"

namespace vitrine::house {
namespace {

std::vector<std::string> Words(std::string_view line) {
  std::vector<std::string> words;
  for (const std::string_view word : Split(line, ' ')) {
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

bool IsSource(std::string_view path) {
  return path.ends_with(".cc") || path.ends_with(".h");
}

// A test may look upward, at what is built on the thing that it tests: nothing
// is built on a test.
bool IsTest(std::string_view path) {
  return path.ends_with("_test.cc") || path.starts_with("tests/");
}

// The path under which the layer table knows a file: src/ is left out.
std::string_view InTable(std::string_view path) {
  if (path.starts_with("src/")) return path.substr(4);
  return path.starts_with("apps/") ? path : "";
}

void CheckOurs(const SourceFile& file, const Include& include,
               const LayerTable& layers, Complaints& complaints) {
  const std::string_view path = InTable(file.path);
  if (path.empty() || IsTest(path))
    return;  // Tools, tests and benchmarks stand above all.
  const auto* from = layers.Find(path);
  if (from == nullptr) return;  // Said once a file, by the caller.
  const auto* to = layers.Find(include.path);
  if (to == nullptr) {
    complaints.push_back({file.path, include.line,
                          include.path + " is in no layer; write the path "
                                         "from src/"});
  } else if (to->folder != from->folder && to->level >= from->level) {
    complaints.push_back(
        {file.path, include.line,
         from->folder + " may not include " + to->folder +
             (to->level == from->level ? " (same layer)" : " (above it)")});
  }
}

void CheckTheirs(const SourceFile& file, const Include& include,
                 const ThirdPartyTable& third_party, Complaints& complaints) {
  // Headers of the C++ library have no extension and no folder.
  if (include.path.find_first_of("./") == std::string::npos) return;
  const std::string owner = third_party.OwnerOf(include.path);
  if (owner.empty()) {
    complaints.push_back(
        {file.path, include.line,
         "<" + include.path + "> is not in tools/third_party.txt"});
  } else if (owner == "tests"
                 ? !IsTest(file.path)
                 : owner != "*" && !file.path.starts_with(owner + "/")) {
    complaints.push_back({file.path, include.line,
                          "<" + include.path + "> belongs to " + owner});
  }
}

}  // namespace

Result<LayerTable> LayerTable::Parse(std::string_view text) {
  LayerTable table;
  int level = 0;
  for (const std::string_view line : Split(text, '\n')) {
    if (line.starts_with('#')) continue;
    for (const std::string& folder : Words(line)) {
      const Place place{folder, level};
      if (!table.places_.emplace(folder, place).second) {
        return Error{Code::kInvalid, folder + " stands in two layers"};
      }
    }
    ++level;
  }
  return table;
}

const LayerTable::Place* LayerTable::Find(std::string_view path) const {
  for (size_t slash = path.rfind('/');
       slash != std::string_view::npos && slash > 0;
       slash = path.rfind('/', slash - 1)) {
    const auto found = places_.find(path.substr(0, slash));
    if (found != places_.end()) return &found->second;
  }
  return nullptr;
}

Result<ThirdPartyTable> ThirdPartyTable::Parse(std::string_view text) {
  ThirdPartyTable table;
  for (const std::string_view line : Split(text, '\n')) {
    if (line.starts_with('#')) continue;
    const auto words = Words(line);
    for (size_t i = 1; i < words.size(); ++i) {
      if (!table.owners_.emplace(words[i], words[0]).second) {
        return Error{Code::kInvalid, words[i] + " has two owners"};
      }
    }
  }
  return table;
}

std::string ThirdPartyTable::OwnerOf(std::string_view header) const {
  const auto exact = owners_.find(header);
  if (exact != owners_.end()) return exact->second;
  // The innermost folder that the table names.
  for (size_t slash = header.rfind('/'); slash != header.npos && slash > 0;
       slash = header.rfind('/', slash - 1)) {
    const auto folder = owners_.find(header.substr(0, slash + 1));
    if (folder != owners_.end()) return folder->second;
  }
  return "";
}

Complaints CheckLayers(const Tree& tree, const LayerTable& layers,
                       const ThirdPartyTable& third_party) {
  Complaints complaints;
  for (const SourceFile& file : tree) {
    if (!IsSource(file.path)) continue;
    const std::string_view path = InTable(file.path);
    if (!path.empty() && layers.Find(path) == nullptr) {
      complaints.push_back({file.path, 0, "its folder is in no layer"});
    }
    for (const Include& include : IncludesOf(file.text)) {
      if (include.angled) {
        CheckTheirs(file, include, third_party, complaints);
      } else {
        CheckOurs(file, include, layers, complaints);
      }
    }
  }
  return complaints;
}

}  // namespace vitrine::house
